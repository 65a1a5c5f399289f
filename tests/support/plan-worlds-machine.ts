import * as fc from "fast-check";
import { DEFAULT_LIFECYCLE, type Lifecycle } from "../../src/model/lifecycle.ts";
import type { MachineFacts, MachineSettings, MachineState } from "../../src/model/machine.ts";
import type { DesiredMachine, DesiredSettings, Origin, Ready } from "../../src/model/resource.ts";
import type { MachineResource } from "../../src/model/snapshot.ts";
import type { Value } from "../../src/model/value.ts";
import { at, desiredMachine, liveMachine } from "./plan-builders.ts";
import { among, mostly, nearlyAlways } from "./plan-worlds-chance.ts";
import { recordOf, type Past } from "./plan-worlds-state.ts";
import type { Kind } from "./plan-worlds.ts";

/** What a machine is made from; `machine` counts slots, and is an image where that slot can't be its source. */
type OriginDraw =
  | { readonly kind: "image"; readonly distro: string; readonly version?: string }
  | { readonly kind: "clone"; readonly machine: number }
  | { readonly kind: "existing"; readonly name: string }
  | { readonly kind: "restore"; readonly digest: string };

/** One machine: how it stands in the stack, in state and in the world. */
export interface MachineSlot {
  readonly desired: boolean;
  readonly origin: OriginDraw;
  readonly settings: MachineSettings & { readonly userOf?: number };
  readonly nulls: boolean;
  readonly power: DesiredMachine["power"];
  readonly arch: "arm64" | "amd64" | undefined;
  readonly cloudInit: number | "text" | undefined;
  readonly watched: number | "1" | "2" | undefined;
  readonly identity: "keep" | "fresh";
  readonly ready: Ready;
  readonly label: string | undefined;
  readonly lifecycle: Omit<Lifecycle, "replaceWhen" | "aliases">;
  readonly needs: readonly number[];
  readonly moved: boolean;
  readonly past: Past;
  readonly before: { readonly same: boolean; readonly origin: OriginDraw; readonly needs: readonly number[] };
  readonly state: MachineState;
  readonly seen: MachineSettings;
}

/** Names as the stack wants them and as machines have them, by slot. */
export interface Names {
  readonly wanted: readonly string[];
  readonly found: readonly string[];
}

const settings = fc.record(
  {
    cpus: among(1, 2),
    memoryMiB: among(1024, 2048),
    diskBytes: among(10_000, 20_000),
    user: among("me", "ann"),
    isolated: fc.boolean(),
    mounts: among<readonly string[]>([], ["/a"], ["/a", "/b:/c"]),
    httpPort: mostly(0, 8080),
  },
  { requiredKeys: [] },
);

function originDraw(count: number): fc.Arbitrary<OriginDraw> {
  return fc.oneof(
    { weight: 4, arbitrary: among<OriginDraw>({ kind: "image", distro: "debian" }) },
    { weight: 1, arbitrary: among<OriginDraw>({ kind: "image", distro: "ubuntu", version: "noble" }) },
    {
      weight: 3,
      arbitrary: fc.oneof(fc.constant(0), fc.nat(count - 1)).map((machine) => ({ kind: "clone" as const, machine })),
    },
    { weight: 1, arbitrary: among("stranger", "a", "b").map((name) => ({ kind: "existing" as const, name })) },
    { weight: 1, arbitrary: among("sha256:1", "sha256:2").map((digest) => ({ kind: "restore" as const, digest })) },
  );
}

