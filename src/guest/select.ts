import { assertNever, OrbformError } from "../model/errors.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import type { MachineResource, Snapshot } from "../model/snapshot.ts";
import { misused, quoted } from "./failures.ts";
import { isLabelled, nameMatches, termOf, type Term } from "./selector-terms.ts";

/** What a selector is read against. */
export interface Selectable {
  /** Every machine that exists. */
  readonly machines: readonly MachineFacts[];
  /** The stack's state; only asked for where the selector speaks of it. */
  readonly snapshot: () => Promise<Snapshot | undefined>;
}

/**
 * The machines that a selector means, each once, in the order of the selector and then of names. Parts are separated by
 * commas:
 * `machine.web` an address · `web-1` a machine's name, else a group · `@web` a group · `team=web` a label · `web-*` a
 * pattern of names · `team/machine.*` a pattern of addresses. A plain name means any machine that exists; everything
 * else only those of the stack's state.
 * Errors: `ORB_MACHINE_NOT_FOUND` for a part that means no machine; `ORB_USAGE` for an empty one.
 */
export async function select(selector: string, from: Selectable): Promise<readonly MachineFacts[]> {
  const found = new Map<string, MachineFacts>();
  for (const word of selector.split(",")) {
    if (word.trim() === "") throw misused(`${quoted(selector)} has an empty part. Nothing was run.`, "Name a machine.");
    const meant = await selectTerm(termOf(word.trim()), from);
    if (meant.length === 0) throw nothingMeant(word.trim());
    for (const machine of meant) found.set(machine.id, machine);
  }
  return [...found.values()];
}

async function selectTerm(term: Term, from: Selectable): Promise<readonly MachineFacts[]> {
  if (term.kind === "name") {
    const named = from.machines.find(({ name }) => nameKey(name) === nameKey(term.name));
    if (named !== undefined) return [named];
  }
  const snapshot = await from.snapshot();
  const owned = Object.entries(snapshot?.resources ?? {}).flatMap(([address, resource]) =>
    resource.type === "machine" && isMeant(term, address, resource) ? [{ address, resource }] : [],
  );
  const machines = owned.map(({ address, resource }) => living(address, resource, from.machines));
  return machines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function isMeant(term: Term, address: string, { inputs, name }: MachineResource): boolean {
  switch (term.kind) {
    case "address":
      return nameMatches(term.pattern, address);
    case "label":
      return isLabelled(inputs.labels, term);
    case "group":
    case "name":
      return inputs.groups.includes(term.name);
    case "pattern":
      return nameMatches(term.pattern.toLowerCase(), nameKey(name));
    default:
      return assertNever(term);
  }
}

/** A machine of the state by its id, whatever it is called now. */
function living(address: string, { id }: MachineResource, machines: readonly MachineFacts[]): MachineFacts {
  const machine = machines.find((each) => each.id === id);
  if (machine !== undefined) return machine;
  throw new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "Machine is not there",
    detail: `The state has ${address}, and OrbStack has no such machine. Nothing was run.`,
    hint: "Run `orb plan` to see what exists now.",
    address,
  });
}

function nothingMeant(word: string): OrbformError {
  return new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "No machine is meant",
    detail: `${quoted(word)} is no machine's name, and no address, label, group or pattern of the stack's state matches it. Nothing was run.`,
    hint: "Run `orbctl list` or `orb state list` to see what there is.",
  });
}
