import type { Address } from "./address.ts";
import type { ArchiveFacts } from "./archive.ts";
import type { Capabilities } from "./capabilities.ts";
import type { InsideFacts } from "./inside.ts";
import type { MachineFacts } from "./machine.ts";
import type { World } from "./snapshot.ts";

/** What exists now, as one observation found it. Pure data: everything the planner may know of the outside. */
export interface LiveState {
  readonly world: World;
  readonly capabilities: Capabilities;
  /** Every machine `list` shows, without built-ins, in the driver's order. Ids and names are unique. */
  readonly machines: readonly MachineFacts[];
  /** Global settings as printed, by key; absent where nothing asked for them. */
  readonly settings: { readonly [key: string]: string };
  /** The default machine's name; `null` = none set; absent where nothing asked. */
  readonly default?: string | null;
  /** Verdicts of the one probe an unready machine that runs gets at observation, by machine id. */
  readonly probes: { readonly [id: string]: "ready" | "not ready" };
  /** What was found inside running machines, by the address of the resource it was looked at for. */
  readonly inside: { readonly [address: Address]: InsideFacts };
  /** What stands where archives were put, by the address that state has them at. */
  readonly archives: { readonly [address: Address]: ArchiveFacts };
  /** Who claims what, where it is not this state: machine id or setting key → a sentence naming the claim. */
  readonly claims: { readonly [id: string]: string };
  /** Epoch ms of the observation: for the deadlines of pending intents only. */
  readonly observedAt: number;
}
