import type { Diagnosed } from "../model/diagnostic.ts";
import { OrbformError, isOrbformError } from "../model/errors.ts";
import type { Place } from "../model/place.ts";
import type { Policy } from "../model/policy.ts";
import type { DesiredState } from "../model/resource.ts";
import { brandOf } from "../stack/handle.ts";
import { beginRecording, endRecording } from "../stack/registry.ts";
import { isStack } from "./evaluate.ts";
import type { LoadedStack } from "./evaluate.ts";
import { findStack, startFolder } from "./find-stack.ts";
import type { StackFile } from "./find-stack.ts";
import { guardLoad } from "./guard-load.ts";
import { defaultExport, importModule } from "./import-module.ts";
import type { GivenInputs } from "./inputs.ts";
import { placeOf } from "./place-of.ts";
import { findProject } from "./project.ts";
import type { Project, Untrusted } from "./project.ts";
import { described, quoted } from "./quoted.ts";
import { readStack } from "./read-stack.ts";
import type { Reading } from "./read-stack.ts";
import { readVarFiles } from "./read-var-files.ts";
import { checkUnlisted } from "./rules-unlisted.ts";
import { ownUrl } from "./self-url.ts";
import { isAuthors, translateImportError } from "./translate-import-error.ts";

/** Which stack to load, and with what. */
export interface LoadOptions {
  readonly cwd: string;
  /** A name (`dev`) or a path (`stacks/dev.ts`); absent where there is only one. */
  readonly stack?: string | undefined;
  readonly env?: string | undefined;
  /** From `--var`. @default none */
  readonly vars?: { readonly [name: string]: string } | undefined;
  /** From `--var-file`, in the order given. @default none */
  readonly varFiles?: readonly string[] | undefined;
  /** The environment, for `ORB_VAR_*`. @default none */
  readonly processEnv?: { readonly [name: string]: string | undefined } | undefined;
  /** The project, where the caller has found it already (by {@link loadProject}). */
  readonly project?: Project | undefined;
  /** What `"orbform"` means in stacks. @default our own library */
  readonly selfUrl?: string | undefined;
  /** Where the checkout is not trusted. @default it is */
  readonly untrusted?: Untrusted | undefined;
}

/** A stack as it was loaded. `value` is usable only where no diagnostic is an error. */
export interface LoadResult extends Diagnosed<DesiredState> {
  readonly project: Project;
  /** The project's and the stack's. */
  readonly policies: readonly Policy[];
  /** The stack's file. */
  readonly file: string;
  /** What is to be said of how it was loaded. @default nothing */
  readonly notices?: readonly string[];
}

/**
 * Loads a stack: finds the project and the file, imports it, evaluates it, checks it. Looks at no machine. What is
 * wrong with the resources is told in `diagnostics`; where there is nothing to check it throws: `ORB_STACK_NOT_FOUND`,
 * `ORB_STACK_AMBIGUOUS`, `ORB_STACK_SYNTAX`, `ORB_STACK_FAILED`, `ORB_STACK_NO_EXPORT`, `ORB_STACK_NAME`,
 * `ORB_STACK_INVALID`, `ORB_INPUT_INVALID`, `ORB_CONFIG_INVALID`, `ORB_POLICY_INVALID`, `ORB_USAGE`.
 */
export async function loadStack(options: LoadOptions): Promise<LoadResult> {
  checkEnv(options.env);
  const project = options.project ?? (await loadProject(options));
  const found = findStack(project, options.cwd, options.stack);
  const selfUrl = options.selfUrl ?? ownUrl();
  const { root, policies } = project;
  const site = { found, root, policies, env: options.env, selfUrl, inputs: () => givenInputs(options) };
  return alone(() =>
    withStack(site, async (stack, reading) => {
      const read = await readStack(stack, reading);
      const { value, diagnostics, tree } = read;
      checkUnlisted(endRecording(), { resources: [tree.original, tree.resources], diagnostics });
      return { value, diagnostics, policies: read.policies, project, file: found.file };
    }),
  );
}

/** The project a command works in, without loading a stack. Errors: `ORB_CONFIG_INVALID`. */
export function loadProject(options: Pick<LoadOptions, "cwd" | "stack" | "selfUrl" | "untrusted">): Promise<Project> {
  const { untrusted, cwd, stack, selfUrl = ownUrl() } = options;
  return findProject(startFolder(cwd, stack), { fallback: cwd, selfUrl, untrusted });
}

/** The file and the name of the stack a command means, without loading it. Errors: as {@link loadStack}'s. */
export function stackFile(project: Project, options: Pick<LoadOptions, "cwd" | "stack">): StackFile {
  return findStack(project, options.cwd, options.stack);
}

