import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OrbformError, isOrbformError } from "../model/errors.ts";
import type { Policy } from "../model/policy.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import type { ConfigInput } from "../stack/define-config.ts";
import { brandOf } from "../stack/handle.ts";
import { guardLoad } from "./guard-load.ts";
import { defaultExport, importModule } from "./import-module.ts";
import { described } from "./quoted.ts";
import { suggestion } from "./suggest.ts";
import { isAuthors, translateImportError } from "./translate-import-error.ts";

/** A project: where stacks and state lie, and what its configuration says. All paths are absolute. */
export interface Project {
  readonly root: string;
  /** The `orb.config.ts`, where there is one. */
  readonly configFile: string | undefined;
  /** A configuration that is there and was not loaded: it is an untrusted checkout's. */
  readonly passedOver?: string;
  readonly stacksFolder: string;
  readonly stateFolder: string;
  /** The state lies in a checkout that is not trusted: whoever wrote the stack may have written it too. */
  readonly isStateForeign: boolean;
  readonly driver: "orbstack" | "simulator" | undefined;
  /** How many actions may run at once, as the configuration says: `global` and by kind. */
  readonly limits: { readonly [kind: string]: number };
  /** What the configuration lists, as it was read. */
  readonly policies: readonly Policy[];
}

const CONFIG_FILES = ["orb.config.ts", "orb.config.mts", "orb.config.js", "orb.config.mjs"];

/** That a checkout is not trusted: nothing of it is run in this process. */
export interface Untrusted {
  /** A configuration that is trusted: it lies outside of the checkout. Absolute. */
  readonly config?: string | undefined;
}

/** Where and how a project is looked for. */
interface Finding {
  readonly fallback: string;
  readonly selfUrl: string;
  readonly untrusted?: Untrusted | undefined;
}

/**
 * The project around a folder: the nearest one upwards with an `orb.config.ts` or a `package.json` (a configuration
 * in the same walk wins), else `fallback`. Of an untrusted one nothing is loaded, and none is looked for above its
 * checkout. Errors: `ORB_CONFIG_INVALID`, `ORB_USAGE`, and those of loading the configuration.
 */
export async function findProject(from: string, options: Finding): Promise<Project> {
  const { untrusted, selfUrl } = options;
  // Loaded for what is not trusted only.
  const checkout = untrusted === undefined ? undefined : await import("./checkout.ts");
  const isRoot = (folder: string): boolean =>
    [...CONFIG_FILES, "package.json"].some((name) => existsSync(join(folder, name)));
  const root =
    (checkout === undefined ? nearest(from, isRoot) : checkout.foldersOf(from).find(isRoot)) ??
    resolve(options.fallback);
  const found = CONFIG_FILES.map((name) => join(root, name)).find((file) => existsSync(file));
  const configFile = checkout === undefined ? found : checkout.trustedConfig(untrusted?.config, root);
  const config = configFile === undefined ? {} : await readConfig(configFile, selfUrl);
  const stateFolder = resolve(root, config.state ?? "state");
  return {
    root,
    configFile,
    ...(found !== undefined && found !== configFile && { passedOver: found }),
    stacksFolder: resolve(root, config.stacks ?? "stacks"),
    stateFolder,
    isStateForeign: checkout?.isWithin(root, stateFolder) ?? false,
    driver: config.driver,
    limits: definedLimits(config.limits),
    policies: await policiesIn(config, configFile),
  };
}

function nearest(from: string, isRoot: (folder: string) => boolean): string | undefined {
  let folder = resolve(from);
  for (;;) {
    const here = folder;
    if (isRoot(here)) return here;
    folder = dirname(folder);
    if (folder === here) return undefined;
  }
}

async function readConfig(file: string, selfUrl: string): Promise<ConfigInput> {
  const exported = defaultExport(await guardLoad({ file, selfUrl }, () => importModule(file, selfUrl)));
  try {
    return checkedConfig(exported, file);
  } catch (error) {
    const isTheirs = !isOrbformError(error) && isAuthors(error, selfUrl);
    throw isTheirs ? translateImportError(error, { file, lastLoaded: file, selfUrl }) : error;
  }
}

function checkedConfig(exported: unknown, file: string): ConfigInput {
  const given = isConfig(exported) ? exported["~input"] : exported;
  if (!isPlainObject(given)) {
    throw invalid(file, `its default export is ${described(exported)}, not what defineConfig gives`);
  }
  // One look at each value: a second one of a getter may give another.
  const { limits, ...rest } = given;
  const input = limits === undefined ? rest : { ...rest, limits: isPlainObject(limits) ? { ...limits } : limits };
  const problem = configProblem(input);
  if (problem !== undefined) throw invalid(file, problem);
  return input;
}

function isConfig(value: unknown): value is { readonly "~input": unknown } {
  return brandOf(value) === "config" && typeof value === "object" && value !== null && "~input" in value;
}

const KEYS = ["stacks", "state", "driver", "limits", "policies"];
const LIMITS = ["global", "create", "clone", "start", "config", "delete", "export", "inside"];

function configProblem(input: { readonly [key: string]: unknown }): string | undefined {
  const { stacks, state, driver, limits } = input;
  if (stacks !== undefined && (typeof stacks !== "string" || stacks === "")) return '"stacks" must be a folder';
  if (state !== undefined && (typeof state !== "string" || state === "")) return '"state" must be a folder';
  if (driver !== undefined && driver !== "orbstack" && driver !== "simulator") {
    return `"driver" must be "orbstack" or "simulator", but is ${described(driver)}`;
  }
  const unknown = unknownKey(input, KEYS);
  if (unknown !== undefined || limits === undefined) return unknown;
  if (!isPlainObject(limits)) return '"limits" must be an object';
  return unknownKey(limits, LIMITS) ?? wrongLimit(limits);
}

function unknownKey(input: { readonly [key: string]: unknown }, known: readonly string[]): string | undefined {
  const key = Object.keys(input).find((each) => !known.includes(each));
  return key === undefined
    ? undefined
    : `${described(key)} is no option. ${suggestion(key, known) ?? `There are: ${known.join(", ")}.`}`;
}

function wrongLimit(limits: { readonly [key: string]: unknown }): string | undefined {
  const wrong = Object.entries(limits).find(([, value]) => value !== undefined && !isLimit(value));
  return wrong && `"limits.${wrong[0]}" must be a whole number from 1 to 1000, but is ${described(wrong[1])}`;
}

function isLimit(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 1000;
}

/** Loaded by those who have policies only. */
async function policiesIn({ policies }: ConfigInput, file: string | undefined): Promise<readonly Policy[]> {
  if (policies === undefined) return [];
  const { readPolicies } = await import("./read-policies.ts");
  return readPolicies(policies, {
    of: "the configuration",
    place: file === undefined ? undefined : { file, line: 1, column: 1 },
  });
}

function definedLimits(limits: ConfigInput["limits"]): { readonly [kind: string]: number } {
  const defined: { [kind: string]: number } = {};
  for (const [kind, value] of Object.entries(limits ?? {})) {
    if (typeof value === "number") defined[kind] = value;
  }
  return defined;
}

function invalid(file: string, problem: string): OrbformError {
  return new OrbformError("ORB_CONFIG_INVALID", {
    summary: "Project configuration is not valid",
    detail: `${file}: ${problem}. No machine was looked at.`,
    hint: "Write: export default defineConfig({ … })",
    place: { file, line: 1, column: 1 },
  });
}
