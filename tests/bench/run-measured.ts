import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one run of a program cost, with all it started. */
export interface Cost {
  readonly ms: number;
  /** User and system. */
  readonly cpuMs: number;
  /** The greatest process of it; absent where the operating system doesn't tell (Linux does). */
  readonly peakMiB?: number;
  /** What it wrote to files, by whole pages; absent where the operating system doesn't tell. */
  readonly writtenBytes?: number;
}

/** How a program is run. */
interface RunOptions {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

/** bash tells processor time to the millisecond, and the kernel adds what children wrote to whoever waited for them. */
const WATCH = `TIMEFORMAT='time %R %U %S'; time "$@" >/dev/null; code=$?
[ -r /proc/$$/io ] && cat /proc/$$/io; exit $code`;

const LOOK_EVERY_MS = 5;

/** Runs a program to its end and measures it. Rejects where it fails. */
export async function runMeasured(argv: readonly string[], options: RunOptions): Promise<Cost> {
  const child = spawn("bash", ["-c", WATCH, "bash", ...argv], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let peakKiB = 0;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const looking = setInterval(() => (peakKiB = Math.max(peakKiB, greatest(child.pid ?? 0))), LOOK_EVERY_MS);
  const code = await new Promise((resolve) => void child.once("close", resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`${argv.join(" ")} exited ${String(code)}: ${text.slice(-2000)}`);
  const [, real = 0, user = 0, system = 0] = (/^time (\S+) (\S+) (\S+)$/m.exec(text) ?? []).map(Number);
  const written = /^write_bytes: (\d+)$/m.exec(text)?.[1];
  return {
    ms: real * 1000,
    cpuMs: (user + system) * 1000,
    ...(peakKiB > 0 && { peakMiB: peakKiB / 1024 }),
    ...(written !== undefined && { writtenBytes: Number(written) }),
  };
}

/** Peak memory in KiB of the greatest process below this one; 0 where it can't be told. */
function greatest(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    return Math.max(0, ...children.map((each) => Math.max(peakOf(each), greatest(each))));
  } catch {
    // No such file system, or gone between two looks.
    return 0;
  }
}

function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}
