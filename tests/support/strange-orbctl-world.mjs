/** The world of a strange orbctl: one JSON file behind a lock, and what any call may do to it. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** The folder of the world, and the call. */
export const [folder = ".", ...argv] = process.argv.slice(2);
/** The personality. */
export const is = JSON.parse(readFileSync(join(folder, "personality.json"), "utf8"));
const [major = 0, minor = 0] = is.version.split(".").map(Number);
/** Whether this is version 2.N or newer. */
export const since = (wanted) => major > 2 || (major === 2 && minor >= wanted);

/** Settings of a machine since 2.2. */
export const LIMITS = ["cpu", "memory_mib", "disk_bytes"];
const ISOLATION = ["isolated", "isolate_network", "forward_ssh_agent", "mounts", "http_port", "https_port"];
/** The settings of one machine that this version knows. */
export const MACHINE_KEYS = ["username", ...(since(1) ? ISOLATION : []), ...(since(2) ? LIMITS : [])];
const NEVER_NAMES = new Set(["", "docker", "k8s", "none"]);
/** Global settings, as they stand before anybody sets them. */
export const GLOBAL = {
  cpu: "10",
  memory_mib: "12288",
  rosetta: "true",
  "app.start_at_login": "false",
  "machines.forward_ports": "true",
  "network.subnet4": "192.168.138.0/23",
  network_proxy: "auto",
  "docker.node_name": "orbstack",
  "k8s.enable": "false",
};
const EMPTY = { machines: [], config: { ...GLOBAL }, default: null, made: 0, failed: [], busy: {}, status: [] };

/** What a call ends in when it fails. */
export class Failed extends Error {
  constructor(text, exit = 1) {
    super(text);
    this.exit = exit;
  }
}

/** Waits. Milliseconds. */
export const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
/** Writes down what no caller may do. */
export function violation(what) {
  appendFileSync(join(folder, "violations.log"), `${what}: ${JSON.stringify(argv)}\n`);
  return new Failed(`refused: ${what}`, 2);
}

/** One look at and change of the world at a time, whoever dies. */
export function locked(work) {
  const lock = join(folder, "lock");
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (existsSync(lock) && Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5000)
        rmdirSync(lock);
      pause(3);
    }
  }
  try {
    const path = join(folder, "world.json");
    const world = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : structuredClone(EMPTY);
    const before = JSON.stringify(world);
    for (const each of world.machines) mature(each);
    world.machines = world.machines.filter((each) => each.state !== "gone");
    try {
      return work(world);
    } finally {
      if (JSON.stringify(world) !== before) {
        writeFileSync(`${path}.new`, JSON.stringify(world));
        renameSync(`${path}.new`, path);
      }
    }
  } finally {
    rmdirSync(lock);
  }
}

function mature(machine) {
  while (machine.next?.length > 0 && machine.next[0].at <= Date.now()) machine.state = machine.next.shift().state;
  if (machine.state === "running") machine.booted = true;
}

/** The states a machine goes through: each so many milliseconds after the last. */
export function later(machine, ...states) {
  let at = Date.now();
  machine.next = states.map(([ms, state]) => ({ at: (at += ms), state }));
  mature(machine);
}

/** Flags and positionals, flags anywhere; what is not known is a violation. */
export function parse(words, flags) {
  const found = { words: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) found.words.push(word);
    else if (word === "--") throw violation("a double dash");
    else {
      const name = Object.keys(flags).find((each) => each.split("|").includes(word));
      if (name === undefined) throw violation("an unknown flag");
      const key = name.split("|").at(-1).replace(/^-+/, "");
      if (flags[name] === true) found[key] = true;
      else if (flags[name] === "many") found[key] = [...(found[key] ?? []), words[(at += 1)] ?? ""];
      else found[key] = words[(at += 1)] ?? "";
    }
  }
  return found;
}

/** Names are compared without case. */
export const same = (a, b) => a.toLowerCase() === b.toLowerCase();

/** A name that may be given at all. */
export function safe(name) {
  if (name === undefined) throw violation("no machine is named");
  if (NEVER_NAMES.has(name.toLowerCase()) || name.startsWith("-")) throw violation("a name never to be given");
  return name;
}

/** A machine by name, or by name or id. */
export function find(world, which, by = "either") {
  safe(which);
  const found = world.machines.find((each) => same(each.name, which) || (by === "either" && each.id === which));
  if (found && !(found.hiddenUntil > Date.now())) return found;
  if (by === "name" && world.machines.some((each) => each.id === which)) throw violation("an id where a name belongs");
  throw new Failed(`[-32098] machine not found: '${which}'`);
}

/** A name for a machine, if it is free. */
export function newName(world, verb, name) {
  safe(name);
  if (!/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/.test(name)) throw new Failed(`[-32098] ${verb}: invalid machine name: '${name}'`);
  if (world.machines.some((each) => same(each.name, name)))
    throw new Failed(
      is.taken ? is.taken(name) : `[-32098] ${verb} '${name}': ${is.takenWords ?? "machine already exists"}: '${name}'`,
    );
  return name;
}

/** Fails once for each command (and machine, for those that make one), before anything was done. */
export function flaky(world, verb, subject = "") {
  const text = is.flaky?.[verb];
  const key = `${verb} ${subject}`;
  if (text === undefined || world.failed.includes(key)) return;
  world.failed.push(key);
  throw new Failed(text);
}

/** A machine in transition is not touched. */
export function steady(machine, to) {
  if (["running", "stopped"].includes(machine.state)) return;
  throw new Failed(`[-32098] cannot transition from ${machine.state} to ${to}`);
}

/** A new id. */
export function ulid(world) {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const text = (value, length) => {
    let [rest, made] = [value, ""];
    for (let left = length; left > 0; left -= 1) [made, rest] = [digits[rest % 32] + made, Math.floor(rest / 32)];
    return made;
  };
  world.made += 1;
  return text(Date.now(), 10) + text((world.made * 7_919_317) % 2 ** 40, 8) + text(world.made, 8);
}
