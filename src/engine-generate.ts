/** Machines that no stack manages, for code to be written of them. Changes nothing. */
import type { Driver } from "./driver/driver.ts";
import type { Address } from "./model/address.ts";
import type { LeftOut } from "./model/authored-machine.ts";
import type { Clock } from "./model/clock.ts";
import { OrbformError } from "./model/errors.ts";
import type { LiveState } from "./model/live.ts";
import { isSettled, machineName, nameKey, type MachineFacts } from "./model/machine.ts";
import type { DesiredState } from "./model/resource.ts";
import type { Snapshot } from "./model/snapshot.ts";
import type { PlanInput } from "./plan/plan-input.ts";
import { refuseOtherWorld } from "./plan/refuse.ts";
import { trialAdoption } from "./plan/trial-adoption.ts";
import type { Claims } from "./state/claims.ts";
import { emptySnapshot } from "./state/empty-snapshot.ts";

/** What a survey needs of the outside. */
export interface SurveyPorts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly claims: Pick<Claims, "readMany">;
  /** The state of the stack that the code is for; `undefined` where it has none. */
  readonly prior: Snapshot | undefined;
}

/** The machines that code can be written of, and those for which it is not. */
export interface Survey {
  readonly live: LiveState;
  readonly machines: readonly MachineFacts[];
  readonly left: readonly LeftOut[];
}

/**
 * Looks at every machine, or at those named, in one observation, and leaves out what is somebody's already. Errors:
 * `ORB_MACHINE_NOT_FOUND` for a name that nothing has, `ORB_OTHER_WORLD`, the driver's.
 */
export async function surveyMachines(ports: SurveyPorts, names: readonly string[]): Promise<Survey> {
  const { driver, clock, claims, prior } = ports;
  const world = await driver.world();
  if (prior !== undefined) refuseOtherWorld(prior.world, world);
  const seen = await driver.observe({ settings: true, default: true });
  const asked = named(seen.machines, names);
  const live: LiveState = {
    world,
    capabilities: await driver.capabilities(),
    machines: seen.machines.filter((machine) => !machine.builtin),
    settings: seen.settings,
    default: seen.default ?? null,
    probes: {},
    inside: {},
    archives: {},
    claims: await claims.readMany(asked.map(({ id }) => id)),
    observedAt: clock.now(),
  };
  return { live, ...parted(asked, live, prior) };
}

/** Why machines of a stack could not be adopted as they stand, or what the plan after that would still do, by address. */
export function troublesOf(
  { live }: Pick<Survey, "live">,
  desired: DesiredState,
  deciding: Pick<PlanInput, "digest" | "hashText">,
): ReadonlyMap<Address, readonly string[]> {
  const prior = emptySnapshot({ stack: desired.stack, world: live.world, lineage: "" });
  // What a machine in transition will be is not known; its code says so, and asks for no power.
  const machines = live.machines.map((each) => (isSettled(each.state) ? each : { ...each, state: "running" as const }));
  return trialAdoption({ desired, prior, live: { ...live, machines }, durations: new Map(), ...deciding });
}

function named(machines: readonly MachineFacts[], names: readonly string[]): readonly MachineFacts[] {
  if (names.length === 0) return machines.filter((machine) => !machine.builtin);
  const wanted = new Map(names.map((name) => [nameKey(name), name]));
  const found = machines.filter((machine) => wanted.delete(nameKey(machine.name)));
  const missing = [...wanted.values()].map((name) => JSON.stringify(name));
  if (missing.length === 0) return found;
  throw new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "There is no such machine",
    detail: `There is no machine called ${missing.join(", ")}. Nothing was written.`,
    hint: "To see the machines there are, run: orbctl list",
  });
}

function parted(
  asked: readonly MachineFacts[],
  live: LiveState,
  prior: Snapshot | undefined,
): Pick<Survey, "machines" | "left"> {
  const owners = ownersIn(prior);
  const machines: MachineFacts[] = [];
  const left: LeftOut[] = [];
  for (const machine of asked) {
    const why = whyLeft(machine, owners.get(machine.id), live.claims[machine.id]);
    if (why === undefined) machines.push(machine);
    else left.push({ name: machine.name, why });
  }
  return { machines, left };
}

function whyLeft(machine: MachineFacts, owner: string | undefined, claim: string | undefined): string | undefined {
  if (machine.builtin) return "It is OrbStack's own.";
  if (owner !== undefined) return `It is ${owner} of this stack already.`;
  if (claim !== undefined) return claim;
  return machineName(machine.name) === undefined ? "No machine of a stack can have that name." : undefined;
}

function ownersIn(prior: Snapshot | undefined): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const [address, state] of Object.entries(prior?.resources ?? {})) {
    if (state.type !== "machine") continue;
    if (state.id !== undefined) owners.set(state.id, address);
    for (const { id } of state.deposed ?? []) owners.set(id, address);
  }
  return owners;
}