/** Draws a machine. */
export function machineSlot({ calm }: Kind, count: number): fc.Arbitrary<MachineSlot> {
  const index = fc.nat(count - 1);
  const some = fc.uniqueArray(index, { maxLength: 2 });
  const rarely = calm ? nearlyAlways : mostly;
  return fc.record<MachineSlot>({
    desired: mostly(true, false),
    origin: originDraw(count),
    settings: fc
      .tuple(settings, fc.option(index, { freq: 9, nil: undefined }))
      .map(([each, userOf]) => ({ ...each, ...(userOf !== undefined && { userOf }) })),
    nulls: mostly(false, true),
    power: mostly("running", "stopped", "any"),
    arch: mostly<"arm64" | "amd64" | undefined>(undefined, "arm64", "amd64"),
    cloudInit: fc.oneof(mostly<"text" | undefined>(undefined, "text"), mostly<number | undefined>(undefined, 0, 1, 2)),
    watched: fc.oneof(mostly<"1" | "2" | undefined>(undefined, "1", "2"), mostly<number | undefined>(undefined, 0, 1)),
    identity: mostly("keep", "fresh"),
    ready: readiness,
    label: mostly<string | undefined>(undefined, "x", "y"),
    lifecycle: fc.record({
      preventDestroy: rarely(false, true),
      ignoreChanges: mostly<readonly string[]>([], ["cpus"], ["image"], ["power"], ["name"], ["default", "labels"]),
      createBeforeDestroy: mostly(false, true),
      retain: mostly(false, true),
      timeoutsMs: mostly<Lifecycle["timeoutsMs"]>({}, { create: 5000 }),
      retries: mostly(3, 0),
    }),
    needs: some,
    moved: mostly(false, true),
    past: past(calm),
    before: fc.record({ same: mostly(true, false), origin: originDraw(count), needs: some }),
    state: fc.oneof(
      { weight: calm ? 40 : 8, arbitrary: among<MachineState>("running", "stopped") },
      {
        weight: 1,
        arbitrary: among<MachineState>("creating", "provisioning", "starting", "stopping", "deleting", "unknown"),
      },
    ),
    seen: settings,
  });
}

const readiness = mostly<Ready>(
  { kind: "answers", timeoutMs: 60_000 },
  { kind: "cloud-init", timeoutMs: 5 },
  { kind: "command", command: ["true"], user: "root", timeoutMs: 7 },
  { kind: "tcp", port: 22, timeoutMs: 9 },
);

function past(calm: boolean): fc.Arbitrary<Past> {
  return fc.record<Past>({
    kind: mostly<Past["kind"]>("settled", "none", "none", "unready", "pending", "succeeding"),
    alive: mostly(true, false),
    reason: among<Past["reason"]>("timed out", "interrupted", "failed"),
    probed: among<Past["probed"]>(undefined, "ready", "not ready"),
    appeared: calm
      ? nearlyAlways<Past["appeared"]>("ours", "strange")
      : among<Past["appeared"]>("no", "ours", "strange", "on its way"),
    over: calm ? fc.constant(true) : fc.boolean(),
    restartPending: mostly(false, true),
    identityOwed: mostly(false, true),
    returnTo: mostly<Past["returnTo"]>(undefined, "running", "stopped"),
    halfway: mostly<Past["halfway"]>("no", "deleted", "replaced"),
    deposed: mostly<Past["deposed"]>([], [true], [false], [true, true]),
    clamped: mostly(false, true),
    addresses: mostly(false, true),
    drifted: mostly(false, true),
    claimed: calm ? fc.constant(false) : nearlyAlways(false, true),
    isDefault: mostly(false, true),
  });
}

/** What machines are in the three worlds. */
interface MachineWorld {
  readonly desired: readonly DesiredMachine[];
  readonly prior: { readonly [key: string]: MachineResource };
  readonly live: readonly MachineFacts[];
  readonly probes: { readonly [id: string]: "ready" | "not ready" };
  readonly claims: { readonly [id: string]: string };
}

interface Setting {
  readonly names: Names;
  /** The slot that is to be OrbStack's default machine. */
  readonly chosen: number | null;
  readonly strangers: readonly string[];
}

