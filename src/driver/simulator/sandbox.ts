import type { GuestCall, GuestResult } from "./guest.ts";
import type { Host } from "./host.ts";

export async function runInSandbox(_host: Host, call: GuestCall): Promise<GuestResult> {
  return { stdout: "", stderr: `${call.argv[0] ?? "sh"}: command not found\n`, exitCode: 127 };
}
