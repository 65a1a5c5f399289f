/** Random desired, prior and live states, with as much in them as the planner knows of. */
import * as fc from "fast-check";
import type { Json } from "../../src/model/json.ts";
import type { LiveState } from "../../src/model/live.ts";
import type { DesiredMachine, DesiredState } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Value } from "../../src/model/value.ts";
import type { AdoptRequest, PlanInput, PlanOptions } from "../../src/plan/plan-input.ts";
import { at, digest, inputOf } from "./plan-builders.ts";
import { archiveSlot, worldOfArchives, type ArchiveSlot } from "./plan-worlds-archive.ts";
import { machineSlot, worldOfMachines, type MachineSlot, type Names } from "./plan-worlds-machine.ts";
import { settingSlot, worldOfSettings, type Keys, type SettingSlot } from "./plan-worlds-setting.ts";
import { among, mostly } from "./plan-worlds-chance.ts";

const MACHINES = 6;
const NAMES = ["a", "b", "c", "d", "e", "f"];
const SETTINGS = 3;
const ARCHIVES = 3;
const KEYS = ["k_1", "k_2", "k_3"];

/** Draws a world: machines, settings, archives, and what stands around them. */
interface Draw {
  readonly machines: readonly MachineSlot[];
  readonly settings: readonly SettingSlot[];
  readonly archives: readonly ArchiveSlot[];
  /** Names as the stack wants them and as they are: arrangements of one set, so that rings of names come up. */
  readonly names: Names;
  readonly keys: Keys;
  readonly around: Around;
  readonly options: OptionsDraw;
}

interface Around {
  /** Strangers in the world, by the name they hold. */
  readonly strangers: readonly string[];
  readonly isDefault: "unasked" | "nobody" | "stranger" | number;
  readonly chosen: number | null;
  readonly cloneNeedsStop: boolean;
  readonly outputs: readonly (readonly [name: string, property: string, index: number])[];
  readonly outputsBefore: readonly (readonly [string, Json])[];
  readonly slow: boolean;
}

interface OptionsDraw {
  readonly targets: readonly number[];
  readonly excludes: readonly number[];
  readonly replace: readonly number[];
  readonly adopt: readonly number[];
  readonly allowReplace: boolean;
  readonly destroy: boolean;
}

const around: fc.Arbitrary<Around> = fc.record({
  strangers: fc.oneof(
    { weight: 6, arbitrary: fc.constant(["stranger"]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom("stranger", "x", ...NAMES), { maxLength: 2 }) },
  ),
  isDefault: fc.oneof(among<Around["isDefault"]>("unasked", "nobody", "stranger"), fc.nat(MACHINES - 1)),
  chosen: fc.option(fc.nat(MACHINES - 1)),
  cloneNeedsStop: mostly(false, true),
  outputs: fc.array(
    fc.tuple(among("ip", "id", "words"), among("id", "ip4", "name", "hostname"), fc.nat(MACHINES - 1)),
    { maxLength: 2 },
  ),
  outputsBefore: fc.array(fc.tuple(among("ip", "old"), among<Json>("v", null)), { maxLength: 2 }),
  slow: fc.boolean(),
});

const indices = fc.uniqueArray(fc.nat(MACHINES - 1), { maxLength: 2 });
const none = fc.constant<readonly number[]>([]);

const plain: fc.Arbitrary<OptionsDraw> = fc.record({
  targets: none,
  excludes: none,
  replace: none,
  adopt: none,
  allowReplace: fc.constant(false),
  destroy: fc.constant(false),
});

const part = fc.oneof({ weight: 3, arbitrary: none }, { weight: 1, arbitrary: indices });

function options({ asks, adopts }: Kind): fc.Arbitrary<OptionsDraw> {
  if (!asks) return plain;
  return fc.record({
    targets: part,
    excludes: part,
    replace: part,
    adopt: adopts === true ? fc.uniqueArray(fc.nat(MACHINES - 1), { minLength: 1, maxLength: 3 }) : part,
    allowReplace: fc.boolean(),
    destroy: mostly(false, true),
  });
}

function permutation<T>(all: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(all) },
    { weight: 1, arbitrary: fc.shuffledSubarray([...all], { minLength: all.length }) },
  );
}

