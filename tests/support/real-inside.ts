import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestProject, type Ran } from "./project.ts";

/**
 * A project whose machines are the simulator's, but what is run in them is run by this computer's own shell, as root, in
 * a mount namespace where a folder of the project lies at /srv, another at /run: real programs, a real disk, real kills.
 */
export class RealInside extends TestProject {
  /** What the machines have at /srv. */
  readonly srv = join(this.folder, "srv of the machine");

  constructor() {
    super();
    mkdirSync(this.srv);
    mkdirSync(join(this.folder, "run of the machine"));
    const simulator = readFileSync(join(this.bin, "orbctl"), "utf8").replace(/^#!.*\n/, "");
    this.script("orbctl", `here="${this.folder}"\n${GUEST}\nif [ "$1" != run ]; then\n${simulator}\nfi\n${RUN}`);
    this.script("sim", simulator);
  }

  /** An outside hand stops the machine once so many bytes have gone into it, or come out of it. */
  stopsAfter(bytes: number, way: "in" | "out"): void {
    writeFileSync(join(this.folder, `stop-${way}`), String(bytes));
  }

  /** Runs `orbform ARGS` while the machine's disk has no more room than that; what is left there then, as `ls` says it. */
  async onFullDisk(size: string, args: readonly string[]): Promise<{ readonly ran: Ran; readonly left: string }> {
    const left = join(this.folder, "left");
    const before = `cp -a "${this.srv}/." "${this.folder}/kept"; mount -t tmpfs -o size=${size} none "${this.srv}" && cp -a "${this.folder}/kept/." "${this.srv}" || exit 99`;
    const after = `cd "${this.srv}"; { find . -mindepth 1 | sort; cat f; } >"${left}"; exit $s`;
    const ran = await this.orbUnder(`${before}; "$@"; s=$?; ${after}`, args);
    return { ran, left: readFileSync(left, "utf8") };
  }
}

/** What a command inside runs in, and how the machine is stopped under the one that runs as a group of its own. */
const GUEST = `enter='mount --bind "$0" /srv && mount --bind "$run" /run && cd / && exec "$@"'
export run="$here/run of the machine"
srv="$here/srv of the machine"
stopped() { "$here/bin/sim" stop -f web; kill -s KILL -- -$1; wait $1; exit 137; }`;

/** `run -m ID [-u USER] -w DIR COMMAND…`: held up where the machine is to be stopped half way. */
const RUN = `printf '%s\\n' run >>"$here/calls.log"
shift
while [ $# -gt 0 ]; do case $1 in -m | -u | -w) shift 2 ;; *) break ;; esac; done
set -- unshare --mount sh -c "$enter" "$srv" "$@"
half="$here/half.$$" pipe="$here/pipe.$$"
if [ -e "$here/stop-in" ]; then
  bytes=$(cat "$here/stop-in")
  head -c "$bytes" >"$half"
  [ "$(wc -c <"$half")" -eq "$bytes" ] || exec "$@" <"$half"
  rm "$here/stop-in"
  mkfifo "$pipe"
  setsid "$@" <"$pipe" &
  exec 3>"$pipe"
  cat "$half" >&3
  stopped $!
elif [ -e "$here/stop-out" ]; then
  bytes=$(cat "$here/stop-out")
  mkfifo "$pipe"
  setsid "$@" >"$pipe" &
  head -c "$bytes" <"$pipe" >"$half"
  cat "$half"
  [ "$(wc -c <"$half")" -eq "$bytes" ] || { wait $!; exit; }
  rm "$here/stop-out"
  stopped $!
fi
exec "$@"`;
