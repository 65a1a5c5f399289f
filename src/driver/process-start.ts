/** Tells a process from a later one with the same pid. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/**
 * When a process started, in the words of the operating system: Linux' clock ticks since boot (field 22 of
 * `/proc/PID/stat`), elsewhere `ps -o lstart=`. `undefined` where there is no such process, or only its remains that
 * nobody has waited for. Rejects where it cannot be told.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const fromProc = await readStat(pid);
  return fromProc === undefined ? askPs(pid) : fromProc.start;
}

/** Whether there is any process with this pid, of whatever user, running or not yet waited for. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** `undefined`: there is no /proc here, or this process is hidden in it. */
async function readStat(pid: number): Promise<{ readonly start: string | undefined } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const gone = fields[0] === "Z" || fields[0] === "X";
  return { start: gone ? undefined : fields[19] };
}

function askPs(pid: number): Promise<string | undefined> {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  return new Promise((resolve, reject) => {
    execFile("ps", ["-o", "stat=", "-o", "lstart=", "-p", String(pid)], { env }, (error, stdout) => {
      const [stat = "", ...start] = stdout.trim().split(/\s+/);
      if (error && (typeof error.code !== "number" || processExists(pid))) reject(error);
      else resolve(stat === "" || stat.startsWith("Z") ? undefined : start.join(" "));
    });
  });
}
