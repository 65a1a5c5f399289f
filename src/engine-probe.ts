/** Probes: what one machine can reach, how it is, how it is reached. Changes nothing, but for a start that was asked for. */
import { askInside, lookInside } from "./guest/ask-inside.ts";
import { httpUrl, isFullHost, isHostWord } from "./guest/host-word.ts";
import { bringUp } from "./live/bring-up.ts";
import { findMachine, known, type FoundMachine } from "./live/find-machine.ts";
import type { KnowingPorts } from "./engine-machines.ts";
import { parseAddress } from "./model/address.ts";
import type { Connection } from "./model/connection.ts";
import { isOrbformError, OrbformError } from "./model/errors.ts";
import type { MachineFacts } from "./model/machine.ts";
import { nearestWord } from "./model/nearest-word.ts";
import type { Answer, DnsType, MachineStatus, Question } from "./model/probe.ts";
import { refuseOtherWorld } from "./plan/refuse.ts";

/** What a user wants probed; `to` is a machine, a host or, for HTTP, a URL. */
export type ProbeWish =
  | { readonly probe: "ping"; readonly to: string; readonly count: number }
  | { readonly probe: "tcp"; readonly to: string; readonly port: number }
  | { readonly probe: "http"; readonly to: string; readonly at: string }
  | { readonly probe: "dns"; readonly to: string; readonly type: DnsType };

/** A probe from one machine. */
export interface ProbeRequest {
  readonly from: string;
  readonly wish: ProbeWish;
  /** Stopped machines that take part may be started. */
  readonly start: boolean;
  readonly warn: (notice: string) => void;
}

/** Which machines are looked at. */
export interface StatusRequest {
  /** Names, ids or addresses; none: all of the stack. */
  readonly words: readonly string[];
  /** Machines outside of the stack too. */
  readonly all: boolean;
  /** Stopped ones may be started, to look inside. */
  readonly start: boolean;
}

/** A probe that was carried out. */
export interface Probed {
  /** The name of the machine it was asked from. */
  readonly from: string;
  readonly question: Question;
  readonly answer: Answer;
}

/** The machines there are, and the stack's state that says which is which. */
interface Scene extends KnowingPorts {
  readonly machines: readonly MachineFacts[];
}

/** Asks one question from inside a machine. Errors: `ORB_MACHINE_NOT_FOUND`, `ORB_USAGE`, `ORB_CONNECTION`, the driver's. */
export async function probeFrom(ports: KnowingPorts, request: ProbeRequest): Promise<Probed> {
  const { wish, start, warn } = request;
  const scene = await setScene(ports);
  const from = machineIn(scene, request.from).machine;
  const to = findMachine(wish.to, scene.machines, ports.prior)?.machine;
  const question = questionOf(wish, to, scene);
  await bringUp({ ...ports, start }, from);
  if (to !== undefined && to.state !== "running") {
    if (start) await bringUp({ ...ports, start }, to);
    else warn(`Note: machine "${to.name}" is ${to.state}.`);
  }
  return { from: from.name, question, answer: await askInside(ports.driver, from, question) };
}

/** What a wish means: a machine is asked for by the name that OrbStack's DNS gives it. */
function questionOf(wish: ProbeWish, to: MachineFacts | undefined, scene: Scene): Question {
  if (wish.probe === "http") return { probe: "http", url: urlOf(wish, to, scene) };
  const host = hostOf(wish.to, to, { scene, bare: wish.probe === "dns" });
  const { to: _to, ...rest } = wish;
  return { ...rest, host };
}

function hostOf(word: string, to: MachineFacts | undefined, { scene, bare }: { scene: Scene; bare: boolean }): string {
  const host = to === undefined ? word : `${to.name}.orb.local`;
  const meant = to !== undefined || (bare ? isHostWord(word) : isFullHost(word));
  if (meant && isHostWord(host)) return host;
  throw noMachine(word, scene, " nor a host's name or address");
}

