/** One switched-on fault or behaviour: `name[:glob][=value]`. */
export interface Fault {
  readonly name: string;
  /** Which machine names it is for; `*` stands for any text. `null`: all. */
  readonly glob: string | null;
  readonly value: string | null;
}

/** Every fault and behaviour switch there is, with what it does. Shown by `orbctl-sim sim fault list --all`. */
export const FAULTS: { readonly [name: string]: string } = {
  "create-hang": "create makes the machine and never returns",
  "create-missing-ip": "create fails after 30 s with a missing IP address; the machine is removed",
  "boot-missing-ip": "start fails with a missing IP address; the machine is stopped again",
  "create-crash": "create fails: the machine crashed on startup",
  "create-download": "create fails: the image's metadata answer 404",
  "create-index": "create fails: the image index can't be reached",
  "create-cloud-init": "cloud-init in the machine ends with this status: error, degraded or running",
  "image-not-found": "create finds no image; the glob is for the distro",
  "provisioning-hang": "a created machine stays in provisioning",
  "stop-hang": "a machine that is stopped stays in stopping; stop, start, delete and run of it hang",
  transition: "start, stop and delete answer that the machine can't change its state now; value: how often",
  "list-fail": "list fails; value: how often",
  "list-null": "list -f json prints null",
  "list-half": "list -f json prints half of its text",
  "list-empty": "list prints nothing at all",
  "list-duplicate": "list -f json prints its first record twice",
  "any-fail": "every command fails with a lost connection; value: how often",
  "service-stopped": "OrbStack is stopped and can't be started",
  "service-starting": "status prints Starting; other commands work",
  "stopped-fails": "commands fail while the service is stopped, where they would start it",
  banner: "the update box stands around every command's output, on stderr (or on `stdout`, or on `both`)",
  "clone-slow": "a clone takes this many seconds longer; others from the same source wait",
  "clone-fails": "clone fails: no space left on device",
  "disk-quota": "delete and rename fail while the machine's disk_bytes is not 0",
  "provisioning-survives": "a service restart keeps machines that are being set up",
  "missing-keys": "JSON as that version printed it; without a version, without everything that clients don't need",
  "extra-keys": "JSON has keys that no client knows",
  "mounts-in-json": "JSON config shows mounts",
  "rename-drops-config": "rename resets the machine's settings",
  "rename-drops-default": "a renamed machine is not the default any more",
  "config-left-behind": "settings of a deleted name come back with the next machine of that name",
  "strict-power": "stopping a stopped and starting a running machine are errors",
  "delete-assumes-yes": "delete without -f and without a terminal deletes",
  "default-unset": "what bare `default` prints when none is set",
  "no-clamp": "limits above the global ones are kept as given",
  "missing-program": "exit code of run for a missing program; default 127",
  "dashes-refused": "run refuses `--` before the command",
  "hint-stream": "stream of the restart hint of config set: stdout (default) or stderr",
  "guest-outlives-client":
    "a command inside goes on when its client is killed; else it is killed with it (orbctl-sim only)",
  "no-network": "programs inside machines reach nothing",
};

/** The switched-on faults; counted ones (`list-fail=2`) wear off. */
export class Faults {
  readonly #list: readonly Fault[];
  readonly #used: { [spec: string]: number };

  /** `used` is kept by the world, so that a count holds over many processes. */
  constructor(list: readonly Fault[], used: { [spec: string]: number }) {
    this.#list = list;
    this.#used = used;
  }

  /** The fault, if it is on for this machine name (or in general, without one). */
  on(name: string, subject?: string): Fault | undefined {
    return this.#list.find(
      (each) => each.name === name && matches(each.glob, subject) && (!isCounted(each) || this.#left(each) > 0),
    );
  }

  /** Whether the fault strikes now; a counted one is used up by that. */
  strikes(name: string, subject?: string): boolean {
    const fault = this.on(name, subject);
    if (fault && isCounted(fault)) this.#used[specOf(fault)] = (this.#used[specOf(fault)] ?? 0) + 1;
    return fault !== undefined;
  }

  /** The value of a switched-on fault; `undefined` where it is off. */
  value(name: string, subject?: string): string | null | undefined {
    return this.on(name, subject)?.value;
  }

  #left(fault: Fault): number {
    return Number(fault.value) - (this.#used[specOf(fault)] ?? 0);
  }
}

/** Reads a comma list of fault specifications. Throws an Error for a name that is none. */
export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map(parseFault);
}

function parseFault(spec: string): Fault {
  const [, name = "", glob, value] = /^([a-z-]+)(?::([^=]*))?(?:=(.*))?$/s.exec(spec) ?? [];
  if (!Object.hasOwn(FAULTS, name)) throw new Error(`unknown fault: ${spec}`);
  return { name, glob: glob ?? null, value: value ?? null };
}

/** A fault as it is written. */
export function specOf(fault: Fault): string {
  return `${fault.name}${fault.glob === null ? "" : `:${fault.glob}`}${fault.value === null ? "" : `=${fault.value}`}`;
}

const COUNTED: ReadonlySet<string> = new Set(["list-fail", "any-fail", "transition"]);

function isCounted(fault: Fault): boolean {
  return (
    fault.value !== null && (COUNTED.has(fault.name) || fault.name.startsWith("create-")) && /^\d+$/.test(fault.value)
  );
}

/** Whether a name is what a glob says, in any case. Each piece is looked for once: no pattern makes it slow. */
function matches(glob: string | null, subject: string | undefined): boolean {
  if (glob === null) return true;
  if (subject === undefined) return false;
  const name = subject.toLowerCase();
  const [first = "", ...others] = glob.toLowerCase().split("*");
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
