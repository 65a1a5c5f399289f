import type { ActionId } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { ResourceState } from "../model/snapshot.ts";
import type { ChildRef } from "../driver/driver.ts";
import { patchBetween } from "../state/patch.ts";
import type { ChildRecord, IntentRecord, OutcomeRecord, RefreshedRecord } from "../state/records.ts";

/** The journal as the executor needs it. Records stand in it in the order of the calls. */
export interface JournalPort {
  /** Resolves once the record is on disk, and with it every record handed over before. */
  write(record: RefreshedRecord | IntentRecord | ChildRecord | OutcomeRecord): Promise<void>;
}

/** An intent without what the recorder works out. */
export type Intent = Omit<IntentRecord, "kind" | "patch">;

/** An outcome without what the recorder works out. */
export type Outcome = Omit<OutcomeRecord, "kind" | "patch">;

/** What is believed while a plan is carried out, and the only way to change it: through the journal. */
export class Recorder {
  readonly #states: Map<Address, ResourceState>;
  readonly #journal: JournalPort;
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(resources: { readonly [address: Address]: ResourceState }, journal: JournalPort) {
    this.#states = new Map();
    for (const address of addressesOf(resources)) {
      const state = resources[address];
      if (state) this.#states.set(address, state);
    }
    this.#journal = journal;
  }

  /** What is believed of a resource now. */
  get(address: Address): ResourceState | undefined {
    return this.#states.get(address);
  }

  /** Everything that is believed now. */
  get states(): ReadonlyMap<Address, ResourceState> {
    return this.#states;
  }

  /** Why the journal could not be written, where that happened: nothing may be begun then. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Takes over what refreshing found, all of it or nothing; durable with the first intent. */
  refreshed(changes: readonly { readonly address: Address; readonly after: ResourceState | undefined }[]): void {
    const patches = changes.map(({ address, after }) => ({ address, patch: this.#move(address, after) }));
    const [first, ...others] = patches;
    if (first !== undefined) this.#write({ kind: "refreshed", ...first, ...(others.length > 0 && { others }) });
  }

  /** Writes an intent down; nothing may be done before this resolves. Rejects where it can't be written. */
  async intent(intent: Intent, next: ResourceState | undefined): Promise<void> {
    const patch = this.#move(intent.address, next);
    await this.#durably({ kind: "intent", ...intent, patch });
  }

  /** Writes a further process of an action down. */
  async child(action: ActionId, child: ChildRef): Promise<void> {
    await this.#durably({ kind: "child", action, child });
  }

  /**
   * Writes an outcome down. Not waited for: whatever builds on it is written to the same file after it, so it can't be
   * on disk without it; and if a crash loses it, its intent is still open and recovery finds out.
   */
  outcome(outcome: Outcome, next: ResourceState | undefined): void {
    this.#write({ kind: "outcome", ...outcome, patch: this.#move(outcome.address, next) });
  }

  /** Resolves when everything handed over is on disk, or could not be written (see {@link failure}). */
  async flush(): Promise<void> {
    await this.#last;
  }

  #move(address: Address, next: ResourceState | undefined): readonly PatchLine[] {
    const patch = patchBetween(this.#states.get(address), next);
    if (next === undefined) this.#states.delete(address);
    else this.#states.set(address, next);
    return patch;
  }

  async #durably(record: IntentRecord | ChildRecord): Promise<void> {
    this.#refuseBroken();
    this.#write(record);
    await this.#last;
    this.#refuseBroken();
  }

  #refuseBroken(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #write(record: RefreshedRecord | IntentRecord | ChildRecord | OutcomeRecord): void {
    const before = this.#last;
    const written = this.#journal.write(record).catch((error: unknown) => {
      this.#failure ??= { error };
    });
    this.#last = Promise.all([before, written]).then(() => undefined);
  }
}

function addressesOf(resources: { readonly [address: Address]: unknown }): readonly Address[] {
  return Object.keys(resources) as Address[];
}

type PatchLine = OutcomeRecord["patch"][number];
