import type { Diagnostic } from "../model/diagnostic.ts";

/** What the user said beside the command itself, and has to say again in the next one. */
export interface Said {
  readonly stack?: string | undefined;
  /** The plan file that was named in place of a stack: it is what an apply goes on with. */
  readonly planFile?: string | undefined;
  readonly env?: string;
  readonly driver?: string;
  /** What is really driven, once that is chosen: a project's configuration or a variable can say it too. */
  readonly drives?: string;
}

/** Commands whose first argument is the stack; others take `--stack`. */
const STACK_FIRST =
  /^orb (?:plan|apply|destroy|show|validate|drift|outputs|inventory|history|state list|state rehost)\b/;

/** Commands that are nothing without an argument: where none stands, it is only their name that is told. */
const NAME_ALONE =
  /^orb (?:adopt|probe (?:ping|tcp|http|dns|logs|ssh)|state (?:show|mv|rm|mark|restore|unlock)|backup \w+)$/;

/**
 * One of our commands in a hint: in quotes, after a colon or another command, up to a remark in parentheses, the end of the clause or the
 * end of the quotes. `orb on` and `orb copy` are not here: no flag of ours may follow somebody else's command.
 */
const COMMAND =
  /(?<=[`"]|: |&& )orb (?:plan|apply|destroy|show|validate|drift|outputs|inventory|probe|adopt|history|state|backup)\b[^`"(;,]*?(?=[`";,]| \(|\. |\.?$)/g;

/** A diagnostic whose hint can be typed as it stands: with the stack, environment and driver this call was given. */
export function completed(diagnostic: Diagnostic, said: Said): Diagnostic {
  const { hint } = diagnostic;
  if (hint === undefined) return diagnostic;
  return {
    ...diagnostic,
    hint: simulated(hint, said).replaceAll(COMMAND, (command) => typed(command, said)),
  };
}

/** What is said of OrbStack's program holds for the simulator's; the world is the one that `--driver simulator` works in. */
function simulated(hint: string, { driver, drives = driver }: Said): string {
  if (drives !== "simulator") return hint;
  return hint.replaceAll(
    /\borbctl (?=[a-z])/g,
    "ORBCTL_SIM_WORLD=${ORBCTL_SIM_WORLD:-.orbform/simulator} npx orbctl-sim ",
  );
}

/**
 * One command as it can be typed: with the stack, environment and driver this call was given. One that names a stack
 * itself is about that one, in the environment it names. A plan file says all of it itself.
 */
export function typed(command: string, said: Said): string {
  if (NAME_ALONE.test(command)) return command;
  const [, flags] = /^orb apply((?: --(?:yes|refresh-only|recreate-all))*)\s*$/.exec(command) ?? [];
  // The file says itself what to do, and asks nobody.
  if (said.planFile !== undefined && flags !== undefined)
    return ["orb apply", shellWord(said.planFile), flags.includes("recreate-all") ? "--recreate-all" : ""]
      .join(" ")
      .trimEnd();
  const { stack: _stack, env: _env, ...elsewhere } = said;
  const beside = / --stack /.test(command) ? elsewhere : said;
  return [command.trimEnd(), ...words(command, beside)].join(" ");
}

function words(command: string, { stack, env, driver }: Said): readonly string[] {
  const has = (flag: string): boolean => new RegExp(` ${flag}[ =]`).test(command);
  return [
    ...(stack === undefined ? [] : [STACK_FIRST.test(command) ? shellWord(stack) : `--stack ${shellWord(stack)}`]),
    ...(env === undefined || has("--env") ? [] : [`--env ${shellWord(env)}`]),
    ...(driver === undefined || has("--driver") ? [] : [`--driver ${shellWord(driver)}`]),
  ];
}

/** A word as a shell takes it for one. */
export function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
