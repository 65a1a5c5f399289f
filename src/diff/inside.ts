import {
  ownPackages,
  type CommandFacts,
  type CommandWish,
  type DirectoryFacts,
  type DirectoryWish,
  type FileFacts,
  type FileWish,
  type InsideFacts,
  type InsideWish,
  type PackagesFacts,
  type PackagesWish,
  type PathRights,
  type ServiceFacts,
  type ServiceWish,
  type UserFacts,
  type UserWish,
} from "../model/inside.ts";
import { isNeverRun } from "../model/inside-kept.ts";
import type { Json } from "../model/json.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";

/** One property that is not as it is asked for. An absent side: it is not there. */
export interface InsideDifference {
  readonly path: string;
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
}

/** What is asked, what was found, and what was applied before in this very machine. */
export interface InsidePair {
  readonly wish: InsideWish;
  readonly facts: InsideFacts;
  readonly prior: InsideResource | undefined;
}

/** How something inside a machine differs from what is asked; empty = it is so. Of facts of another type, all differs. */
export function insideDifferences({ wish, facts, prior }: InsidePair): readonly InsideDifference[] {
  switch (wish.type) {
    case "file":
      return facts.type === "file" ? fileDifferences(wish, facts) : allOf(wish);
    case "directory":
      return facts.type === "directory" ? directoryDifferences(wish, facts) : allOf(wish);
    case "packages":
      return facts.type === "packages" ? packagesDifferences(wish, facts) : allOf(wish);
    case "service":
      return facts.type === "service" ? serviceDifferences(wish, facts) : allOf(wish);
    case "user":
      return facts.type === "user" ? userDifferences(wish, facts) : allOf(wish);
    case "command":
    default:
      return facts.type === "command" ? commandDifferences(wish, facts, prior) : allOf(wish);
  }
}

/** Everything that is asked, of what is not there yet. */
function allOf(wish: InsideWish): readonly InsideDifference[] {
  const { type: _type, ...asked } = wish;
  return Object.entries(asked)
    .filter(([, after]) => after !== undefined && !isEmpty(after))
    .map(([path, after]) => ({ path: PATHS[path] ?? path, after: shown(path, after) }));
}

/** What is given up of something that is taken away: of packages those that go, of a service what it was before. */
export function removedDifferences(
  prior: InsideResource,
  packages: readonly string[] = ownPackages(prior),
): readonly InsideDifference[] {
  const { inputs, original } = prior;
  if (inputs.type === "packages")
    return packages.map((name) => ({ path: `install.${name}`, before: inputs.install[name] }));
  if (inputs.type === "service" && original.type === "service") {
    const back: ServiceWish = { ...inputs, ...(inputs.running !== undefined && { running: original.running }) };
    const enabled = inputs.enabled !== undefined && { enabled: original.enabled };
    return serviceDifferences({ ...back, ...enabled }, { ...original, ...inputs, type: "service" });
  }
  // What a file held is nothing that a digest would tell anybody.
  const given = allOf(inputs).filter(({ path }) => path !== "content");
  return given.map(({ path, after }) => ({ path, before: after }));
}

/** How many properties are asked. */
export function askedCount(wish: InsideWish): number {
  return allOf(wish).length;
}

/** What authors call what a wish calls otherwise. */
const PATHS: { readonly [key: string]: string } = { digest: "content" };

function shown(path: string, value: Json): Json {
  if (path === "digest" && typeof value === "string") return digestText(value);
  return path === "mode" && typeof value === "number" ? modeText(value) : value;
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function fileDifferences(wish: FileWish, facts: FileFacts): readonly InsideDifference[] {
  if (facts.kind === "absent") return allOf(wish);
  const differences: InsideDifference[] = [];
  if (facts.kind !== "file") differences.push({ path: "kind", before: facts.kind, after: "file" });
  if (facts.digest !== wish.digest) {
    const before = facts.text ?? (facts.digest === undefined ? undefined : digestText(facts.digest));
    differences.push({ path: "content", before, after: digestText(wish.digest) });
  }
  return [...differences, ...rightsDifferences(wish, facts)];
}

function directoryDifferences(wish: DirectoryWish, facts: DirectoryFacts): readonly InsideDifference[] {
  if (facts.kind === "absent") return allOf(wish);
  const kind = facts.kind === "directory" ? [] : [{ path: "kind", before: facts.kind, after: "directory" }];
  return [...kind, ...rightsDifferences(wish, facts)];
}

function rightsDifferences(wish: PathRights, facts: PathRights): readonly InsideDifference[] {
  const differences: InsideDifference[] = [];
  if (wish.mode !== undefined && wish.mode !== facts.mode) {
    const before = facts.mode === undefined ? undefined : modeText(facts.mode);
    differences.push({ path: "mode", before, after: modeText(wish.mode) });
  }
  for (const key of ["owner", "group"] as const) {
    if (wish[key] !== undefined && wish[key] !== facts[key])
      differences.push({ path: key, before: facts[key], after: wish[key] });
  }
  return differences;
}

function packagesDifferences(wish: PackagesWish, facts: PackagesFacts): readonly InsideDifference[] {
  const differences: InsideDifference[] = [];
  for (const [name, version] of Object.entries(wish.install)) {
    const before = facts.installed[name] ?? undefined;
    const after = wantedVersion(version, before, facts.newer[name]);
    if (after !== undefined) differences.push({ path: `install.${name}`, before, after });
  }
  for (const name of wish.remove) {
    const before = facts.installed[name] ?? undefined;
    if (before !== undefined) differences.push({ path: `install.${name}`, before });
  }
  return differences;
}

/** The version a package is to get; `undefined`: it is as it should be. */
function wantedVersion(asked: string, installed: string | undefined, newer: string | undefined): string | undefined {
  if (asked === "present") return installed === undefined ? "present" : undefined;
  if (asked === "latest") return installed === undefined ? "latest" : newer;
  return installed === asked ? undefined : asked;
}

function serviceDifferences(wish: ServiceWish, facts: ServiceFacts): readonly InsideDifference[] {
  return (["running", "enabled"] as const)
    .filter((key) => wish[key] !== undefined && wish[key] !== facts[key])
    .map((key) => ({ path: key, before: facts[key], after: wish[key] }));
}

function userDifferences(wish: UserWish, facts: UserFacts): readonly InsideDifference[] {
  if (!facts.exists) return allOf(wish);
  return (["shell", "home", "groups", "authorizedKeys"] as const)
    .filter((key) => wish[key] !== undefined && !sameJson(wish[key], facts[key] ?? []))
    .map((key) => ({ path: key, before: facts[key], after: wish[key] }));
}

/** A command is run once, again when it is another, and as often as `creates` or `unless` find that its work is not there. */
function commandDifferences(
  wish: CommandWish,
  facts: CommandFacts,
  prior: InsideResource | undefined,
): readonly InsideDifference[] {
  if (facts.created === true || facts.unless === true || facts.onlyIf === false) return [];
  const isOver = prior?.unfinished !== true || facts.done === true;
  const before = prior?.inputs.type === "command" && isOver ? prior.inputs : undefined;
  if (before === undefined || prior === undefined || isNeverRun(prior)) return allOf(wish);
  const changed = (["run", "triggers"] as const).filter((key) => !sameJson(wish[key], before[key]));
  if (changed.length > 0) return changed.map((key) => ({ path: key, before: before[key], after: wish[key] }));
  if (facts.created === false) return [{ path: "creates", after: wish.creates }];
  return facts.unless === false ? [{ path: "unless", after: wish.unless }] : [];
}

function digestText(digest: string): string {
  return `sha256:${digest}`;
}

function modeText(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}
