/** A small, pure stand-in for apply: carries out a plan's actions on a world of values, one by one, in any valid order. */
import type { Action } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import {
  machineId,
  nameKey,
  SETTING_DEFAULTS,
  type MachineFacts,
  type MachineSettings,
} from "../../src/model/machine.ts";
import { machineInputs } from "../../src/model/machine-inputs.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { DesiredMachine } from "../../src/model/resource.ts";
import type { MachineResource, ResourceState } from "../../src/model/snapshot.ts";
import { resolveValue, type RefValue } from "../../src/model/value.ts";
import { sortTopologically } from "../../src/graph/dag.ts";
import type { PlanInput } from "../../src/plan/plan-input.ts";
import { digest, ulid } from "./plan-builders.ts";

/** What applying leaves; `violations` are laws that an action broke. */
export interface Applied {
  readonly input: PlanInput;
  readonly touched: readonly string[];
  readonly violations: readonly string[];
}

export function applyPlan(input: PlanInput, plan: Plan): Applied {
  const world = new World(input, plan);
  const { order } = sortTopologically(new Map(plan.actions.map((each) => [each.id, each.after])));
  const byId = new Map(plan.actions.map((each) => [each.id, each]));
  for (const id of order) {
    const action = byId.get(id);
    if (action !== undefined) world.act(action);
  }
  return world.done();
}

class World {
  readonly #input: PlanInput;
  readonly #plan: Plan;
  readonly #machines: Map<string, MachineFacts>;
  readonly #states: Map<Address, ResourceState>;
  readonly #touched = new Set<string>();
  readonly #violations: string[] = [];
  #default: string | null;
  #made = 0;

  constructor(input: PlanInput, plan: Plan) {
    this.#input = input;
    this.#plan = plan;
    this.#machines = new Map(input.live.machines.map((each) => [each.id, each]));
    this.#states = new Map();
    for (const [key, state] of Object.entries({ ...input.prior.resources, ...plan.refreshed })) {
      if (state !== null) this.#states.set(key as Address, state);
    }
    const holder = input.live.machines.find((each) => each.name === input.live.default);
    this.#default = holder?.id ?? null;
  }

