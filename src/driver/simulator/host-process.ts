import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process of this computer started, as a number that tells it from a later one with the same pid: clock ticks of
 * Linux' `/proc/PID/stat`, elsewhere seconds as `ps` tells them. `undefined` where there is none.
 */
export function startOf(pid: number): number | undefined {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in parentheses, in which anything may stand.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : Number(fields[19]);
  } catch {
    // There is no such process.
    return undefined;
  }
}

function fromPs(pid: number): number | undefined {
  try {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { env, encoding: "utf8" });
    return Math.floor(Date.parse(`${text.trim()} UTC`) / 1000);
  } catch {
    // There is no such process.
    return undefined;
  }
}
