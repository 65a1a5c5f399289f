import type { ProjectFlags, Voice } from "./base-command.ts";
import type { Knowing } from "./context-knowing.ts";

/** Which machines a command is about. */
export interface KnowingAsked {
  readonly stack: string | undefined;
  /** Machines outside of the stack too. */
  readonly all: boolean;
  readonly flags: ProjectFlags;
}

/** Opens the machines, hands them to `work`, and closes them whatever happens. */
export async function withKnowing<T>(
  { tell, console, watch }: Voice,
  { stack, all, flags }: KnowingAsked,
  work: (knowing: Knowing) => Promise<T>,
): Promise<T> {
  const { env, driver } = flags;
  const which = { ...(stack && { stack }), ...(env && { env }), ...(driver && { driver }) };
  tell.about(which);
  const { openKnowing } = await import("./context-knowing.ts");
  const { cwd, env: processEnv } = console;
  const driving = (drives: string): void => tell.about({ ...which, drives });
  const knowing = await openKnowing({ ...which, all, cwd, vars: {}, varFiles: [], processEnv, watch, driving });
  try {
    return await work(knowing);
  } finally {
    await knowing.close();
  }
}