/** Puts slots into the worlds. `machine.m0` to `machine.m5`; one that moved stands in state at `machine.old-m0`. */
export function worldOfMachines(slots: readonly MachineSlot[], { names, chosen, strangers }: Setting): MachineWorld {
  const desired: DesiredMachine[] = [];
  const prior: { [key: string]: MachineResource } = {};
  const probes: { [id: string]: "ready" | "not ready" } = {};
  const claims: { [id: string]: string } = {};
  const live = new Map<string, MachineFacts>([["docker", liveMachine("docker", { builtin: true })]]);
  const put = (machine: MachineFacts): void => {
    if (!live.has(machine.name)) live.set(machine.name, machine);
  };
  for (const [index, slot] of slots.entries()) {
    const declared = declare(slots, index, { name: names.wanted[index] ?? "", isDefault: chosen === index });
    if (slot.desired) desired.push(declared);
    const before = slot.before.same ? declared : { ...declared, origin: originOf(slots, index, slot.before.origin) };
    const found = recordOf(slot, {
      before,
      name: names.found[index] ?? "",
      needs: slot.before.needs
        .filter((each) => each !== index)
        .map(keyOf)
        .map(at),
    });
    if (found.state !== undefined) prior[slot.moved ? `old-m${index}` : `m${index}`] = found.state;
    for (const machine of found.live) put(machine);
    const id = found.state?.id;
    if (id !== undefined && slot.past.probed !== undefined) probes[id] = slot.past.probed;
    if (id !== undefined && slot.past.claimed) claims[id] = "It is claimed.";
  }
  for (const name of strangers) put(liveMachine(name, { id: liveMachine(`${name} outside`).id }));
  return { desired, prior, live: [...live.values()], probes, claims };
}

interface Naming {
  readonly name: string;
  readonly isDefault: boolean;
}

function declare(slots: readonly MachineSlot[], index: number, { name, isDefault }: Naming): DesiredMachine {
  const slot = slots[index];
  if (slot === undefined) throw new Error("no such slot");
  const origin = originOf(slots, index, slot.origin);
  const isKnown = (other: number | string | undefined): other is number =>
    typeof other === "number" && other < index && slots[other]?.desired === true;
  const { settings: asked, cloudInit, watched } = slot;
  const referred = [asked.userOf, origin.kind === "image" ? cloudInit : undefined, watched, ...slot.needs]
    .filter(isKnown)
    .map(keyOf)
    .map(at);
  const source = origin.kind === "clone" && origin.of.kind === "address" ? [origin.of.address] : [];
  const replaceWhen: Value[] = isKnown(watched) ? [refTo(watched, "id")] : [];
  if (typeof watched === "string") replaceWhen.push(watched);
  const plainText = cloudInit === "text" ? "#cloud-config" : undefined;
  const text = isKnown(cloudInit) ? concat("#cloud-config ", refTo(cloudInit, "id")) : plainText;
  return desiredMachine(keyOf(index), {
    name,
    origin,
    power: slot.power,
    default: isDefault,
    identity: slot.identity,
    ready: slot.ready,
    settings: settingsOf(slot, isKnown(asked.userOf) ? asked.userOf : undefined),
    ...(origin.kind === "image" && slot.arch !== undefined && { arch: slot.arch }),
    ...(origin.kind === "image" && text !== undefined && { cloudInit: { text } }),
    ...(slot.moved && { place: { file: "/stacks/dev.ts", line: index + 1, column: 3 } }),
    labels: slot.label === undefined ? {} : { x: slot.label },
    lifecycle: {
      ...DEFAULT_LIFECYCLE,
      ...slot.lifecycle,
      replaceWhen,
      aliases: slot.moved ? [at(`old-m${index}`)] : [],
    },
    dependencies: [...new Set([...referred, ...source])].toSorted(),
  });
}

function settingsOf(
  { settings: { userOf: _userOf, ...asked }, nulls }: MachineSlot,
  user: number | undefined,
): DesiredSettings {
  const values = nulls ? { ...asked, cpus: null, user: null } : asked;
  return user === undefined ? values : { ...values, user: refTo(user, "name") };
}

function originOf(slots: readonly MachineSlot[], index: number, draw: OriginDraw): Origin {
  switch (draw.kind) {
    case "clone":
      if (draw.machine >= index || slots[draw.machine]?.desired !== true) return { kind: "image", distro: "debian" };
      return { kind: "clone", of: { kind: "address", address: at(keyOf(draw.machine)) } };
    case "existing":
      return { kind: "clone", of: { kind: "existing", name: draw.name } };
    case "restore":
      return { kind: "restore", path: "/a.tar.zst", digest: draw.digest };
    case "image":
    default:
      return draw;
  }
}

function keyOf(index: number): string {
  return `m${index}`;
}

function concat(...parts: readonly Value[]): Value {
  return { "~orbform": "concat", parts };
}

function refTo(index: number, property: string): Value {
  return { "~orbform": "ref", address: at(keyOf(index)), property };
}
