/**
 * An orbctl written from the contract alone, to drive Orbform with something that its own simulator is not. Where the
 * contract says UNKNOWN or INFERRED, a personality chooses. What a caller must not do goes to a file of violations.
 * Called as: node strange-orbctl.mjs FOLDER ARG…; the folder holds personality.json and the world.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportMachine, importMachine, logs, SSH } from "./strange-orbctl-files.mjs";
import { guest } from "./strange-orbctl-guest.mjs";
import { describeInfo, describeList, showConfig, userOf } from "./strange-orbctl-words.mjs";
import {
  argv,
  Failed,
  find,
  flaky,
  folder,
  GLOBAL,
  is,
  later,
  LIMITS,
  locked,
  MACHINE_KEYS,
  newName,
  parse,
  pause,
  safe,
  same,
  since,
  steady,
  ulid,
  violation,
} from "./strange-orbctl-world.mjs";

const out = [];
const err = [];

const IMAGE_WORDS = { alma: "almalinux", arch: "archlinux", void: "voidlinux", rocky: "rockylinux" };
const LATEST = { ubuntu: "questing", debian: "bookworm", alpine: "3.22", alma: "9" };
const LABELS = { 24.04: "noble", 22.04: "jammy", 12: "bookworm", 13: "trixie" };

function imageOf(word, arch, cloud) {
  const [distro = "", version = LATEST[distro] ?? "current"] = word.split(":");
  if (version === "none-such")
    throw new Failed(`[-32098] create: make rootfs: image not found: {${distro} ${version} ${arch} default}`);
  return {
    distro: IMAGE_WORDS[distro] ?? distro,
    version: LABELS[version] ?? version,
    arch,
    variant: cloud ? "cloud" : "default",
  };
}

const CREATE_FLAGS = {
  "-a|--arch": "one",
  "-u|--user": "one",
  "-c|--user-data": "one",
  ...(since(1)
    ? { "--isolated": true, "--isolate-network": true, "--mount": "many", "--forward-ssh-agent": true }
    : {}),
  ...(since(2) ? { "--cpus": "one", "--memory": "one", "--disk": "one" } : {}),
};

function mebibytes(text) {
  const found = /^(\d+)([MGT]?)$/.exec(text);
  if (!found) throw violation("a size that is none");
  return Number(found[1]) * { "": 1, M: 1, G: 1024, T: 1024 * 1024 }[found[2] ?? ""];
}

function create(words) {
  const asked = parse(words, CREATE_FLAGS);
  const [image = "", name = "", ...more] = asked.words;
  if (more.length > 0 || asked.words.length < 2) throw violation("create takes an image and a name");
  if (!asked.isolated && (asked["isolate-network"] || asked.mount || asked["forward-ssh-agent"]))
    throw violation("flags that need --isolated");
  if (asked["user-data"] !== undefined && !existsSync(asked["user-data"])) throw violation("no such user data");
  const hangs = locked((world) => {
    newName(world, "create", name);
    flaky(world, "create", name);
    const machine = {
      id: ulid(world),
      name,
      image: imageOf(image, asked.arch ?? "arm64", asked["user-data"] !== undefined),
      users: ["root", asked.user ?? "mac", "dev"],
      deafUntil: Date.now() + (is.deafMs ?? 0),
      ...(asked["user-data"] && { cloud: readFileSync(asked["user-data"], "utf8") }),
    };
    later(
      machine,
      ...(is.lagMs
        ? [
            [0, "creating"],
            [is.lagMs / 2, "provisioning"],
            [is.lagMs / 2, "running"],
          ]
        : [[0, "running"]]),
    );
    const once = (what) => is[what] === name && !world.failed.includes(what) && world.failed.push(what) > 0;
    if (once("addressless"))
      throw new Failed(`[-32098] create '${name}': setup: machine didn't start in 30s (missing IP address)`);
    if (is.hangs === name && is.hidesMs) machine.hiddenUntil = Date.now() + is.hidesMs;
    world.machines.push(machine);
    const give = (key, value) => value !== undefined && (world.config[`machine.${name}.${key}`] = String(value));
    give("username", asked.user ?? (is.inherits ? undefined : "mac"));
    give("cpu", asked.cpus);
    give("memory_mib", asked.memory && mebibytes(asked.memory));
    give("disk_bytes", asked.disk && mebibytes(asked.disk) * 1024 * 1024);
    if (asked.isolated) {
      give("isolated", true);
      give("isolate_network", asked["isolate-network"] ?? false);
      give("forward_ssh_agent", asked["forward-ssh-agent"] ?? false);
      if (asked.mount) give("mounts", asked.mount.join(","));
    }
    return once("hangs");
  });
  if (is.chatty) [out, err].forEach((each) => each.push("Downloading…  12%", "\u001b[2K\rSetting up: 100%"));
  if (hangs) pause(3_600_000);
}

function clone(words) {
  const [source = "", name = "", ...more] = parse(words, {}).words;
  if (more.length > 0) throw violation("clone takes two words");
  const until = Date.now() + 60_000;
  const begin = () =>
    locked((world) => {
      const from = find(world, source);
      if (world.busy[from.id] > Date.now()) return false;
      newName(world, "clone", name);
      flaky(world, "clone", name);
      steady(from, "cloning");
      world.busy[from.id] = Date.now() + (is.cloneMs ?? 0);
      return true;
    });
  while (!begin()) {
    if (Date.now() > until) throw new Failed("[-32098] clone: timed out waiting for source");
    pause(20);
  }
  pause(is.cloneMs ?? 0);
  locked((world) => {
    const from = find(world, source);
    const { image, users, cloud } = from;
    world.machines.push({ id: ulid(world), name, image, users, cloud, state: "stopped", deafUntil: 0 });
    for (const key of MACHINE_KEYS) {
      const value = world.config[`machine.${from.name}.${key}`];
      if (value !== undefined) world.config[`machine.${name}.${key}`] = value;
    }
  });
}

function rename(words) {
  const [which, to = "", ...more] = parse(words, {}).words;
  if (more.length > 0) throw violation("rename takes two words");
  locked((world) => {
    const machine = find(world, which);
    const tries = `rename ${machine.id}`;
    if (world.machines.some((each) => each !== machine && same(each.name, to))) newName(world, "rename", to);
    safe(to);
    flaky(world, "rename", to);
    if (machine.state === "running" && world.failed.filter((each) => each === tries).length < (is.renameBusy ?? 0)) {
      world.failed.push(tries);
      throw new Failed(is.renameBusyWords ?? "[-32098] rename: machine is locked by another operation");
    }
    steady(machine, "renaming");
    world.failed = world.failed.filter((each) => each !== tries);
    const old = machine.name;
    machine.name = to;
    for (const key of MACHINE_KEYS) {
      const [from, target] = [`machine.${old}.${key}`, `machine.${to}.${key}`];
      if (is.rename === "follow") {
        delete world.config[target];
        if (world.config[from] !== undefined) world.config[target] = world.config[from];
      }
      if (is.rename !== "left") delete world.config[from];
    }
    if (world.default !== null && same(world.default, old)) world.default = is.defaultFollows ? to : null;
  });
}

function power(verb, words) {
  const { words: names } = parse(words, {});
  if (names.length !== 1) throw violation(`${verb} takes one machine here`);
  locked((world) => {
    const machine = find(world, names[0]);
    flaky(world, verb, machine.name);
    if (machine.state === "provisioning") throw violation("a machine in provisioning is touched");
    if (is.fussy && verb === "start" && machine.state === "running")
      throw new Failed(`[-32098] machine '${machine.name}' is already running`);
    if (is.fussy && verb === "stop" && machine.state === "stopped")
      throw new Failed(`[-32098] machine '${machine.name}' is not running`);
    if (is.fussy && verb === "restart" && machine.state !== "running")
      throw new Failed(`[-32098] machine '${machine.name}' is not running`);
    steady(machine, verb);
    const lag = is.powerMs ?? 0;
    machine.deafUntil = Date.now() + lag + (is.deafMs ?? 0);
    if (verb === "stop") later(machine, [0, "stopping"], [lag, "stopped"]);
    else if (is.provisions) later(machine, [0, "starting"], [lag, "provisioning"], [lag, "running"]);
    else later(machine, [0, "starting"], [lag, "running"]);
  });
}

function remove(words) {
  const asked = parse(words, { "-f|--force": true });
  if (asked.words.length !== 1) throw violation("delete takes one machine here");
  if (!asked.force) throw violation("delete without --force");
  locked((world) => {
    const machine = find(world, asked.words[0], "name");
    flaky(world, "delete", machine.id);
    steady(machine, "deleting");
    for (const key of MACHINE_KEYS) if (!is.inherits) delete world.config[`machine.${machine.name}.${key}`];
    if (world.default !== null && same(world.default, machine.name)) world.default = null;
    later(machine, [0, "deleting"], [is.deleteMs ?? 0, "gone"]);
    world.machines = world.machines.filter((each) => each.state !== "gone");
  });
  if (is.deleteReturnsLate) pause(is.deleteMs ?? 0);
}

const COUNTS = new Set([...LIMITS, "http_port", "https_port", "cpu"]);
const FLAGS = new Set([
  "isolated",
  "isolate_network",
  "forward_ssh_agent",
  "rosetta",
  "app.start_at_login",
  "k8s.enable",
]);

function config([verb, ...words]) {
  if (verb === "show" && words.length === 0) return locked((world) => out.push(...showConfig(world, is, MACHINE_KEYS)));
  const [key = "", value, ...more] = parse(words, {}).words;
  if (!["get", "set"].includes(verb) || more.length > 0 || (verb === "set") !== (value !== undefined))
    throw violation("no such use of config");
  return locked((world) => {
    const [, name, last] = /^machine\.(.+)\.([^.]+)$/.exec(key) ?? [];
    const globals = [...Object.keys(GLOBAL), ...(is.unlisted ?? []), ...(is.neverListed ?? [])];
    const known = name === undefined ? globals.includes(key) : MACHINE_KEYS.includes(last);
    if (!known) throw violation("an unknown setting");
    if (name !== undefined) find(world, name, "name");
    if (verb === "get") return out.push(world.config[key] ?? "0");
    flaky(world, "config", key);
    const word = last ?? key;
    if (COUNTS.has(word) && !/^\d+$/.test(value)) throw violation("a value that is no number");
    if (FLAGS.has(word) && !/^(?:true|false)$/.test(value)) throw violation("a value that is no truth");
    const ceiling = is.clamps && name !== undefined ? Number(world.config[word] ?? Infinity) : Infinity;
    const written = is.normalises ? value.toLowerCase() : value;
    world.config[key] = Number(value) > ceiling ? String(ceiling) : written;
    const hint = 'Restart OrbStack with "orb stop" to apply changes.';
    if (name === undefined) (is.hintOn === "stderr" ? err : out).push(hint);
    return undefined;
  });
}

function defaultMachine(words) {
  const [name, ...more] = parse(words, {}).words;
  if (more.length > 0) throw violation("default takes one word");
  locked((world) => {
    if (name === "none") world.default = null;
    else if (name !== undefined) world.default = find(world, name, "name").name;
    else if (world.default !== null) out.push(world.default);
    else if (is.noDefault === "words") out.push("No default machine is set.", 'Set one with "orb default NAME".');
    else if (is.noDefault === "error") throw new Failed("no default machine");
    else if (is.noDefault === "blank") out.push("");
  });
}

function run(words) {
  const flags = {
    "-m": "machine",
    "--machine": "machine",
    "-u": "user",
    "--user": "user",
    "-w": "workdir",
    "--workdir": "workdir",
  };
  const asked = {};
  let at = 0;
  for (; words[at]?.startsWith("-"); at += 2) {
    const key = flags[words[at]];
    if (key === undefined) throw violation(words[at] === "--" ? "a double dash" : "an unknown flag");
    asked[key] = words[at + 1];
  }
  if (at >= words.length || asked.machine === undefined) throw violation("run without a machine or a command");
  const result = locked((world) => {
    const machine = find(world, asked.machine);
    if (machine.state === "stopped") {
      later(machine, [0, "running"]);
      throw violation("run on a stopped machine, which starts it");
    }
    if (machine.state !== "running") throw new Failed(`[-32098] cannot transition from ${machine.state} to starting`);
    if (machine.deafUntil > Date.now()) throw new Failed(is.deafWords ?? "[-32098] machine is not ready for commands");
    if (is.wakesFor !== undefined && words[at] === is.wakesFor && !world.failed.includes(`wakes ${machine.id}`)) {
      world.failed.push(`wakes ${machine.id}`);
      throw new Failed("one moment please");
    }
    const user = asked.user ?? userOf(world, machine);
    if (!machine.users.includes(user)) throw new Failed(`[-32098] run: user '${user}' does not exist`);
    return guest(machine, words.slice(at), { user, workdir: asked.workdir, now: Date.now() });
  });
  if (result.bytes) process.stdout.write(result.bytes);
  if (result.stdout) out.push(result.stdout);
  if (result.stderr) err.push(result.stderr);
  process.exitCode = result.exit;
}

function status() {
  locked((world) => {
    const word = world.status.length > 1 ? world.status.shift() : (world.status[0] ?? "Running");
    out.push(word);
    process.exitCode = { Running: 0, Starting: 2 }[word] ?? 1;
  });
}

const COMMANDS = {
  status,
  version: () =>
    out.push(...(is.versionWords ?? [`Version: ${is.version} (2020300)`, `Commit: 9f3c (v${is.version})`])),
  list: (words) => {
    if (parse(words, { "-f|--format": "one" }).format !== "json") throw violation("a list for people");
    locked((world) => {
      if (is.flakyList) flaky(world, "list");
      out.push(describeList(world, is));
    });
  },
  info: (words) => {
    const asked = parse(words, { "-f|--format": "one" });
    if (asked.format !== "json" || asked.words.length !== 1) throw violation("info of one machine, as JSON");
    locked((world) => out.push(describeInfo(world, is, find(world, asked.words[0]))));
  },
  default: defaultMachine,
  create,
  clone,
  rename,
  start: (words) => power("start", words),
  stop: (words) => power("stop", words),
  restart: (words) => power("restart", words),
  delete: remove,
  config,
  run,
  export: exportMachine,
  import: importMachine,
  logs: (words) => out.push(logs(words)),
  ssh: () => out.push(SSH),
};

const BOX = [
  "",
  "    ╭───────────────────────────────────────────────────────╮",
  "    │                                                       │",
  "    │              OrbStack update available!               │",
  '    │              Run "orb update" to update.              │',
  "    │                                                       │",
  "    │  Updates include improvements, features, and fixes.   │",
  "    │                                                       │",
  "    ╰───────────────────────────────────────────────────────╯",
  "",
];

/** Boxes as the personality has them: `"out before"`, `"err after"`. */
function print(stream, lines, where) {
  const has = (when) => (is.boxes ?? []).includes(`${where} ${when}`);
  const all = [...(has("before") ? BOX : []), ...lines, ...(has("after") ? BOX : [])];
  if (all.length > 0) stream.write(`${all.join("\n")}\n`);
}

function main() {
  const [command = "", ...words] = argv;
  appendFileSync(join(folder, "calls.log"), `${argv.join(" ")}\n`);
  try {
    if (!process.env.HOME) {
      violation("no HOME");
      throw new Failed("panic: $HOME is not defined", 2);
    }
    const carryOut = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    if (carryOut === undefined) throw violation("no such command");
    const stopped = locked((world) => (world.status[0] ?? "Running") === "Stopped");
    if (stopped && command !== "status" && command !== "version")
      throw violation("a call that starts a stopped service");
    carryOut(words);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    err.push(error.message);
    process.exitCode = error.exit;
  }
  // What a guest prints is its own: boxes stand around it all the same.
  print(process.stdout, out, "out");
  print(process.stderr, err, "err");
}

main();
