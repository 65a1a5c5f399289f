import { argument, type Call, type Command, FORMAT_FLAG, hasFlag, wantsJson } from "./command.ts";
import { Failure, notFound } from "./failure.ts";
import { dockerJson, dockerText, infoJson, infoText, listJson, listTable } from "./render-list.ts";
import { withService } from "./ready.ts";
import type { World } from "./world.ts";

/** `list`, `info`, `default`: what only looks, and what says which machine is meant by none. */
export const LIST_COMMANDS: readonly Command[] = [
  {
    names: ["list"],
    use: "[flags]",
    short: "List all machines",
    flags: [
      FORMAT_FLAG,
      { long: "quiet", short: "q", kind: "bool", help: "Only print machine names" },
      { long: "running", short: "r", kind: "bool", help: "Only list running machines" },
    ],
    args: [0, 0],
    run: list,
  },
  {
    names: ["info"],
    use: "ID/NAME [flags]",
    short: "Get info about a machine",
    flags: [FORMAT_FLAG],
    args: [1, 1],
    run: info,
  },
  {
    names: ["default"],
    use: "[NAME | none]",
    short: "Get or set the default machine",
    flags: [],
    args: [0, 1],
    run: setDefault,
  },
];

async function list(call: Call): Promise<number> {
  const { host } = call;
  const json = wantsJson(call);
  await withService(host);
  if (host.session.read((world) => world.faults.on("list-fail"))) failList(call);
  host.stdout(host.session.read((world) => rendered(world, call, json)));
  return 0;
}

function failList({ host }: Call): void {
  const strikes = host.session.transact((world) => world.faults.strikes("list-fail"));
  if (strikes) throw new Failure("rpc: read unix ->sconrpc.sock: connection reset by peer");
}

function rendered(world: World, call: Call, json: boolean): string {
  const { faults } = world;
  if (faults.on("list-empty")) return "";
  const all = world.machines();
  const shown = hasFlag(call, "running") ? all.filter((machine) => world.stateOf(machine) === "running") : all;
  if (hasFlag(call, "quiet")) return shown.map(({ name }) => `${name}\n`).join("");
  if (!json) return listTable(world, shown);
  if (faults.on("list-null")) return "null\n";
  const text = listJson(world, faults.on("list-duplicate") ? [...shown.slice(0, 1), ...shown] : shown);
  return faults.on("list-half") ? text.slice(0, text.length / 2) : text;
}

async function info(call: Call): Promise<number> {
  const { host } = call;
  const json = wantsJson(call);
  const selector = argument(call, 0);
  await withService(host);
  host.stdout(host.session.read((world) => infoOf(world, selector, json)));
  return 0;
}

function infoOf(world: World, selector: string, json: boolean): string {
  const machine = world.find(selector);
  if (machine) return json ? infoJson(world, machine) : infoText(world, machine);
  if (selector === "docker" || selector === "01GQQVF6C60000000000DOCKER")
    return json ? dockerJson(world) : dockerText(world);
  throw notFound(selector);
}

async function setDefault(call: Call): Promise<number> {
  const { host, args } = call;
  await withService(host);
  const [selector] = args;
  if (selector === undefined) host.stdout(host.session.read(presentDefault));
  else host.session.transact((world) => choose(world, selector));
  return 0;
}

function presentDefault(world: World): string {
  const id = world.data.defaultId;
  const name = id === null ? undefined : world.byId(id)?.name;
  const unset = world.faults.value("default-unset") ?? "";
  const text = name ?? unset;
  return text === "" ? "" : `${text}\n`;
}

function choose(world: World, selector: string): void {
  const machine = selector === "none" ? null : world.need(selector);
  world.data.defaultId = machine?.id ?? null;
  world.log("default", machine);
}
