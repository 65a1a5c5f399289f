import type { Address } from "../model/address.ts";
import type { Diagnosed, Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { DesiredOutput, DesiredResource, DesiredState } from "../model/resource.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import type { Field } from "./field.ts";
import { findingsAbout } from "./findings.ts";
import { flatten } from "./flatten.ts";
import type { Flat } from "./flatten.ts";
import { described, quoted } from "./quoted.ts";
import { checkAcross } from "./rules-across.ts";
import { readArchive } from "./rules-archive.ts";
import { checkCycles } from "./rules-cycles.ts";
import type { Needs } from "./rules-cycles.ts";
import { readInside } from "./rules-inside.ts";
import { readMachine } from "./rules-machine.ts";
import { machineNames } from "./rules-names.ts";
import { readSetting } from "./rules-setting.ts";
import type { FileContent, Node, Scope } from "./scope.ts";
import { toValue } from "./to-value.ts";

/** What evaluating a stack file gave: handles by key, outputs by name; nothing of it checked. */
export interface Evaluated {
  readonly stack: string;
  readonly env: string | undefined;
  readonly place: Place | undefined;
  readonly resources: unknown;
  readonly outputs: unknown;
  /** Contents of the files that the resources name, by path as written. */
  readonly files: ReadonlyMap<string, FileContent>;
}

/** Turns what a stack file gave into the desired state and says everything that is wrong with it. Pure. */
export function resolve(evaluated: Evaluated): Diagnosed<DesiredState> {
  const diagnostics: Diagnostic[] = [];
  const flat = flatten(listed(evaluated, diagnostics), evaluated.place, diagnostics);
  const scope: Scope = {
    nodes: new Map(flat.nodes.map((node) => [node.rid, node])),
    existing: flat.existing,
    members: flat.members,
    names: machineNames(flat.nodes, diagnostics),
    files: evaluated.files,
  };
  const resources = readAll(flat, scope, diagnostics);
  checkAcross(resources, diagnostics);
  const value = {
    stack: evaluated.stack,
    ...(evaluated.env === undefined ? {} : { env: evaluated.env }),
    resources: resources.toSorted((left, right) => compare(left.address, right.address)),
    outputs: readOutputs(evaluated, scope, diagnostics),
    existing: existingNames(resources),
  };
  return { value, diagnostics };
}

function listed(evaluated: Evaluated, diagnostics: Diagnostic[]): { readonly [key: string]: unknown } {
  if (isPlainObject(evaluated.resources)) return evaluated.resources;
  findingsAbout(diagnostics, evaluated).error("ORB_STACK_INVALID", {
    summary: "Stack has no resources",
    detail: `"resources" must be a plain object of resources by key, or a function that gives one, but is ${described(evaluated.resources)}.`,
    hint: "Write defineStack({ resources: { … } }).",
  });
  return {};
}

function readAll(flat: Flat, scope: Scope, diagnostics: Diagnostic[]): readonly DesiredResource[] {
  const resources: DesiredResource[] = [];
  const graph: Needs[] = [];
  for (const node of flat.nodes) {
    const needs = new Map<Address, string>();
    const resource = readOne({ node, scope, needs, diagnostics });
    if (resource !== undefined) resources.push(resource);
    graph.push({ address: node.address, place: node.place, needs });
  }
  checkCycles(graph, diagnostics);
  return resources;
}

interface One {
  readonly node: Node;
  readonly scope: Scope;
  readonly needs: Map<Address, string>;
  readonly diagnostics: Diagnostic[];
}

function readOne({ node, scope, needs, diagnostics }: One): DesiredResource | undefined {
  const reading = { findings: findingsAbout(diagnostics, node), scope, needs };
  const { kind } = node;
  if (kind === "machine") return readMachine(reading, node);
  if (kind === "archive") return readArchive(reading, node);
  return kind === "setting" ? readSetting(reading, node) : readInside(reading, node, kind);
}

function readOutputs(
  evaluated: Evaluated,
  scope: Scope,
  diagnostics: Diagnostic[],
): { readonly [name: string]: DesiredOutput } {
  if (evaluated.outputs === undefined) return {};
  const findings = findingsAbout(diagnostics, evaluated);
  if (!isPlainObject(evaluated.outputs)) {
    findings.error("ORB_STACK_INVALID", {
      summary: "Outputs are not an object",
      detail: `"outputs" must be a plain object, or a function that gives one, but is ${described(evaluated.outputs)}.`,
    });
    return {};
  }
  const outputs: [string, DesiredOutput][] = [];
  for (const [name, value] of Object.entries(evaluated.outputs)) {
    const field = { findings, scope, needs: new Map<Address, string>(), name: `outputs.${name}`, value };
    const output = isOutputName(name) ? readOutput(field) : refuseName(field, name);
    if (output !== undefined) outputs.push([name, output]);
  }
  return Object.fromEntries(outputs);
}

function isOutputName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && name !== "__proto__";
}

function readOutput(field: Field): DesiredOutput | undefined {
  const value = field.value === undefined ? undefined : toValue(field);
  return value === undefined ? undefined : { value, sensitive: false };
}

function refuseName(field: Field, name: string): undefined {
  field.findings.error("ORB_STACK_INVALID", {
    summary: "Output name is not allowed",
    detail: `The output name ${quoted(name)} must begin with a letter and have letters, digits, "_" and "-" only.`,
  });
  return undefined;
}

function existingNames(resources: readonly DesiredResource[]): readonly string[] {
  const names = resources.flatMap((each) =>
    each.type === "machine" && each.origin.kind === "clone" && each.origin.of.kind === "existing"
      ? [each.origin.of.name]
      : [],
  );
  return [...new Set(names)].toSorted();
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