/** How much of what can go wrong is in a world. */
export interface Kind {
  /** Most of its plans can be applied: no machine on its way, none that nobody can tell whose it is. */
  readonly calm: boolean;
  /** Only a part is planned, or something is asked for beyond the stack. */
  readonly asks: boolean;
  /** Every plan is asked to adopt something. */
  readonly adopts?: boolean;
}

/** Random inputs of the planner. */
export function planInputs(kind: Kind): fc.Arbitrary<PlanInput> {
  return fc
    .record<Draw>({
      machines: fc.array(machineSlot(kind, MACHINES), { minLength: MACHINES, maxLength: MACHINES }),
      settings: fc.array(settingSlot(kind), { minLength: SETTINGS, maxLength: SETTINGS }),
      archives: fc.array(archiveSlot(kind, MACHINES), { maxLength: ARCHIVES }),
      names: fc.record({ wanted: permutation(NAMES), found: permutation(NAMES) }),
      keys: fc.record({ wanted: permutation(KEYS), held: permutation(KEYS) }),
      around,
      options: options(kind),
    })
    .map(inputFrom);
}

/** What holds in no matter what: few worlds are calm, and anything is asked. */
export const anyInputs = planInputs({ calm: false, asks: true });

/** Worlds in which something is to be adopted. */
export const adoptingInputs = planInputs({ calm: true, asks: true, adopts: true });

/** Worlds in which most plans can be applied whole. */
export const calmInputs = planInputs({ calm: true, asks: false });

function inputFrom({ machines, settings, archives, names, keys, around: rest, options: asked }: Draw): PlanInput {
  const ours = worldOfMachines(machines, { names, chosen: rest.chosen, strangers: rest.strangers });
  const stored = worldOfArchives(archives, ours);
  const globals = worldOfSettings(settings, { ...keys, named: ours.desired[0]?.address });
  const holder = typeof rest.isDefault === "number" ? ours.live[rest.isDefault] : undefined;
  const named = rest.isDefault === "stranger" ? "stranger" : (holder?.name ?? null);
  const liveMore: Partial<LiveState> = {
    settings: globals.live,
    probes: ours.probes,
    claims: ours.claims,
    archives: stored.live,
    capabilities: { version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: rest.cloneNeedsStop },
  };
  const { default: _unasked, ...live } = inputOf({ live: ours.live, liveMore }).live;
  const input = inputOf({
    desired: [...stored.machines, ...globals.desired, ...stored.desired],
    outputs: outputsOf(rest, ours.desired),
    prior: { ...ours.prior, ...globals.prior, ...stored.prior },
    priorOutputs: outputsBefore(rest),
    options: optionsFrom(asked),
  });
  return {
    ...input,
    desired: { ...input.desired, ...(rest.slow && { env: "prod" }) },
    live: rest.isDefault === "unasked" ? live : { ...live, default: named },
    durations: new Map(
      rest.slow
        ? [
            ["create", 99],
            ["delete machine.m1", 7],
          ]
        : [],
    ),
    digest,
  };
}

/** Outputs speak of machines that the stack has. */
function outputsOf({ outputs }: Around, desired: readonly DesiredMachine[]): DesiredState["outputs"] {
  return Object.fromEntries(
    outputs.map(([name, property, index]) => {
      const address = desired[index]?.address;
      const value: Value = address === undefined ? "v" : { "~orbform": "ref", address, property };
      return [name, { value, sensitive: name === "words" }];
    }),
  );
}

function outputsBefore({ outputsBefore: before }: Around): Snapshot["outputs"] {
  return Object.fromEntries(before.map(([name, value]) => [name, { value, sensitive: false }]));
}

function optionsFrom(draw: OptionsDraw): PlanOptions {
  const addresses = (which: readonly number[]) => which.map((index) => at(`m${index}`));
  const adopt: AdoptRequest[] = draw.adopt.map((index) =>
    index % 2 === 0 ? at(`m${index}`) : { address: at(`m${index}`), name: index % 3 === 0 ? "docker" : "stranger" },
  );
  return {
    mode: draw.destroy ? "destroy" : "normal",
    targets: addresses(draw.targets),
    excludes: addresses(draw.excludes),
    replace: addresses(draw.replace),
    adopt,
    allowReplace: draw.allowReplace,
  };
}
