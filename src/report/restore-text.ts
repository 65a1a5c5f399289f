import type { JsonObject } from "../model/json.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import { changesBetween } from "./history-changes.ts";
import { oneLine } from "./value-text.ts";

/** What becomes of each address when a snapshot is put back, sorted. */
export interface RestoreEffects {
  /** Its machine has another address again, as it had then. Nothing is done to it. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** In the state now and not then: no longer managed. Nothing is done to it. */
  readonly unmanaged: readonly string[];
  /** In the state then and not now: the next apply makes what is gone, and deletes what the stack doesn't have. */
  readonly back: readonly string[];
  /** Another machine was there then: the present one is no longer managed, the old one counts as gone if it is. */
  readonly other: readonly string[];
  /** Known as it was then: the next plan looks at it. */
  readonly older: readonly string[];
}

/** Compares the present snapshot with one to be put back. */
export function restoreEffects(present: Snapshot, kept: Snapshot): RestoreEffects {
  const { added, changed, removed } = changesBetween(present, kept);
  const isOther = (address: string): boolean => idAt(present, address) !== idAt(kept, address);
  const moved = removed.flatMap((from) => {
    const id = idAt(present, from);
    const to = id === undefined ? undefined : added.find((each) => idAt(kept, each) === id);
    return to === undefined ? [] : [{ from, to }];
  });
  return {
    moved,
    unmanaged: removed.filter((each) => !moved.some(({ from }) => from === each)),
    back: added.filter((each) => !moved.some(({ to }) => to === each)),
    other: changed.filter(isOther),
    older: changed.filter((address) => !isOther(address)),
  };
}

type Listed = Exclude<keyof RestoreEffects, "moved">;

const HEADINGS: Readonly<Record<Listed, string>> = {
  unmanaged: "No longer managed; nothing is done to it:",
  back: "Managed again; the next apply makes what is gone by now, and deletes what the stack does not have:",
  other: "Another machine than the one there now; that one is no longer managed, and stays:",
  older: "Known as it was then; the next plan looks at it anew:",
};

/** What putting back comes to, for people. Empty where nothing would change. */
export function restoreText(effects: RestoreEffects, present: Snapshot, kept: Snapshot): string {
  const section = (kind: Listed, from: Snapshot): string => {
    const lines = effects[kind].map((address) => `  ${oneLine(address)}${nameAt(from, address)}\n`);
    return lines.length === 0 ? "" : `\n${HEADINGS[kind]}\n${lines.join("")}`;
  };
  const lines = effects.moved.map(({ from, to }) => `  ${oneLine(from)} -> ${oneLine(to)}${nameAt(kept, to)}\n`);
  const moved =
    lines.length === 0 ? "" : `\nAt the address that it had then; nothing is done to it:\n${lines.join("")}`;
  const sections = [
    section("unmanaged", present),
    section("back", kept),
    section("other", present),
    section("older", kept),
  ];
  return [moved, ...sections].join("");
}

/** The same for programs. */
export function restoreJson({ moved, unmanaged, back, other, older }: RestoreEffects): JsonObject {
  return {
    moved: moved.map((each) => ({ ...each })),
    no_longer_managed: unmanaged,
    managed_again: back,
    another_machine: other,
    as_it_was: older,
  };
}

function resourceAt({ resources }: Snapshot, address: string): ResourceState | undefined {
  const all: { readonly [address: string]: ResourceState } = resources;
  return Object.hasOwn(all, address) ? all[address] : undefined;
}

function idAt(snapshot: Snapshot, address: string): string | undefined {
  const resource = resourceAt(snapshot, address);
  return resource?.type === "machine" ? resource.id : undefined;
}

function nameAt(snapshot: Snapshot, address: string): string {
  const resource = resourceAt(snapshot, address);
  return resource?.type === "machine" ? ` (${oneLine(resource.name)})` : "";
}
