import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import { programExec } from "../../src/driver/orbctl/exec.ts";
import type { Driver } from "../../src/driver/driver.ts";
import { machineId } from "../../src/model/machine.ts";
import type { Reached } from "../../src/guest/run.ts";

/** Shell code around the command of each run, in place of `exec "$@"`. */
const PLAIN = 'exec env -i PATH="$PATH" "$@"';

/**
 * A strict orbctl of one command, `run -m ID -u USER -w / COMMAND…`, which it runs on this computer with an environment
 * of nothing but what ORBENV names. Anything else ends the test.
 */
const script = (around: string): string => `#!/bin/sh
here=\${0%/*}
{ for each in "$@"; do printf '%s\\037' "$each"; done; printf '\\n'; } >>"$here/calls"
[ "$1 $2" = "run -m" ] || { echo "strict: $*" >&2; exit 64; }
machine=$3; shift 3
[ "$1" = -u ] && { user=$2; shift 2; }
[ "$1 $2" = "-w /" ] || { echo "strict: $*" >&2; exit 64; }
shift 2
case $machine in gone*) echo "[-32098] machine not found: '$machine'" >&2; exit 1;; esac
cd /
IFS=:; for name in $ORBENV; do eval "set -- \\"$name=\\$$name\\" \\"\\$@\\""; done
[ -z "$ORBENV" ] || set -- env "$@"
unset ORBENV IFS
echo $$ >"$here/pid.$machine"
${around}
`;

/** The strict orbctl in a folder of its own, and a folder that plays the inside of its machines. */
export interface HostOrbctl {
  readonly folder: string;
  /** The inside. */
  readonly inside: string;
  readonly driver: Driver;
  readonly machine: (name?: string) => Reached;
  /** Every argument list so far, words parted by line ends. */
  readonly calls: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

/** Makes it. `around` is shell code that ends in running `"$@"`. */
export async function hostOrbctl(around = PLAIN): Promise<HostOrbctl> {
  const folder = await mkdtemp(path.join(tmpdir(), "host orbctl-"));
  const program = path.join(folder, "orbctl");
  const inside = path.join(folder, "in side");
  await mkdir(inside);
  await writeFile(program, script(around));
  await chmod(program, 0o755);
  const exec = programExec({ program, scratch: path.join(folder, "scratch"), home: folder });
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve(), random: () => 0 };
  const driver = orbctlDriver({ exec, clock, world: { driver: "orbctl", host: "host" }, home: folder });
  return {
    folder,
    inside,
    driver,
    machine: (name = "web") => ({ driver, id: machineId(name), name }),
    calls: async () => {
      const text = await readFile(path.join(folder, "calls"), "utf8").catch(() => "");
      return text.split("\u001f\n").map((each) => each.replaceAll("\u001f", "\n"));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
