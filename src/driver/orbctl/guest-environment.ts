import { OrbformError } from "../../model/errors.ts";
import { command as checked } from "./guard.ts";

/** Variables that the client itself lives by: changed around it, it would look for OrbStack elsewhere (rule 10). */
const CLIENT_OWN = /^(?:HOME|PATH|USER|SHELL|TMPDIR|ORBENV|LD_.*|DYLD_.*|GO.*)$/;

/** What such a variable is called on its way. */
const PREFIX = "ORBFORM_ENV_";

/** How a command gets its environment. */
export interface GuestCommand {
  /** For the client; `ORBENV` names what it copies inside (contract 4.2). */
  readonly env: { readonly [name: string]: string };
  readonly command: readonly string[];
}

/**
 * Gives a command inside a machine its environment. Variables that would disturb the client travel under another name
 * and get their own inside, by a shell: a value never stands in an argument list, where everybody can read it.
 * Errors: `ORB_PROPERTY_INVALID` for a name that is no variable's.
 */
export function guestEnvironment(
  variables: { readonly [name: string]: string },
  command: readonly string[],
): GuestCommand {
  const entries = Object.entries(variables);
  for (const [name] of entries) expectName(name);
  const disguised = entries.map(([name]) => name).filter((name) => CLIENT_OWN.test(name));
  const copied = entries.map(([name, value]) => [CLIENT_OWN.test(name) ? `${PREFIX}${name}` : name, value] as const);
  const names = copied.map(([name]) => name);
  return {
    env: names.length === 0 ? {} : { ...Object.fromEntries(copied), ORBENV: names.join(":") },
    command: disguised.length === 0 ? command : ["sh", "-c", undisguise(disguised), "sh", ...checked(command)],
  };
}

function undisguise(names: readonly string[]): string {
  const lines = names.map((name) => `export ${name}="$${PREFIX}${name}"; unset ${PREFIX}${name}`);
  return `${lines.join("; ")}; exec "$@"`;
}

function expectName(name: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
  throw new OrbformError("ORB_PROPERTY_INVALID", {
    summary: "A variable's name is invalid",
    detail: `${JSON.stringify(name)} can't be the name of an environment variable. Nothing was run.`,
    hint: "Use letters, digits and underscores, not beginning with a digit.",
  });
}
