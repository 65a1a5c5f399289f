import type { ChildProcess } from "node:child_process";

/**
 * What Node itself holds of what `ulimit -d` counts, and then some: half a gigabyte of address space for compiled code on
 * x64, and the stacks of its threads.
 */
const NODE_MIB = 768;

/**
 * Ends the whole group when nobody holds the other end of descriptor 3 any more. It is a process of its own: one that
 * computes without end sees no pipe close.
 */
const WATCH = "(read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec 3<&-";

/** The program and the words that start this with bounds on what it takes, so that it ends when {@link letGo} or our end comes. */
export function kept(words: readonly string[], memoryMiB: number): readonly string[] {
  // A dump of its memory would be a file. macOS counts only what no program uses today for its data.
  const bounds =
    process.platform === "linux" ? `ulimit -c 0; ulimit -d ${(memoryMiB + NODE_MIB) * 1024};` : "ulimit -c 0;";
  return ["/bin/sh", "-c", `${WATCH}; { ${bounds} } 2>/dev/null; exec "$@"`, "sh", ...words];
}

/** Lets go of a process that was started so, and has four streams, once it has ended: with it goes what it left behind. */
export function letGo(child: ChildProcess): void {
  const held = child.stdio[3];
  held?.on("error", () => undefined);
  child.once("exit", () => held?.destroy());
}

/**
 * In namespaces of its own: covers /run, makes read-only whatever can be made so, and drops the privileges by which that
 * could be undone, where there is a program that does. The flags that a mount has can't be taken from it.
 */
export const CONFINE = `mount -t tmpfs none /run || exit 1
while read -r _ folder type options _; do
  case "$type,$options," in autofs,*|*,ro,*) continue;; esac
  flags=remount,bind,ro
  for flag in nosuid nodev noexec noatime nodiratime; do
    case ",$options," in *,$flag,*) flags=$flags,$flag;; esac
  done
  mount -o $flags "$(printf %b "$folder")" 2>/dev/null
done </proc/self/mounts
drop="setpriv --no-new-privs --bounding-set=-all --inh-caps=-all"
$drop true 2>/dev/null || drop=
exec $drop "$@"`;
