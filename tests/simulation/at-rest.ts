/** What must hold once everything has come to rest. */
import type { Machine } from "../../src/driver/simulator/record.ts";
import type { DesiredMachine } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type Computer, machineOf, machinesOf, portrait } from "./computer.ts";
import { brokenInside } from "./at-rest-inside.ts";
import { OUR_VALUES, type StackText } from "./stacks.ts";

/** After an apply after which nothing is left to do. */
export function checkAtRest(computer: Computer, stack: StackText): void {
  checkMachines(computer, stack);
  checkDefault(computer, stack);
  checkSetting(computer, stack);
  checkStrangers(computer);
  checkFiles(computer);
  checkClaims(computer);
  for (const [law, detail] of brokenInside(computer, stack)) demand(computer, false, law, detail);
}

/** After everything was taken away. */
export function checkGone(computer: Computer): void {
  const left = machinesOf(computer).filter(({ id }) => computer.ledger.ours.has(id));
  demand(computer, left.length === 0, "a machine was left behind", left.map(({ name }) => name).join(", "));
  checkStrangers(computer);
  checkClaims(computer);
  const value = computer.world.session.read((world) => world.data.config["memory_mib"] ?? "");
  demand(computer, !OUR_VALUES.includes(Number(value)), "a setting was not put back", value);
}

function checkMachines(computer: Computer, stack: StackText): void {
  const ours = machinesOf(computer).filter(({ id }) => computer.ledger.ours.has(id));
  const recorded = recordedIds(computer);
  const wanted = stack.flatMap((each) => (each.type === "machine" ? [each.name] : []));
  const lost = ours.filter(({ id }) => !recorded.has(id));
  demand(computer, lost.length === 0, "a machine was lost", lost.map(({ name }) => name).join(", "));
  const names = ours.map(({ name }) => name).toSorted();
  const same = JSON.stringify(names) === JSON.stringify(wanted.toSorted());
  demand(computer, same, "what exists is not what the stack asks for", `${names.join(", ")} / ${wanted.join(", ")}`);
  const unreal = [...recorded].filter((id) => machineOf(computer, id) === undefined);
  demand(computer, unreal.length === 0, "a machine is recorded that does not exist", unreal.join(", "));
  for (const each of stack) {
    if (each.type !== "machine") continue;
    const machine = machineOf(computer, each.name);
    if (machine === undefined) continue;
    const state = machine.phases.at(-1)?.state ?? "";
    demand(
      computer,
      each.power === "any" || state === each.power,
      "a machine's power is not what the stack asks for",
      `${each.name}: ${state}`,
    );
    const { cpus, memoryMiB } = each.settings;
    const got = `${each.name}: ${machine.settings.cpu}, ${machine.settings.memory_mib}`;
    const right =
      (cpus === undefined || cpus === machine.settings.cpu) &&
      (memoryMiB === undefined || memoryMiB === machine.settings.memory_mib);
    demand(computer, right, "a machine's settings are not what the stack asks for", got);
    checkInEffect(computer, each, machine);
    checkImage(computer, each, machine);
  }
}

/** A clone is of whatever its source was when it was made. */
function checkImage(computer: Computer, { name, origin }: DesiredMachine, { image }: Machine): void {
  if (origin.kind !== "image") return;
  const { distro, version } = origin;
  const isVersion = version === undefined || image.version === (CODENAMES[version] ?? version);
  const got = `${name}: ${image.distro} ${image.version} / ${distro} ${version ?? "of any version"}`;
  demand(computer, image.distro === distro && isVersion, "a machine's image is not what the stack asks for", got);
}

/** OrbStack tells versions by their names. */
const CODENAMES: Readonly<Record<string, string>> = { "22.04": "jammy" };

/** Which one is the default where the stack asks for none is somebody else's affair. */
function checkDefault(computer: Computer, stack: StackText): void {
  const wanted = stack.find((each) => each.type === "machine" && each.default);
  if (wanted?.type !== "machine") return;
  const id = computer.world.session.read((world) => world.data.defaultId);
  const name = machineOf(computer, id ?? "")?.name ?? "";
  demand(computer, name === wanted.name, "the default is not what the stack asks for", `${name} / ${wanted.name}`);
}

function checkSetting(computer: Computer, stack: StackText): void {
  for (const each of stack) {
    if (each.type !== "setting") continue;
    const value = computer.world.session.read((world) => world.data.config[each.key] ?? "");
    const wanted = typeof each.value === "string" ? each.value : JSON.stringify(each.value);
    const got = `${each.key}: ${value} / ${wanted}`;
    demand(computer, value === wanted, "a setting is not what the stack asks for", got);
  }
}

/** Limits take effect at the next start, which a machine that is to run is given. */
function checkInEffect(computer: Computer, desired: DesiredMachine, machine: Machine): void {
  if (desired.power !== "running" || computer.ledger.configuredOutside.has(machine.id)) return;
  const { cpus, memoryMiB } = desired.settings;
  const { cpu, memory_mib } = machine.applied;
  const inEffect = (cpus ?? cpu) === cpu && (memoryMiB ?? memory_mib) === memory_mib;
  const got = `${machine.name}: ${cpu}, ${memory_mib}`;
  demand(computer, inEffect, "a machine's settings are not in effect", got);
}

function recordedIds({ files }: Computer): ReadonlySet<string> {
  const text = files.text("/state/dev.json");
  const snapshot: Snapshot | undefined = text === undefined ? undefined : JSON.parse(text);
  const ids = Object.values(snapshot?.resources ?? {}).flatMap((each) =>
    each.type === "machine" ? [each.id, ...(each.deposed ?? []).map(({ id }) => id)] : [],
  );
  return new Set(ids.filter((id) => id !== undefined));
}

function checkStrangers(computer: Computer): void {
  for (const [id, before] of computer.ledger.strangers) {
    if (before === "") continue;
    const machine = machineOf(computer, id);
    const now = machine && portrait(machine);
    demand(computer, now === before, "a stranger's machine is not as it was left", `${before} / ${now ?? "gone"}`);
  }
}

/** Claims are no part of what must survive a power cut or a full disk. */
function checkClaims(computer: Computer): void {
  if (computer.ledger.disksFailed) return;
  const recorded = recordedIds(computer);
  const claimed = computer.files.names("/home/claims").filter((name) => name.length === 26);
  const same = claimed.length === recorded.size && claimed.every((id) => recorded.has(id));
  demand(computer, same, "claims are not what is recorded", `${claimed.join(", ")} / ${[...recorded].join(", ")}`);
}

/** A run that ended leaves its snapshot, its history and what it learned; nothing of what it only needed on the way. */
function checkFiles(computer: Computer): void {
  const left = computer.files.paths().filter((path) => isLeftover(computer, path));
  demand(computer, left.length === 0, "files of a run were left behind", left.join(", "));
}

function isLeftover({ table }: Computer, path: string): boolean {
  const pid = /\.(\d+)-[0-9a-f]+\.tmp$/.exec(path)?.[1];
  return pid === undefined ? /\.(?:journal|lock\.\d+)$/.test(path) : !table.wasReused(Number(pid));
}

function demand(computer: Computer, holds: boolean, law: string, detail: string): void {
  if (holds) return;
  computer.trace.say("LAW BROKEN", `${law}: ${detail}`);
  computer.ledger.violations.push({ law, detail });
}
