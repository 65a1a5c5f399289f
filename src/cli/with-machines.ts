import type { ProjectFlags, Voice } from "./base-command.ts";
import type { Machines } from "./context-machines.ts";

/** Which machines a command is about. */
export interface MachinesAsked {
  readonly stack: string | undefined;
  /** Machines outside of the stack too. */
  readonly all: boolean;
  readonly flags: ProjectFlags;
}

/** Opens the machines, hands them to `work`, and closes them whatever happens. */
export async function withMachines<T>(
  { tell, console }: Voice,
  { stack, all, flags }: MachinesAsked,
  work: (machines: Machines) => Promise<T>,
): Promise<T> {
  const { env, driver } = flags;
  const which = { ...(stack && { stack }), ...(env && { env }), ...(driver && { driver }) };
  tell.about(which);
  const { openMachines } = await import("./context-machines.ts");
  const { cwd, env: processEnv } = console;
  const machines = await openMachines({ ...which, all, cwd, vars: {}, varFiles: [], processEnv });
  try {
    return await work(machines);
  } finally {
    await machines.close();
  }
}
