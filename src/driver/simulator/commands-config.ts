import { splicedText } from "./spliced-text.ts";
import { argument, type Call, type Command } from "./command.ts";
import { Failure } from "./failure.ts";
import { globalLines, globalSetting, resetGlobals, setGlobal } from "./globals.ts";
import { clamped } from "./limits.ts";
import type { Machine, Settings } from "./record.ts";
import { withService } from "./ready.ts";
import { serviceState } from "./service.ts";
import { isListSetting, setting, settingLines, withSetting } from "./settings.ts";
import type { World } from "./world.ts";

/** `config` with its subcommands (contract 3.15). */
export const CONFIG_COMMAND: Command = {
  names: ["config"],
  use: "[command]",
  short: "Change OrbStack settings.",
  flags: [],
  args: [0, 0],
  run: () => 0,
  subcommands: [
    { ...configCommand("add", "KEY VALUE", "Add a value to a list config option"), hidden: true },
    configCommand("docker", "", "Edit Docker engine configuration"),
    configCommand("get", "KEY", "Get a config value"),
    { ...configCommand("remove", "KEY VALUE", "Remove a value from a list config option"), hidden: true },
    configCommand("reset", "", "Reset config to defaults"),
    configCommand("set", "KEY VALUE", "Set a config option"),
    configCommand("show", "", "Show current configuration"),
  ],
};

function configCommand(verb: keyof typeof RUN, use: string, short: string): Command {
  const count = use === "" ? 0 : use.split(" ").length;
  return { names: [verb], use, short, flags: [], args: [count, count], run: (call) => running(call, RUN[verb]) };
}

const RUN = {
  add: (call: Call) => changeList(call, (values, value) => [...values.filter((each) => each !== value), value]),
  docker: ({ host }: Call) => host.stderr("Docker engine configuration is in ~/.orbstack/config/docker.json\n"),
  get: ({ host, args }: Call) => host.stdout(`${host.session.read((world) => read(world, args[0] ?? ""))}\n`),
  remove: (call: Call) => changeList(call, (values, value) => values.filter((each) => each !== value)),
  reset: ({ host }: Call) => host.session.transact(resetGlobals),
  set: (call: Call) => set(call),
  show: ({ host }: Call) => host.stdout(host.session.read(showConfig)),
} as const;

async function running(call: Call, change: (call: Call) => void): Promise<number> {
  await withService(call.host);
  change(call);
  return 0;
}

/** Everything `config show` prints. Lines of machines that have not changed are kept from the last time. */
function showConfig(world: World): string {
  const { before, after } = globalLines(world);
  const machines = world.machines().map((machine) => chunkOf(world, machine));
  return shown.of([before, ...machines, after]);
}

const shown = splicedText();

const chunks = new WeakMap<Settings, { readonly name: string; readonly version: string; readonly text: string }>();

function chunkOf(world: World, { name, settings }: Machine): string {
  const { version } = world.release;
  const kept = chunks.get(settings);
  if (kept?.name === name && kept.version === version) return kept.text;
  const text = settingLines(world, name, settings);
  chunks.set(settings, { name, version, text });
  return text;
}

interface MachineKey {
  readonly machine: Machine;
  readonly key: string;
}

/** Takes `machine.NAME.KEY` apart; names may have dots, keys have none. By name only: ids are not taken. */
function machineKey(world: World, whole: string): MachineKey | undefined {
  const [, name = "", key = ""] = /^machine\.(.+)\.([^.]+)$/s.exec(whole) ?? [];
  const machine = world.byName(name);
  return machine && world.find(name) === machine ? { machine, key } : undefined;
}

function read(world: World, whole: string): string {
  const found = machineKey(world, whole);
  const value = found ? setting(world, found.machine.settings, found.key) : globalSetting(world, whole);
  if (value === undefined) throw unknownKey(whole);
  return value;
}

function set(call: Call): void {
  const { host } = call;
  const whole = argument(call, 0);
  const hint = host.session.transact((world) => {
    const found = machineKey(world, whole);
    if (!found) return setGlobal(world, whole, argument(call, 1)) && serviceState(world) === "running";
    changeSetting(world, found, argument(call, 1));
    return false;
  });
  if (!hint) return;
  const text = 'Restart OrbStack with "orb stop" to apply changes.\n';
  if (host.session.read((world) => world.faults.value("hint-stream")) === "stderr") host.stderr(text);
  else host.stdout(text);
}

function changeSetting(world: World, { machine, key }: MachineKey, value: string): void {
  if (setting(world, machine.settings, key) === undefined) throw unknownKey(`machine.${machine.name}.${key}`);
  machine.settings = clamped(world, withSetting(machine.settings, key, value));
  world.log("config", machine, `${key}=${value}`);
}

function changeList(call: Call, change: (values: readonly string[], value: string) => readonly string[]): void {
  const whole = argument(call, 0);
  call.host.session.transact((world) => {
    const found = machineKey(world, whole);
    if (!found || !isListSetting(found.key)) throw new Failure(`config key is not a list: ${whole}`);
    const present = setting(world, found.machine.settings, found.key) ?? "";
    const values = change(present === "" ? [] : present.split(","), argument(call, 1));
    changeSetting(world, found, values.join(","));
  });
}

function unknownKey(key: string): Failure {
  return new Failure(`unknown config key: ${key}`);
}
