import { authored } from "../model/authored.ts";
import type { AuthoredMachine } from "../model/authored-machine.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { MachineFacts, MachineSettings } from "../model/machine.ts";
import { keysFor } from "./author-keys.ts";
import { DISTROS, isVersion, wordFor } from "./image-words.ts";
import { quoted } from "./quoted.ts";
import { defaultName } from "./rules-names.ts";

/** What a machine is given by OrbStack where nobody asks for anything else. */
export interface Usual {
  /** In OrbStack's words: `arm64`. */
  readonly arch: string;
  /** The user of the Mac. */
  readonly user: string;
}

/** Machines to be written as code, and what is known beside each. */
export interface Authoring {
  /** Their names are ones that Orbform may give to machines. */
  readonly machines: readonly MachineFacts[];
  readonly usual: Usual;
  /** The name of OrbStack's default machine. */
  readonly default: string | null;
  /** By machine id: why the code that says all would not do. Then it says what the machine is made from, and no more. */
  readonly troubles: ReadonlyMap<string, readonly string[]>;
}

/**
 * Writes machines the way a stack declares them, sorted by name: only what differs from what OrbStack gives by itself.
 * What can't be said becomes a remark; where an image has no word, its differences are ignored, so that nothing that is
 * written here ever replaces a machine.
 */
export function authorMachines(authoring: Authoring): readonly AuthoredMachine[] {
  const machines = authoring.machines.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const keys = keysFor(machines.map(({ name }) => name));
  return machines.map((machine, at) => authorMachine(machine, keys[at] ?? "machine", authoring));
}

function authorMachine(machine: MachineFacts, key: string, { usual, troubles, ...rest }: Authoring): AuthoredMachine {
  const { name } = machine;
  const trouble = troubles.get(machine.id);
  const image = imageOf(machine);
  const named = defaultName([], key) === name ? {} : { name };
  const settings = trouble === undefined ? settingsOf(machine.settings, usual) : NOTHING;
  const state = powerOf(machine);
  const { arch } = machine.image;
  const isForeign = ["arm64", "amd64"].includes(arch) && arch !== usual.arch;
  const ignored = [...image.ignored, ...(trouble === undefined ? [] : ["arch"])];
  return {
    key,
    name,
    input: {
      image: image.word,
      ...(isForeign && trouble === undefined && { arch }),
      ...named,
      ...settings.input,
      ...state.input,
      ...(rest.default === name && { default: true }),
      ...(ignored.length > 0 && { lifecycle: { ignoreChanges: ignored } }),
    },
    remarks: [...image.remarks, ...settings.remarks, ...state.remarks, ...(trouble ?? [])],
  };
}

interface Part {
  readonly input: JsonObject;
  readonly remarks: readonly string[];
}

const NOTHING: Part = { input: {}, remarks: [] };

/** What a machine is made from where its image has no word: it is never compared. */
const STAND_IN = "debian";

/** Rolling releases have one version only: saying it says nothing. */
const ROLLING = "current";

function imageOf({ image: { distro, version } }: MachineFacts) {
  const shown = distro.toLowerCase();
  const word = DISTROS.find((each) => each === shown) ?? wordFor(shown);
  if (word === undefined) {
    const what = distro === "" ? "OrbStack does not say what it was made from." : `It was made from ${quoted(from())}.`;
    const remark = `${what} A stack can't ask for that: made again, it would be ${STAND_IN}.`;
    return { word: STAND_IN, ignored: ["image"], remarks: [remark] };
  }
  if (version === "" || version.toLowerCase() === ROLLING) return { word, ignored: [], remarks: [] };
  if (isVersion(version)) return { word: `${word}:${version}`, ignored: [], remarks: [] };
  return { word, ignored: [], remarks: [`Its version ${quoted(version)} can't be written in a stack.`] };

  function from(): string {
    return version === "" ? distro : `${distro}:${version}`;
  }
}

function settingsOf(settings: MachineSettings, usual: Usual): Part {
  const input: { [key: string]: Json } = {};
  const remarks: string[] = [];
  const { cpus, memoryMiB, diskBytes, user, httpPort, httpsPort } = settings;
  if (user !== undefined && user !== usual.user) input["user"] = user;
  if (cpus !== undefined && cpus !== 0) input["cpus"] = cpus;
  const sizes = [
    ["memory", memoryMiB === undefined ? 0 : authored("memoryMiB", memoryMiB), `${memoryMiB} MiB`],
    ["disk", diskBytes === undefined ? 0 : authored("diskBytes", diskBytes), `${diskBytes} bytes`],
  ] as const;
  for (const [key, size, amount] of sizes) {
    if (typeof size === "string") input[key] = size;
    else if (size !== 0) remarks.push(`Its ${key} limit of ${amount} can't be written in a stack and stays as it is.`);
  }
  const isolated = isolationOf(settings);
  if (isolated !== undefined) input["isolated"] = isolated;
  if (httpPort !== undefined && httpPort !== 0) input["httpPort"] = httpPort;
  if (httpsPort !== undefined && httpsPort !== 0) input["httpsPort"] = httpsPort;
  return { input, remarks };
}

/** What an isolated machine may do says nothing of one that isn't. */
function isolationOf({ isolated, isolateNetwork, forwardSshAgent, mounts }: MachineSettings): Json | undefined {
  if (isolated !== true) return undefined;
  if (isolateNetwork === undefined && forwardSshAgent === undefined && mounts === undefined) return true;
  return {
    ...(isolateNetwork !== undefined && { network: !isolateNetwork }),
    ...(forwardSshAgent !== undefined && { forwardSshAgent }),
    ...(mounts !== undefined && mounts.length > 0 && { mounts: [...mounts] }),
  };
}

function powerOf({ state }: MachineFacts): Part {
  if (state === "running") return NOTHING;
  if (state === "stopped") return { input: { power: "stopped" }, remarks: [] };
  return { input: { power: "any" }, remarks: [`It was neither running nor stopped when this was written: ${state}.`] };
}
