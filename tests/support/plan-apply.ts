/** A small, pure stand-in for apply: carries out a plan's actions on a world of values, one by one, in any valid order. */
import { assertNever } from "../../src/model/errors.ts";
import {
  waitsFor,
  type Action,
  type ConfigAction,
  type DeleteAction,
  type ExportAction,
  type InsideAction,
  type SettingAction,
  type StartAction,
} from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import { archiveProperty, type ArchiveFacts } from "../../src/model/archive.ts";
import {
  machineId,
  nameKey,
  SETTING_DEFAULTS,
  type MachineFacts,
  type MachineSettings,
} from "../../src/model/machine.ts";
import type { InsideFacts } from "../../src/model/inside.ts";
import type { Plan } from "../../src/model/plan.ts";
import { settingText } from "../../src/model/setting-text.ts";
import type { MachineResource, OutputState, ResourceState } from "../../src/model/snapshot.ts";
import { refsIn, resolveValue, type RefValue } from "../../src/model/value.ts";
import { sortTopologically } from "../../src/graph/dag.ts";
import type { PlanInput } from "../../src/plan/plan-input.ts";
import {
  bornState,
  changedState,
  configuredState,
  deletedState,
  exportedState,
  insideState,
  poweredState,
  settledState,
  writtenState,
} from "./plan-apply-state.ts";
import { ulid } from "./plan-builders.ts";

/** What applying leaves; `violations` are laws that an action broke. */
export interface Applied {
  readonly input: PlanInput;
  readonly violations: readonly string[];
}

export function applyPlan(input: PlanInput, plan: Plan): Applied {
  const world = new World(input, plan);
  const { order } = sortTopologically(new Map(plan.actions.map((each) => [each.id, waitsFor(each)])));
  const byId = new Map(plan.actions.map((each) => [each.id, each]));
  for (const id of order) {
    const action = byId.get(id);
    if (action !== undefined) world.act(action);
  }
  return world.done();
}

const IP = "198.19.249.9";

class World {
  readonly #input: PlanInput;
  readonly #plan: Plan;
  readonly #machines: Map<string, MachineFacts>;
  readonly #settings: Map<string, string>;
  readonly #states: Map<Address, ResourceState>;
  readonly #violations: string[] = [];
  readonly #facts: Map<Address, InsideFacts>;
  #default: string | null;
  #made = 0;

