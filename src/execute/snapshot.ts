import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { MachineDetails } from "../model/machine.ts";
import { isDesiredInside, type DesiredResource } from "../model/resource.ts";
import type { MachineResource, OutputState, ResourceState, Snapshot } from "../model/snapshot.ts";
import { withoutGone } from "../model/succession.ts";
import { refsIn, resolveValue, type Value } from "../model/value.ts";
import { lookedAt, lookupIn } from "./lookup.ts";
import type { Run } from "./run.ts";
import { settledAlone, settledWith } from "./settle.ts";
import { valuesOf } from "./asked.ts";

/** A stack's output as it is now. Sensitive ones are here and nowhere else. */
export interface OutputValue {
  readonly value: Json;
  readonly sensitive: boolean;
}

/** What is left when everything has ended. */
export interface Ended {
  readonly snapshot: Snapshot;
  readonly outputs: { readonly [name: string]: OutputValue };
}

/** Puts the snapshot together: what is believed now, settled where nothing had to be done, with its outputs. */
export async function endWith(run: Run, prior: Snapshot): Promise<Ended> {
  const alone = settledAlone(run);
  const outputs = Object.entries(run.plan.outputs);
  const asked = outputs.map(([, output]) => output.value);
  // Also what something done by this run refers to: by what state keeps of it the next plan compares.
  const used = Object.values(run.plan.settled).flatMap((each) => [...valuesOf(each), ...hiddenOf(run, each)]);
  const details = await lookAt(run, lookedAt([...asked, ...used]));
  const lookup = lookupIn((address) => run.recorder.get(address), details);
  const states = new Map(run.recorder.states);
  for (const address of alone) {
    const state = states.get(address);
    const settled = run.plan.settled[address];
    if (state && settled) states.set(address, settledWith(run, { state, settled, lookup }));
  }
  const values: { [name: string]: OutputValue } = {};
  for (const [name, { value, sensitive }] of outputs) {
    const known = resolveValue(value, lookup) ?? prior.outputs[name]?.value ?? (isMade(run, value) ? null : undefined);
    if (known !== undefined) values[name] = { value: known, sensitive };
  }
  return { snapshot: snapshotOf(run, prior, { states, details, values }), outputs: values };
}

/** What stands in no plan refers to others too. */
function hiddenOf({ ports }: Run, resource: DesiredResource): readonly Value[] {
  if (!isDesiredInside(resource) || !resource.sensitive) return [];
  return Object.values(ports.readHidden(resource.address) ?? {});
}

/** Whether all that a value refers to is there: what can't be read of it then, OrbStack doesn't tell. */
function isMade(run: Run, value: Value): boolean {
  return refsIn(value).every(({ address }) => {
    const state = run.recorder.get(address);
    return state !== undefined && (state.type !== "machine" || state.id !== undefined);
  });
}

interface Parts {
  readonly states: ReadonlyMap<Address, ResourceState>;
  readonly details: ReadonlyMap<Address, MachineDetails>;
  readonly values: { readonly [name: string]: OutputValue };
}

function snapshotOf(run: Run, prior: Snapshot, { states, details, values }: Parts): Snapshot {
  const known = [...run.knownIds];
  const resources = [...states]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, state]) => {
      const machine = details.get(address);
      const filled = state.type === "machine" ? withKnownIds(state, known) : withoutGone(state, (on) => states.get(on));
      return [address, machine && filled.type === "machine" ? withAddresses(filled, machine) : filled] as const;
    });
  return {
    ...prior,
    serial: prior.serial + 1,
    resources: Object.fromEntries(resources),
    outputs: outputsOf(run, prior, values),
  };
}

/** What the plan leaves out stays as it was, until the stack has no such output any more. */
function outputsOf({ plan }: Run, prior: Snapshot, values: Parts["values"]): Snapshot["outputs"] {
  const gone = new Set(plan.outputChanges.flatMap(({ name, after }) => (after === undefined ? [name] : [])));
  const stays = Object.entries(prior.outputs).filter(([name]) => !gone.has(name));
  const resolved = Object.entries(values).map(([name, output]): [string, OutputState] => [name, kept(output)]);
  const all = Object.entries(Object.fromEntries([...stays, ...resolved]));
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A sensitive value is never stored. */
function kept({ value, sensitive }: OutputValue): OutputState {
  return { value: sensitive ? null : value, sensitive };
}

/** In the journal the known ids stand once; in a snapshot an open intent has to bring its own. */
function withKnownIds(state: MachineResource, knownIds: readonly string[]): MachineResource {
  if (state.pending === undefined || state.pending.knownIds.length > 0) return state;
  return { ...state, pending: { ...state.pending, knownIds } };
}

function withAddresses(state: MachineResource, { ip4, ip6, diskUsedBytes }: MachineDetails): MachineResource {
  const addresses = {
    ...(ip4 === undefined ? {} : { ip4 }),
    ...(ip6 === undefined ? {} : { ip6 }),
    ...(diskUsedBytes === undefined ? {} : { diskUsedBytes }),
  };
  return { ...state, addresses };
}

async function lookAt(run: Run, addresses: readonly Address[]): Promise<ReadonlyMap<Address, MachineDetails>> {
  const details = new Map<Address, MachineDetails>();
  for (const address of addresses) {
    const state = run.recorder.get(address);
    const id = state?.type === "machine" ? state.id : undefined;
    // An address that can't be read is left as it was: the changes are made, and they are what counts.
    const machine = id && (await run.ports.driver.inspect({ id }, { settings: false }).catch(() => undefined));
    if (machine) details.set(address, machine);
  }
  return details;
}
