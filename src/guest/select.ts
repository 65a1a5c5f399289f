import { assertNever, isOrbformError, OrbformError } from "../model/errors.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import type { MachineResource, Snapshot } from "../model/snapshot.ts";
import { nearestWord } from "../model/nearest-word.ts";
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
    if (meant.length === 0) throw nothingMeant(word.trim(), from.machines);
    for (const machine of meant) found.set(machine.id, machine);
  }
  return [...found.values()];
}

async function selectTerm(term: Term, from: Selectable): Promise<readonly MachineFacts[]> {
  if (term.kind === "name") {
    const named = from.machines.find(({ name }) => nameKey(name) === nameKey(term.name));
    if (named !== undefined) return [named];
  }
  const snapshot = await stateFor(term, from);
  const owned = Object.entries(snapshot?.resources ?? {}).flatMap(([address, resource]) =>
    resource.type === "machine" && isMeant(term, address, resource) ? [{ address, resource }] : [],
  );
  const machines = owned.map(({ address, resource }) => living(address, resource, from.machines));
  return machines.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A mistyped machine's name is told of as that, not as a group's that no one stack's state can be asked for. */
async function stateFor(term: Term, { snapshot }: Selectable): Promise<Snapshot | undefined> {
  try {
    return await snapshot();
  } catch (error) {
    if (term.kind === "name" && isOrbformError(error) && error.code === "ORB_STACK_AMBIGUOUS") return undefined;
    throw error;
  }
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

function nothingMeant(word: string, machines: readonly MachineFacts[]): OrbformError {
  const names = machines.map(({ name }) => name).toSorted();
  const near = nearestWord(word, names);
  const there = names.length === 0 ? "There are no machines." : `There are: ${names.join(", ")}.`;
  return new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "No machine is meant",
    detail: `${quoted(word)} is no machine's name, and no address, label, group or pattern of one stack's state matches it. ${near === undefined ? there : `Did you mean ${near}?`} Nothing was run.`,
    hint: "Write a machine's name, or look at `orb state list`; --stack says which stack's state is meant.",
  });
}
