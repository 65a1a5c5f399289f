import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { Policy } from "../model/policy.ts";
import type { DesiredState } from "../model/resource.ts";
import { evaluate } from "./evaluate.ts";
import type { LoadedStack, Tree } from "./evaluate.ts";
import { findingsAbout } from "./findings.ts";
import { checkInputs } from "./inputs.ts";
import type { GivenInputs } from "./inputs.ts";
import { readFiles } from "./read-files.ts";
import type { Refuses } from "./read-files.ts";
import { resolve } from "./resolve.ts";
import { checkKeys } from "./rules-keys.ts";

/** What a stack is read with. */
export interface Reading {
  readonly name: string;
  readonly env: string | undefined;
  readonly inputs: GivenInputs;
  /** The folder that paths in the stack are relative to. Absolute. */
  readonly root: string;
  /** Where the stack stands, for what is said of the whole of it. */
  readonly place: Place | undefined;
  /** Turns what the author's own functions throw, and errors about them, into what is thrown on. */
  readonly translate: (error: unknown) => unknown;
  /** Those of the project. */
  readonly policies: readonly Policy[];
}

/** A stack as it was read. `value` is usable only where no diagnostic is an error. */
export interface ReadStack {
  readonly value: DesiredState;
  readonly diagnostics: Diagnostic[];
  readonly tree: Tree;
  /** Those of the project, then its own. */
  readonly policies: readonly Policy[];
}

/**
 * Makes the desired state of a stack: checks its inputs, evaluates it, reads the files it names, resolves it. Errors:
 * whatever `translate` makes of what the author's own functions throw and of `ORB_INPUT_INVALID`.
 */
export async function readStack(stack: LoadedStack, reading: Reading): Promise<ReadStack> {
  const read = await readTree(await evaluated(stack, reading), stack["~input"], reading);
  return { ...read, policies: await policiesOf(stack, reading, read.diagnostics) };
}

/** How what a stack gave is read. */
interface TreeReading extends Pick<Reading, "name" | "env" | "place" | "root"> {
  /** Which files are not read. @default none */
  readonly refuses?: Refuses;
}

/** The desired state of what evaluating a stack gave; of `input`, what `defineStack` was given, the keys count. */
export async function readTree(
  tree: Tree,
  input: LoadedStack["~input"],
  { name, env, place, root, refuses }: TreeReading,
): Promise<Omit<ReadStack, "policies">> {
  const { resources, outputs } = tree;
  const files = await readFiles(resources, root, refuses);
  const { value, diagnostics } = resolve({ stack: name, env, place, files, resources, outputs });
  const all = [...diagnostics];
  const known = ["name", "inputs", "resources", "outputs", "policies"];
  checkKeys(findingsAbout(all, { place }), input, { of: "a stack", known });
  return { value, diagnostics: all, tree };
}

/** Loaded by those who have policies only. */
async function policiesOf(stack: LoadedStack, reading: Reading, all: Diagnostic[]): Promise<readonly Policy[]> {
  const { policies: own } = stack["~input"];
  if (own === undefined && reading.policies.length === 0) return [];
  const { withOwn } = await import("./read-policies.ts");
  return withOwn(reading, own, all);
}

/** Everything that runs what the author wrote: the schema of the inputs, the functions, the overrides. */
export async function evaluated(
  stack: LoadedStack,
  { env, inputs, place, translate }: Omit<Reading, "root" | "policies">,
): Promise<Tree> {
  try {
    const checked = await checkInputs(stack["~input"]["inputs"], inputs, place);
    return await evaluate(stack, { inputs: checked, env });
  } catch (error) {
    throw translate(error);
  }
}
