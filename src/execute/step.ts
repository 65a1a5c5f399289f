import type { Action } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Json } from "../model/json.ts";
import { isSettled, type MachineDetails, type MachineId } from "../model/machine.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource, PendingIntent, ResourceState, SettingResource } from "../model/snapshot.ts";
import { resolveValue, type Lookup, type Value } from "../model/value.ts";
import type { ChildRef, Operation, PerformOptions, Selector, Verb } from "../driver/driver.ts";
import type { DriverError } from "../driver/errors.ts";
import type { BegunScript } from "../model/inside.ts";
import { asDriverError, notBegun, stale, stuck, unknownValue } from "./failure.ts";
import { lookUp } from "./lookup.ts";
import { findIn } from "./poller.ts";
import { decide, isVerdict, type Decision } from "./retry.ts";
import { idOf, type Run } from "./run.ts";
import { supervise, type Sight } from "./supervise.ts";

/** How an operation can be seen to be done, and from when on it is looked at before its time-out. */
export interface Seen {
  readonly look: () => Promise<Sight>;
  readonly watchAfterMs?: number;
  /** By what a script inside can be asked for by whoever comes after a run that died. */
  readonly script?: BegunScript;
}

/** One action being carried out, over all its attempts. */
export class Step<A extends Action = Action> {
  readonly run: Run;
  readonly action: A;
  attempt = 1;
  /** The last failure, once nothing may be done any more but to look. */
  onlyLook: DriverError | undefined;
  /** The disk is full: its limit must go before anything else. */
  freeSpace = false;
  lastVerb: Verb | "exec" = "start";
  /** The boot in which its machine was looked into last. */
  boot: string | undefined;
  /** How often it was waited for a machine that OrbStack would not touch while it changed. */
  settles = 0;
  /** What was believed of the action's resource when the action began. */
  readonly before: ResourceState | undefined;
  #kept: { readonly state: ResourceState | undefined } | undefined;
  #intended: { readonly state: ResourceState | undefined; readonly pending?: PendingIntent } | undefined;
  #begun = false;
  #wasBegun = false;
  #isUncertain = false;
  #mayAppear = false;

  constructor(run: Run, action: A) {
    this.run = run;
    this.action = action;
    this.before = run.recorder.get(action.address);
  }

  /** What is believed of the action's resource. */
  get state(): ResourceState | undefined {
    return this.run.recorder.get(this.action.address);
  }

  /** The state that holds if nothing more comes of the action: as it was, or as it is known to be since. */
  get fallback(): ResourceState | undefined {
    return this.#kept ? this.#kept.state : this.before;
  }

  get hasKept(): boolean {
    return this.#kept !== undefined;
  }

  /** Whether any attempt wrote an intent: before that, nothing can have been done. */
  get wasBegun(): boolean {
    return this.#wasBegun;
  }

  /** Something may have been done that is not kept: an answer was lost, or what was done was not seen yet. */
  get isUncertain(): boolean {
    return this.#isUncertain;
  }

  get now(): number {
    return this.run.ports.clock.now();
  }

  /** The machine of the action's address; a plan that has none there is a bug. */
  machine(): MachineResource {
    const { state } = this;
    if (state?.type === "machine") return state;
    throw new InvariantError(`${this.action.id} is for a machine that is not in state`);
  }

  /** The setting of the action's address, where one is in state. */
  setting(): SettingResource | undefined {
    return this.state?.type === "setting" ? this.state : undefined;
  }

  /** A further attempt begins: it writes an intent of its own. */
  again(): void {
    this.attempt += 1;
    this.#begun = false;
  }