  constructor(input: PlanInput, plan: Plan) {
    this.#input = input;
    this.#plan = plan;
    this.#facts = new Map(Object.entries(input.live.inside) as [Address, InsideFacts][]);
    this.#machines = new Map(input.live.machines.map((each) => [each.id, each]));
    this.#settings = new Map(Object.entries(input.live.settings));
    this.#states = new Map();
    for (const [key, state] of Object.entries({ ...input.prior.resources, ...plan.refreshed })) {
      if (state === null) continue;
      this.#states.set(key as Address, state);
      // In a machine that nobody could look into all is as it was.
      if ("on" in state && !this.#facts.has(key as Address)) this.#facts.set(key as Address, state.seen);
    }
    const holder = input.live.machines.find((each) => each.name === input.live.default);
    this.#default = holder?.id ?? null;
  }

  act(action: Action): void {
    switch (action.kind) {
      case "create": {
        const { distro, version, arch } = action;
        const image = { distro, version: version ?? "any", arch: arch ?? "arm64", variant: "" };
        const settings = { user: "me", ...SETTING_DEFAULTS, ...this.#resolve(action.settings) };
        return this.#born(action, { state: "running", image, settings, ready: action.ready !== null });
      }
      case "clone": {
        const source = this.#machines.get(this.#idOf(action.source));
        if (source === undefined) return this.#break(`${action.id}: no source`);
        const isRefused = this.#input.live.capabilities.cloneNeedsStop && source.state !== "stopped";
        if (isRefused) this.#break(`${action.id}: the source runs`);
        return this.#born(action, { ...source, state: "stopped", ready: false });
      }
      case "restore": {
        const image = { distro: "debian", version: "bookworm", arch: "arm64", variant: "" };
        const settings = { user: "me", ...SETTING_DEFAULTS, cpus: 7 };
        // Whether an import leaves it running is not known; one whose power is its own is taken to be stopped.
        const wanted = this.#plan.settled[action.address];
        const state = wanted?.type === "machine" && wanted.power === "any" ? "stopped" : "running";
        return this.#born(action, { state, image, settings, ready: false });
      }
      case "rename":
        if (this.#named(action.to) !== undefined) this.#break(`${action.id}: ${action.to} is taken`);
        if (this.#machines.get(this.#idOf(action.target))?.name !== action.from)
          this.#break(`${action.id}: not ${action.from}`);
        return this.#change(action, (machine) => ({ ...machine, name: action.to }));
      case "start":
      case "restart":
        return this.#start(action);
      case "stop":
        this.#change(action, (machine) => ({ ...machine, state: "stopped" }));
        return this.#note(action, (state) => poweredState(state, { probed: false, fresh: false }));
      case "config":
        return this.#configure(action);
      case "set-default":
        this.#default = action.target === null ? null : this.#idOf(action.target);
        return;
      case "delete":
        return this.#delete(action);
      case "adopt": {
        const machine = this.#machines.get(this.#idOf(action.target));
        if (machine === undefined) return this.#break(`${action.id}: no machine`);
        return this.#keep(action.address, machine, { ready: true, deposed: this.#machineAt(action.address)?.deposed });
      }
      case "forget":
        this.#states.delete(action.address);
        return;
      case "write":
      case "run":
      case "remove":
        if (action.subject === "archive") return void this.#states.delete(action.address);
        return action.subject === "setting" ? this.#set(action) : this.#inside(action);
      case "export":
        return this.#export(action);
      default:
        return assertNever(action);
    }
  }

  done(): Applied {
    for (const [address, desired] of Object.entries(this.#plan.settled)) {
      const state = this.#states.get(address as Address);
      if (state !== undefined)
        this.#states.set(
          address as Address,
          settledState(state, desired, (ref) => this.#look(ref)),
        );
    }
    const outputs = this.#outputs();
    const { prior, live, options } = this.#input;
    const holder = this.#default === null ? undefined : this.#machines.get(this.#default);
    return {
      input: {
        ...this.#input,
        prior: { ...prior, serial: prior.serial + 1, resources: Object.fromEntries(this.#states), outputs },
        live: {
          ...live,
          machines: [...this.#machines.values()],
          settings: Object.fromEntries(this.#settings),
          probes: {},
          inside: this.#seen(),
          archives: this.#stored(),
          ...(live.default !== undefined && { default: holder?.name ?? null }),
        },
        options: { ...options, replace: [], adopt: [] },
      },
      violations: this.#violations,
    };
  }

  /** What a look into the machines that run finds. */
  #seen(): { readonly [address: Address]: InsideFacts } {
    const running = new Set(
      [...this.#machines.values()].filter((each) => each.state === "running").map(({ id }) => id),
    );
    const seen = [...this.#states].flatMap(([address, state]) => {
      const facts = "machine" in state && running.has(state.machine) ? this.#facts.get(address) : undefined;
      return facts === undefined ? [] : [[address, facts] as const];
    });
    return Object.fromEntries(seen);
  }

  /** Outputs as they are now; whose address they ask for is looked at. */
  #outputs(): { readonly [name: string]: OutputState } {
    const outputs: { [name: string]: OutputState } = {};
    for (const [name, { value, sensitive }] of Object.entries(this.#plan.outputs)) {
      for (const { address } of refsIn(value)) this.#lookAt(address);
      const known = resolveValue(value, (ref) => this.#look(ref)) ?? this.#input.prior.outputs[name]?.value ?? null;
      outputs[name] = { value: sensitive ? null : known, sensitive };
    }
    return outputs;
  }

  #lookAt(address: Address): void {
    const state = this.#machineAt(address);
    const runs = state?.id !== undefined && this.#machines.get(state.id)?.state === "running";
    if (state !== undefined) this.#states.set(address, { ...state, addresses: runs ? { ip4: IP } : {} });
  }

  #born(
    action: Extract<Action, { kind: "create" | "clone" | "restore" }>,
    born: Pick<MachineFacts, "state" | "image" | "settings"> & { readonly ready: boolean },
  ): void {
    if (this.#named(action.name) !== undefined) this.#break(`${action.id}: ${action.name} is taken`);
    this.#made += 1;
    const { state, image, settings, ready } = born;
    const id = machineId(ulid(`${action.id} ${this.#input.prior.serial} ${this.#made}`));
    const machine: MachineFacts = { id, name: action.name, state, image, settings, builtin: false };
    this.#machines.set(id, machine);
    const before = this.#machineAt(action.address);
    const old = before?.id === undefined ? [] : [{ id: before.id, name: before.name }];
    this.#keep(action.address, machine, { ready, deposed: [...(before?.deposed ?? []), ...old] });
  }

  #keep(address: Address, machine: MachineFacts, more: { ready: boolean; deposed: MachineResource["deposed"] }): void {
    const desired = this.#plan.settled[address];
    if (desired?.type !== "machine") return this.#break(`${address} is not settled`);
    this.#states.set(address, bornState(desired, machine, { ...more, look: (ref) => this.#look(ref) }));
  }

  #start(action: StartAction): void {
    this.#change(action, (machine) => ({ ...machine, state: "running" }));
    this.#note(action, (state) =>
      poweredState(state, { probed: action.ready !== null, fresh: action.identity === "fresh" }),
    );
  }

  #configure(action: ConfigAction): void {
    const asked = this.#resolve(action.settings);
    this.#change(action, (machine) => ({ ...machine, settings: { ...machine.settings, ...asked } }));
    const runs = this.#machines.get(this.#idOf(action.target))?.state === "running";
    this.#note(action, (state) => configuredState(state, asked, action.needsRestart && runs));
  }

  #change(
    action: Action & { readonly target: { id: string | null; address: Address } },
    change: (machine: MachineFacts) => MachineFacts,
  ): void {
    const machine = this.#machines.get(this.#idOf(action.target));
    if (machine === undefined) return this.#break(`${action.id}: no machine`);
    const next = change(machine);
    this.#machines.set(machine.id, next);
    this.#note(action, (state) => changedState(state, next));
  }

  /** Only what is done to a resource's own machine changes its state. */
  #note(
    action: Action & { readonly target: { id: string | null; address: Address } },
    next: (state: MachineResource) => MachineResource,
  ): void {
    const state = this.#machineAt(action.address);
    if (state?.id === this.#idOf(action.target)) this.#states.set(action.address, next(state));
  }

  #delete(action: DeleteAction): void {
    const id = this.#idOf(action.target);
    if (this.#machines.get(id)?.name !== action.name) this.#break(`${action.id}: not ${action.name}`);
    this.#machines.delete(id);
    if (this.#default === id) this.#default = null;
    const state = this.#machineAt(action.address);
    const left = state && deletedState(state, id);
    if (left === undefined) this.#states.delete(action.address);
    else this.#states.set(action.address, left);
  }

  #inside(action: InsideAction): void {
    const machine = this.#machines.get(this.#idOf(action.target));
    if (machine === undefined) return this.#break(`${action.id}: no machine`);
    if (machine.state !== "running") return this.#break(`${action.id}: its machine does not run`);
    if (action.kind === "remove") {
      this.#facts.delete(action.address);
      return void this.#states.delete(action.address);
    }
    const desired = this.#plan.settled[action.address];
    const made = desired && insideState(desired, { machine, look: (ref) => this.#look(ref), states: this.#states });
    if (made === undefined) return this.#break(`${action.id} is not settled`);
    this.#facts.set(action.address, made.seen);
    this.#states.set(action.address, made);
  }

  #export(action: ExportAction): void {
    const machine = this.#machines.get(this.#idOf(action.target));
    const desired = this.#plan.settled[action.address];
    if (machine === undefined || desired?.type !== "archive") return this.#break(`${action.id}: no machine`);
    const state = this.#states.get(action.address);
    const before = state?.type === "archive" ? state : undefined;
    this.#states.set(action.address, exportedState(desired, machine, { look: (ref) => this.#look(ref), before }));
  }

  /** What stands where archives were put: what was put there. */
  #stored(): { readonly [address: Address]: ArchiveFacts } {
    const stored = [...this.#states].flatMap(([address, state]) => {
      if (state.type !== "archive" || state.made === undefined) return [];
      const { sizeBytes, sha256: recorded } = state.made;
      return [[address, { status: "found" as const, sizeBytes, recorded }] as const];
    });
    return Object.fromEntries(stored);
  }

  #set(action: SettingAction): void {
    const value = resolveValue(action.value, (ref) => this.#look(ref));
    if (value === undefined) return this.#break(`${action.id}: its value is not known`);
    const before = this.#states.get(action.address);
    if (value !== null || action.kind === "write") this.#settings.set(action.key, settingText(value));
    if (action.kind === "remove") return void this.#states.delete(action.address);
    const desired = this.#plan.settled[action.address];
    if (desired?.type !== "setting") return this.#break(`${action.id} is not settled`);
    this.#states.set(action.address, writtenState(desired, action, value, before));
  }

  #resolve(settings: object): MachineSettings {
    const resolved = Object.entries(settings).map(([key, value]) => [
      key,
      resolveValue(value, (ref) => this.#look(ref)),
    ]);
    return Object.fromEntries(resolved.filter(([, value]) => value !== null));
  }

  #look({ address, property }: RefValue) {
    const state = this.#states.get(address);
    if (state?.type === "archive") return archiveProperty(state.made, property);
    if (state?.type !== "machine") return undefined;
    if (property === "id") return state.id;
    if (property === "ip4") return state.addresses?.ip4;
    const rename = this.#plan.actions.find(
      (each) => each.kind === "rename" && each.address === address && !each.temporary,
    );
    const name = rename?.kind === "rename" ? rename.to : state.name;
    return property === "hostname" ? `${name}.orb.local` : name;
  }

  #machineAt(address: Address): MachineResource | undefined {
    const state = this.#states.get(address);
    return state?.type === "machine" ? state : undefined;
  }

  #idOf(target: { id: string | null; address: Address }): string {
    return target.id ?? this.#machineAt(target.address)?.id ?? "";
  }

  #named(name: string): MachineFacts | undefined {
    return [...this.#machines.values()].find((each) => nameKey(each.name) === nameKey(name));
  }

  #break(law: string): void {
    this.#violations.push(law);
  }
}