  act(action: Action): void {
    switch (action.kind) {
      case "create": {
        const settings = { user: "me", ...SETTING_DEFAULTS, ...this.#resolve(action.settings) };
        const image = {
          distro: action.distro,
          version: action.version ?? "any",
          arch: action.arch ?? "arm64",
          variant: "",
        };
        return this.#born(action, { state: "running", image, settings, ready: action.ready !== null });
      }
      case "clone": {
        const source = this.#machines.get(this.#idOf(action.source));
        if (source === undefined) return this.#break(`${action.id}: no source`);
        return this.#born(action, { ...source, state: "stopped", ready: false });
      }
      case "rename":
        if (this.#named(action.to) !== undefined) this.#break(`${action.id}: ${action.to} is taken`);
        if (this.#machines.get(this.#idOf(action.target))?.name !== action.from)
          this.#break(`${action.id}: not ${action.from}`);
        return this.#change(action, (machine) => ({ ...machine, name: action.to }));
      case "start":
      case "restart":
        return this.#change(action, (machine) => ({ ...machine, state: "running" }), true);
      case "stop":
        return this.#change(action, (machine) => ({ ...machine, state: "stopped" }));
      case "config":
        return this.#change(action, (machine) => ({
          ...machine,
          settings: { ...machine.settings, ...this.#resolve(action.settings) },
        }));
      case "set-default":
        this.#default = action.target === null ? null : this.#idOf(action.target);
        return;
      case "delete":
        return this.#delete(action);
      case "adopt":
        return this.#adopt(action);
      case "forget":
        this.#states.delete(action.address);
        return;
      case "restore":
      case "write":
      case "remove":
      default:
        return this.#break(`${action.id}: not modelled`);
    }
  }

  done(): Applied {
    for (const [address, desired] of Object.entries(this.#plan.settled)) {
      const state = this.#states.get(address as Address);
      if (desired.type !== "machine" || state?.type !== "machine") continue;
      const inputs = machineInputs(desired, (ref) => this.#look(ref), digest);
      if (inputs === undefined) continue;
      const { lifecycle, dependencies } = desired;
      this.#states.set(address as Address, { ...state, inputs, lifecycle, dependencies });
    }
    const { prior, live } = this.#input;
    return {
      input: {
        ...this.#input,
        prior: { ...prior, serial: prior.serial + 1, resources: Object.fromEntries(this.#states) },
        live: {
          ...live,
          machines: [...this.#machines.values()],
          default: (this.#default !== null && this.#machines.get(this.#default)?.name) || null,
        },
      },
      touched: [...this.#touched],
      violations: this.#violations,
    };
  }

  #born(
    action: Extract<Action, { kind: "create" | "clone" }>,
    born: Omit<MachineFacts, "id" | "name" | "builtin"> & { ready: boolean },
  ): void {
    if (this.#named(action.name) !== undefined) this.#break(`${action.id}: ${action.name} is taken`);
    this.#made += 1;
    const { state, image, settings } = born;
    const machine: MachineFacts = {
      id: machineId(ulid(`${action.id} ${this.#input.prior.serial} ${this.#made}`)),
      name: action.name,
      state,
      image,
      settings,
      builtin: false,
    };
    this.#machines.set(machine.id, machine);
    const before = this.#states.get(action.address);
    const old = before?.type === "machine" && before.id !== undefined ? [{ id: before.id, name: before.name }] : [];
    const deposed = [...((before?.type === "machine" && before.deposed) || []), ...old];
    this.#states.set(action.address, this.#stateFor(action.address, machine, { ready: born.ready, deposed }));
  }

  #stateFor(
    address: Address,
    machine: MachineFacts,
    more: { ready: boolean; deposed: NonNullable<MachineResource["deposed"]> },
  ): MachineResource {
    const desired = this.#plan.settled[address] as DesiredMachine;
    const inputs = machineInputs(desired, (ref) => this.#look(ref), digest);
    if (inputs === undefined) throw new Error("unknown inputs");
    return {
      type: "machine",
      revision: 1,
      lifecycle: desired.lifecycle,
      dependencies: desired.dependencies,
      id: machine.id,
      name: machine.name,
      inputs,
      made: machine.settings,
      seen: { settings: machine.settings, power: machine.state, image: machine.image },
      status: more.ready || desired.power !== "running" ? "ready" : "unready",
      ...(more.deposed.length > 0 && { deposed: more.deposed }),
    };
  }

  #change(
    action: Extract<Action, { target: unknown }> & { target: { id: string | null; address: Address } },
    change: (machine: MachineFacts) => MachineFacts,
    probes = false,
  ): void {
    const id = this.#idOf(action.target);
    const machine = this.#machines.get(id);
    if (machine === undefined) return this.#break(`${action.id}: no machine`);
    const next = change(machine);
    this.#touched.add(id);
    this.#machines.set(id, next);
    const state = this.#states.get(action.address);
    if (state?.type !== "machine" || state.id !== id) return;
    const { unready: _unready, restartPending: _restart, ...rest } = state;
    const seen = { ...state.seen, settings: next.settings, power: next.state };
    this.#states.set(action.address, { ...(probes ? { ...rest, status: "ready" } : state), name: next.name, seen });
  }

  #delete(action: Extract<Action, { kind: "delete" }>): void {
    const id = this.#idOf(action.target);
    this.#touched.add(id);
    if (this.#machines.get(id)?.name !== action.name) this.#break(`${action.id}: not ${action.name}`);
    this.#machines.delete(id);
    const state = this.#states.get(action.address);
    if (state?.type !== "machine") return;
    if (state.id === id && state.deposed === undefined) this.#states.delete(action.address);
    if (state.id === id && state.deposed !== undefined) {
      const { id: _id, ...rest } = state;
      this.#states.set(action.address, rest);
    }
    if (state.id !== id) {
      const left = state.deposed?.filter((each) => each.id !== id) ?? [];
      const { deposed: _deposed, ...rest } = state;
      this.#states.set(action.address, left.length > 0 ? { ...rest, deposed: left } : rest);
    }
  }

  #adopt(action: Extract<Action, { kind: "adopt" }>): void {
    const machine = this.#machines.get(this.#idOf(action.target));
    if (machine === undefined) return this.#break(`${action.id}: no machine`);
    this.#states.set(action.address, this.#stateFor(action.address, machine, { ready: true, deposed: [] }));
  }

  #resolve(settings: object): MachineSettings {
    const resolved = Object.entries(settings).map(([key, value]) => [
      key,
      resolveValue(value, (ref) => this.#look(ref)),
    ]);
    return Object.fromEntries(resolved);
  }

  #look({ address, property }: RefValue) {
    const state = this.#states.get(address);
    if (state?.type !== "machine") return undefined;
    return property === "id" ? state.id : state.name;
  }

  #idOf(target: { id: string | null; address: Address }): string {
    const state = this.#states.get(target.address);
    return target.id ?? (state?.type === "machine" ? (state.id ?? "") : "");
  }

  #named(name: string): MachineFacts | undefined {
    return [...this.#machines.values()].find((each) => nameKey(each.name) === nameKey(name));
  }

  #break(law: string): void {
    this.#violations.push(law);
  }
}
