import type { GuestCall, GuestResult } from "./guest.ts";

/** Runs what touches no file and reads no input; `undefined` for everything else. */
export function quickProgram({ argv }: GuestCall): GuestResult | undefined {
  const [program, ...args] = argv;
  if (program === "true" || program === "/bin/true" || program === "/usr/bin/true") return exit(0);
  if (program === "false" || program === "/bin/false") return exit(1);
  if (program === "echo" && !args[0]?.startsWith("-"))
    return { stdout: `${args.join(" ")}\n`, stderr: "", exitCode: 0 };
  return undefined;
}

function exit(exitCode: number): GuestResult {
  return { stdout: "", stderr: "", exitCode };
}