  /** Nothing is there of what was to be made: certain, unless an answer was lost and it may still appear. */
  sawNothing(): void {
    if (!this.#mayAppear) this.#isUncertain = false;
  }

  /** What must be in state if no outcome is ever written. On disk before the next operation begins. */
  intend(state: ResourceState | undefined, pending?: PendingIntent): void {
    this.#intended = pending === undefined ? { state } : { state, pending };
  }

  /** What is certain from now on, whatever fails after it. */
  keep(state: ResourceState | undefined): void {
    this.#kept = { state };
    this.#isUncertain = false;
    this.#mayAppear = false;
    this.#intended = { state };
  }

  /** Carries out one operation: intent, operation, and a look where it doesn't return in time. */
  async operate(operation: Operation, seen: Seen): Promise<void> {
    await this.carry(operation.verb, (options) => this.run.ports.driver.perform(operation, options), seen);
  }

  /** The same for whatever changes something and is begun like an operation. */
  async carry(
    verb: Verb | "exec",
    work: (options: Required<PerformOptions>) => Promise<void>,
    seen: Seen,
  ): Promise<void> {
    this.lastVerb = verb;
    if (this.onlyLook) throw this.onlyLook;
    const { clock } = this.run.ports;
    try {
      await supervise((signal) => work({ begin: (child) => this.#begin(child, seen.script), signal }), {
        clock,
        timeoutMs: this.action.timeoutMs,
        ...(seen.watchAfterMs === undefined ? {} : { watchAfterMs: seen.watchAfterMs }),
        look: () => this.#look(seen),
      });
    } catch (error) {
      const failure = asDriverError(error);
      if (this.decide(failure) !== "done") {
        const { kind, outcome } = failure;
        if (outcome === "unknown" && this.#wasBegun) this.#note({ mayAppear: !isVerdict(kind) });
        throw error;
      }
    }
    this.#note({ mayAppear: true });
  }

  /** What follows a failure of the operation that was carried out last. */
  decide({ kind, outcome }: DriverError): Decision {
    const { attempt, lastVerb: verb, isUncertain: uncertain, action } = this;
    return decide({ verb, kind, outcome, attempt, uncertain, retries: action.retries });
  }

  /** A machine as it is when it holds still; `undefined` where there is none. Waits while it is in transition. */
  async settled(which: Selector, want = { settings: false }): Promise<MachineDetails | undefined> {
    const { driver } = this.run.ports;
    const deadline = this.now + this.action.timeoutMs;
    let machine = await driver.inspect(which, want);
    if (machine && !isSettled(machine.state)) this.waiting("settled");
    while (machine && !isSettled(machine.state)) {
      if (this.now >= deadline) throw stuck(machine);
      const list = await this.run.poller.next();
      const listed = list && findIn(list, which);
      if (list && (listed === undefined || isSettled(listed.state))) machine = await driver.inspect(which, want);
    }
    return machine;
  }

  /** The machine of a target as it is now, settled, by its id. Errors: `ORB_PLAN_STALE` where it is gone. */
  async target(id: MachineId | undefined, want = { settings: false }): Promise<MachineDetails> {
    const { address } = this.action;
    if (id === undefined) throw stale(address, "The plan names a machine that is not there.");
    const machine = await this.settled({ id }, want);
    if (machine === undefined) throw stale(address, `The machine with the id ${id} is gone.`);
    if (machine.id !== id) throw stale(address, `Another machine answers to the id ${id}.`);
    return machine;
  }

  /** The id of the machine the action is for. */
  targetId(): MachineId | undefined {
    return "target" in this.action && this.action.target ? idOf(this.run, this.action.target) : undefined;
  }

  /** What references stand for now; machines whose addresses are asked for are looked at, each once. */
  lookup(values: readonly (Value | undefined)[]): Promise<Lookup> {
    return lookUp(this.run, values);
  }

  /** A value with its references resolved. Errors: `ORB_VALUE_UNKNOWN`. */
  async resolve(value: Value): Promise<Json> {
    const resolved = resolveValue(value, await this.lookup([value]));
    if (resolved !== undefined) return resolved;
    throw unknownValue();
  }

  waiting(waitingFor: "settled" | "ready" | "answer"): void {
    this.run.emit({ event: "waiting", ...this.eventBase(), waitingFor });
  }

  notice(notice: Diagnostic): void {
    this.run.emit({ event: "notice", ...this.eventBase(), notice });
  }

  eventBase(): Pick<Action, "address"> & { action: A["id"]; does: A["kind"]; at: number } {
    const { id, address, kind } = this.action;
    return { action: id, address, does: kind, at: this.now };
  }

  async #begin(child: ChildRef | null, script?: BegunScript): Promise<void> {
    const { action, attempt, run } = this;
    if (run.interrupt.aborted) throw notBegun();
    if (this.#begun && !this.#knowsMore()) {
      if (child) await run.recorder.child(action.id, child);
      return;
    }
    this.#begun = true;
    const { state, pending } = this.#intended ?? { state: this.state };
    const intent = { action: action.id, address: action.address, does: action.kind, attempt, at: this.now };
    const more = { ...(child && { child }), ...(pending && { pending }), ...(script && { script }) };
    await run.recorder.intent({ ...intent, timeoutMs: action.timeoutMs, ...more }, state);
    this.#wasBegun = true;
  }

  /** What was kept since the last intent must survive a crash too: what is done next may hide that anything was left to do. */
  #knowsMore(): boolean {
    return this.#kept !== undefined && !sameJson(this.#kept.state, this.state);
  }

  #note({ mayAppear }: { readonly mayAppear: boolean }): void {
    this.#isUncertain = true;
    this.#mayAppear ||= mayAppear;
  }

  async #look(seen: Seen): Promise<Sight> {
    try {
      return await seen.look();
    } catch {
      // What can't be seen is not known to be absent: as long again, once.
      return "on its way";
    }
  }
}