function urlOf({ to: word, at }: { to: string; at: string }, to: MachineFacts | undefined, scene: Scene): string {
  const [, port = "", path = "/"] = /^(\d{0,5})(\/.*)?$/.exec(at) ?? [];
  const whole = /^https?:\/\//i.test(word) && to === undefined;
  const host = whole ? "" : hostOf(word, to, { scene, bare: false });
  const written = whole ? word : `http://${host.includes(":") ? `[${host}]` : host}${port && `:${port}`}${path}`;
  const url = httpUrl(written);
  const misplaced = at !== "" && (whole || !/^\d{0,5}(?:\/.*)?$/.test(at));
  if (url !== undefined && !misplaced) return url;
  throw new OrbformError("ORB_USAGE", {
    summary: "This can't be asked for",
    detail: `${JSON.stringify(at === "" ? word : `${word} ${at}`)} is no URL that can be asked for: a machine with a port or a path is, and http:// or https:// without a password.`,
    hint: "Write for example: orb probe http web db 8080/health",
  });
}

/** How machines are, from outside and inside. All of the stack where none is named. */
export async function statusOf(ports: KnowingPorts, request: StatusRequest): Promise<readonly MachineStatus[]> {
  const scene = await setScene(ports);
  const { words, start, all } = request;
  const chosen = words.length > 0 ? words.map((word) => machineIn(scene, word)) : everyMachine(scene, all);
  const statuses: MachineStatus[] = [];
  for (let at = 0; at < chosen.length; at += AT_ONCE) {
    const some = chosen.slice(at, at + AT_ONCE);
    statuses.push(...(await Promise.all(some.map((found) => statusOfOne(ports, found, start)))));
  }
  return statuses;
}

/** How many machines are looked at at a time: each takes processes of its own. */
const AT_ONCE = 8;

function everyMachine({ machines, prior }: Scene, all: boolean): readonly FoundMachine[] {
  const found = machines.map((machine) => known(machine, prior));
  return all || prior === undefined ? found : found.filter(({ address }) => address !== undefined);
}

/** One machine that can't be looked into doesn't keep the others from being told. */
async function statusOfOne(ports: KnowingPorts, found: FoundMachine, start: boolean): Promise<MachineStatus> {
  const { driver } = ports;
  const address = found.address === undefined ? undefined : parseAddress(found.address);
  const place = address === undefined ? {} : { address };
  try {
    if (start) await bringUp({ ...ports, start }, found.machine);
    const machine = (await driver.inspect({ id: found.machine.id }, { settings: true })) ?? found.machine;
    const inside = machine.state === "running" ? { inside: await lookInside(driver, machine) } : {};
    return { machine, ...place, ...inside };
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    return { machine: found.machine, ...place, problem: error.detail };
  }
}

/** The boot log of a machine, fit to be shown. */
export async function logOf(
  ports: KnowingPorts,
  word: string,
): Promise<{ readonly name: string; readonly log: string }> {
  const { machine } = machineIn(await setScene(ports), word);
  return { name: machine.name, log: await ports.driver.logs({ id: machine.id }) };
}

/** How to reach a machine by SSH. */
export async function connectionOf(
  ports: KnowingPorts,
  word: string,
): Promise<{ readonly name: string; readonly connection: Connection }> {
  const { machine } = machineIn(await setScene(ports), word);
  return { name: machine.name, connection: await ports.driver.connection(machine) };
}

async function setScene(ports: KnowingPorts): Promise<Scene> {
  const { driver, prior } = ports;
  if (prior !== undefined) refuseOtherWorld(prior.world, await driver.world());
  const { machines } = await driver.observe({ settings: true, default: false });
  return { ...ports, machines };
}

function machineIn(scene: Scene, word: string): FoundMachine {
  const found = findMachine(word, scene.machines, scene.prior);
  if (found === undefined) throw noMachine(word, scene, "");
  return found;
}

function noMachine(word: string, { machines }: Pick<Scene, "machines">, nor: string): OrbformError {
  const names = machines.map(({ name }) => name);
  const near = nearestWord(word, names);
  const there = names.length === 0 ? "There are no machines." : `There are: ${names.toSorted().join(", ")}.`;
  return new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "There is no such machine",
    detail: `${JSON.stringify(word)} is no machine${nor}. ${near === undefined ? there : `Did you mean ${near}?`} Nothing was probed.`,
    hint: "Write a machine's name, its id or its address in the stack.",
  });
}
