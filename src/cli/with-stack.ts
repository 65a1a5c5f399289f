import type { Diagnostic } from "../model/diagnostic.ts";
import type { CommandFacts } from "../report/help-text.ts";

/** Where one of several stacks has to be named: says it of the command that was typed, in place of one that needs no words. */
export function withStack(diagnostic: Diagnostic, { id, command, rest }: TypedCommand): Diagnostic {
  const [, stack] =
    diagnostic.code === "ORB_STACK_AMBIGUOUS" ? (/--stack (\S+)/.exec(diagnostic.hint ?? "") ?? []) : [];
  const named = stack && takes(command, stack);
  // What a shell or the end of a hint would read otherwise is left out with all that it stands among.
  if (named === undefined || rest.some((word) => !/^[\w/:@=+.-]*[\w/-]$/.test(word))) return diagnostic;
  return { ...diagnostic, hint: `Name one of them: ${["orb", id, named, ...rest].join(" ")}` };
}

/** A command as it was typed, and what it takes. */
export interface TypedCommand {
  readonly id: string;
  /** All that followed. */
  readonly rest: readonly string[];
  readonly command: Pick<CommandFacts, "args" | "flags">;
}

/** A stack as a command takes it. */
function takes({ args = {}, flags = {} }: TypedCommand["command"], stack: string): string | undefined {
  if ("stack" in flags) return `--stack ${stack}`;
  return "stack" in args ? stack : undefined;
}