/** The same, where a command needs no stack: `undefined` where none is named and the project has none. */
export function stackFileIfAny(project: Project, options: Pick<LoadOptions, "cwd" | "stack">): StackFile | undefined {
  try {
    return stackFile(project, options);
  } catch (error) {
    if (options.stack === undefined && isOrbformError(error) && error.code === "ORB_STACK_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Which load ran last: what is made while a file is loaded is noted in one place, so loads run one after another. */
let last: Promise<unknown> = Promise.resolve();

function alone<T>(task: () => Promise<T>): Promise<T> {
  const turn = last.then(task, task);
  last = turn.catch(() => undefined);
  return turn;
}

/** Which file is loaded, and with what. */
export interface StackSite {
  readonly found: StackFile;
  readonly root: string;
  readonly env: string | undefined;
  /** The project's. */
  readonly policies: readonly Policy[];
  readonly selfUrl: string;
  readonly inputs: () => Promise<GivenInputs>;
}

/** What is done with a stack while it is loaded: whatever it throws is the author's. */
type UseStack<T> = (stack: LoadedStack, reading: Reading) => Promise<T>;

/** Loads a stack's file, and hands what it exports to `use`. One at a time. Errors: as {@link loadStack}'s. */
export async function withStack<T>(site: StackSite, use: UseStack<T>): Promise<T> {
  const { found, selfUrl } = site;
  beginRecording();
  try {
    return await guardLoad({ file: found.file, selfUrl }, async () => {
      return await readModule(await importModule(found.file, selfUrl), site, use);
    });
  } finally {
    endRecording();
  }
}

/** Every look at what the file exports may run what its author wrote: a getter, a proxy. */
async function readModule<T>(module: unknown, site: StackSite, use: UseStack<T>): Promise<T> {
  const { found, selfUrl, root, env, policies } = site;
  let place: Place | undefined;
  const translate = (error: unknown): OrbformError =>
    translateImportError(error, { file: found.file, selfUrl, lastLoaded: found.file, ...(place && { place }) });
  try {
    const stack = exportedStack(module, found);
    place = placeOf(stack["~site"].stack) ?? { file: found.file, line: 1, column: 1 };
    checkName(stack, found, place);
    const given = { name: found.name, env, root, place, inputs: await site.inputs(), translate, policies };
    return await use(stack, given);
  } catch (error) {
    throw isOrbformError(error) || !isAuthors(error, selfUrl) ? error : translate(error);
  }
}

function exportedStack(module: unknown, found: StackFile): LoadedStack {
  const exported = defaultExport(module);
  if (isStack(exported)) return exported;
  if (brandOf(exported) === "stack") throw emptyStack(found);
  throw new OrbformError("ORB_STACK_NO_EXPORT", {
    summary: "Stack file exports no stack",
    detail:
      exported === undefined
        ? `The file has no default export. No machine was looked at.`
        : `Its default export is ${described(exported)}, not what defineStack gives. No machine was looked at.`,
    hint: "Write: export default defineStack({ resources: { … } })",
    place: { file: found.file, line: 1, column: 1 },
  });
}

function emptyStack(found: StackFile): OrbformError {
  return new OrbformError("ORB_STACK_INVALID", {
    summary: "Stack is not made of an object",
    detail: "defineStack was called with something else than an object. No machine was looked at.",
    hint: "Write: export default defineStack({ resources: { … } })",
    place: { file: found.file, line: 1, column: 1 },
  });
}

/** An override is named by its own file, whatever it was made from. */
function checkName(stack: LoadedStack, found: StackFile, place: Place): void {
  const { name } = stack["~input"];
  if (name === undefined || name === found.name || stack["~edits"].length > 0) return;
  throw new OrbformError("ORB_STACK_NAME", {
    summary: "Stack is not named like its file",
    detail: `The stack is named ${typeof name === "string" ? quoted(name) : described(name)}, but its file says "${found.name}".`,
    hint: `Leave the name out, or write name: "${found.name}".`,
    place,
  });
}

/** The inputs that were given from outside. Errors: `ORB_INPUT_INVALID`. */
export async function givenInputs(options: LoadOptions): Promise<GivenInputs> {
  const prefix = "ORB_VAR_";
  const environment: [string, string][] = [];
  for (const [name, value] of Object.entries(options.processEnv ?? {})) {
    if (name.startsWith(prefix) && value !== undefined) environment.push([name.slice(prefix.length), value]);
  }
  return {
    environment: Object.fromEntries(environment),
    files: await readVarFiles(options.cwd, options.varFiles ?? []),
    vars: options.vars ?? {},
  };
}

/** The environment's name becomes part of file names. */
function checkEnv(env: string | undefined): void {
  if (env === undefined || /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(env)) return;
  throw new OrbformError("ORB_USAGE", {
    summary: "Environment name is not allowed",
    detail: `${quoted(env)} can't be part of a file name: an environment has letters, digits, "_" and "-" only.`,
    hint: "Take another name: --env staging",
  });
}
