import { type Address } from "../../src/model/address.ts";
import { machineInputs } from "../../src/model/machine-inputs.ts";
import {
  machineId,
  type MachineFacts,
  type MachineId,
  type MachineSettings,
  type MachineState,
} from "../../src/model/machine.ts";
import type { DesiredMachine } from "../../src/model/resource.ts";
import type { MachineInputs, MachineResource, PendingIntent } from "../../src/model/snapshot.ts";
import { digest, liveMachine, NOW, ulid } from "./plan-builders.ts";

/** What became of a machine in earlier runs and outside. */
export interface Past {
  /** `pending`: on its way, never seen. `succeeding`: it lives, and its replacement is on its way. */
  readonly kind: "none" | "settled" | "unready" | "pending" | "succeeding";
  readonly alive: boolean;
  readonly reason: "timed out" | "interrupted" | "failed";
  readonly probed: "ready" | "not ready" | undefined;
  /** What is seen of what is on its way. */
  readonly appeared: "no" | "ours" | "strange" | "on its way";
  /** The time-out of what is on its way has passed. */
  readonly over: boolean;
  readonly restartPending: boolean;
  readonly identityOwed: boolean;
  readonly returnTo: "running" | "stopped" | undefined;
  /** A run died while it was being deleted, or between its making and its final name. */
  readonly halfway: "no" | "deleted" | "replaced";
  /** Predecessors, and whether they still exist. */
  readonly deposed: readonly boolean[];
  readonly clamped: boolean;
  readonly addresses: boolean;
  /** Its settings, power or name were changed outside since. */
  readonly drifted: boolean;
  readonly claimed: boolean;
  readonly isDefault: boolean;
}

interface Drawn {
  readonly past: Past;
  readonly state: MachineState;
  readonly seen: MachineSettings;
}

interface Applied {
  /** What was last applied. */
  readonly before: DesiredMachine;
  /** The name it has, unless a dead run left it under another. */
  readonly name: string;
  readonly needs: readonly Address[];
}

interface Found {
  readonly state: MachineResource | undefined;
  /** Machines of this address that exist, predecessors included. */
  readonly live: readonly MachineFacts[];
}

/** A machine's place in state, and what exists of it. */
export function recordOf(drawn: Drawn, applied: Applied): Found {
  const { past } = drawn;
  if (past.kind === "none") return { state: undefined, live: [] };
  if (past.kind === "pending") return onItsWay(drawn, applied);
  const own = machineOf(drawn, applied);
  const old = predecessors(past, applied);
  const intent = pendingOf(past, applied, `${applied.name}-orbform-tmp-0001`);
  const successor = past.kind === "succeeding" ? appearing(past, intent) : [];
  const state: MachineResource = {
    ...baseOf(drawn, applied),
    id: own.id,
    ...(old.length > 0 && { deposed: old.map(({ id, name }) => ({ id, name })) }),
    ...(past.kind === "succeeding" && { pending: { ...intent, inputs: inputsOf(applied.before) } }),
    ...interrupted(past, own),
  };
  const there = old.filter((_, index) => past.halfway === "replaced" || past.deposed[index] === true);
  return { state, live: [...(past.alive ? [own] : []), ...there, ...successor] };
}

function machineOf({ past, state, seen }: Drawn, { name }: Applied): MachineFacts {
  const words = { no: name, deleted: `${name}-orbform-del-00aa`, replaced: `${name}-orbform-tmp-00aa` };
  return liveMachine(words[past.halfway], { id: idOf(`own ${name}`), state, settings: past.drifted ? seen : {} });
}

/** A replacement that was interrupted before its final name: its predecessor still holds that. */
function predecessors({ halfway, deposed }: Past, { name }: Applied): readonly MachineFacts[] {
  const holder = halfway === "replaced" ? [liveMachine(name, { id: idOf(`old ${name}`) })] : [];
  return [
    ...holder,
    ...deposed.map((_, index) => liveMachine(`${name}-old-${index}`, { id: idOf(`${name} ${index}`) })),
  ];
}

function interrupted(past: Past, own: MachineFacts): Partial<MachineResource> {
  const isUnready = past.kind === "unready";
  return {
    name: past.drifted ? "www" : own.name,
    status: isUnready ? "unready" : "ready",
    ...(isUnready && { unready: { reason: past.reason, detail: "" } }),
    ...(past.restartPending && { restartPending: true }),
    ...(past.identityOwed && { identityOwed: true }),
    ...(past.returnTo !== undefined && { returnTo: past.returnTo }),
    ...(past.halfway === "deleted" && { halfDeleted: own.name }),
    ...(past.clamped && { clamped: { cpus: 0 } }),
    ...(past.addresses && { addresses: { ip4: "198.19.249.2", diskUsedBytes: 15_000 } }),
  };
}

function onItsWay(drawn: Drawn, applied: Applied): Found {
  const pending = pendingOf(drawn.past, applied, applied.name);
  const { seen: _seen, ...base } = baseOf(drawn, applied);
  const image = { distro: "", version: "", arch: "", variant: "" };
  return {
    state: {
      ...base,
      made: {},
      seen: { settings: {}, power: "stopped", image },
      status: "unready",
      unready: { reason: "interrupted", detail: "" },
      pending,
    },
    live: appearing(drawn.past, pending),
  };
}

function pendingOf({ over }: Past, { before }: Applied, name: string): PendingIntent {
  const { kind } = before.origin;
  const at = NOW - (over ? 600_000 : 1000);
  const expected = { distro: "debian", arch: "arm64" };
  return {
    action: kind === "image" ? "create" : kind,
    name,
    at,
    timeoutMs: 60_000,
    expected,
    knownIds: [idOf(`known ${name}`)],
  };
}

/** The machine that an open intent announced, or a stranger under its name. */
function appearing({ appeared }: Past, { name, at }: PendingIntent): readonly MachineFacts[] {
  if (appeared === "no") return [];
  const id = appeared === "strange" ? idOf(`known ${name}`) : machineId(ulid(`late ${name}`, at + 500));
  return [liveMachine(name, { id, state: appeared === "on its way" ? "provisioning" : "running" })];
}

function baseOf({ past }: Drawn, { before, name, needs }: Applied): Omit<MachineResource, "id"> {
  const born = liveMachine(name);
  return {
    type: "machine",
    revision: 1,
    lifecycle: before.lifecycle,
    dependencies: needs.toSorted(),
    name,
    inputs: { ...inputsOf(before), default: past.isDefault },
    made: born.settings,
    seen: { settings: born.settings, power: "running", image: born.image },
    status: "ready",
  };
}

function inputsOf(before: DesiredMachine): MachineInputs {
  const inputs = machineInputs(before, ({ address, property }) => `${property} of ${address}`, digest);
  if (inputs === undefined) throw new Error("every reference stands for something");
  return inputs;
}

function idOf(mark: string): MachineId {
  return machineId(ulid(mark, NOW - 90_000_000));
}
