import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isOrbformError, OrbformError, type ErrorFacts } from "../../model/errors.ts";
import { isWithin } from "../checkout.ts";
import { findStack } from "../find-stack.ts";
import { givenInputs, loadProject } from "../load-stack.ts";
import type { LoadOptions, LoadResult } from "../load-stack.ts";
import { readTree } from "../read-stack.ts";
import { checkUnlisted } from "../rules-unlisted.ts";
import { decodeAnswer } from "./decode.ts";
import { protectionNotices } from "./protections.ts";
import { readable } from "./readable.ts";
import { CHILD_LIMITS, runChild, type ChildLimits } from "./run-child.ts";

/**
 * Loads a stack that is not trusted: it is evaluated in a process that may do next to nothing, and what it yields is
 * read here as if an author had written it, by the same rules. Errors: those of `loadStack`, `ORB_UNTRUSTED_FAILED`,
 * `ORB_UNTRUSTED_REFUSED`.
 */
export async function loadUntrusted(options: LoadOptions, limits: ChildLimits = CHILD_LIMITS): Promise<LoadResult> {
  const project = options.project ?? (await loadProject(options));
  const { root } = project;
  const { name, file } = findStack(project, options.cwd, options.stack);
  const { env, vars = {} } = options;
  checkVarFiles(options, root);
  // What the environment of this process says is not the stack's to know.
  const { files } = await givenInputs({ ...options, processEnv: {} });
  const view = readable(root, [project.stateFolder, join(root, "state")]);
  checkStackFile(file, view.refuses(file));
  const job = { root: view.real(root), name, file: view.real(file), ...(env !== undefined && { env }), vars, files };
  const { text, held } = await runChild({ job, grants: [...view.grants, ...ours()], limits });
  const notices = protectionNotices(held, project.passedOver);
  try {
    const { made, input, place, ...tree } = decodeAnswer(text, { placeOf: view.placeOf, file });
    const refuses = async (path: string): Promise<string | undefined> => view.refuses(path);
    const { value, diagnostics } = await readTree(tree, input, { name, env, place, root, refuses });
    checkUnlisted(made, { resources: [tree.original, tree.resources], diagnostics });
    const own = input["policies"] === undefined ? [] : [OWN_POLICIES];
    return { value, diagnostics, policies: project.policies, project, file, notices: [...notices, ...own] };
  } catch (error) {
    throw isOrbformError(error) ? new OrbformError(error.code, { ...factsOf(error), notices }) : error;
  }
}

/** What an error says, to be said with more. */
function factsOf({ summary, detail, hint, address, place, cause, others }: OrbformError): ErrorFacts {
  return {
    summary,
    detail,
    cause,
    others,
    ...(hint !== undefined && { hint }),
    ...(address !== undefined && { address }),
    ...(place !== undefined && { place }),
  };
}

/** Functions can't come out of the process that evaluates the stack, and its author's word would be no rule. */
const OWN_POLICIES =
  "Untrusted: policies that the stack lists itself were not asked. Those of a trusted configuration are: --config FILE.";

/** Its lines are shown where something is wrong with it, so it may not be a link to what nobody is to see. */
function checkStackFile(file: string, reason: string | undefined): void {
  if (reason === undefined) return;
  throw new OrbformError("ORB_UNTRUSTED_REFUSED", {
    summary: "The stack's file is refused",
    detail: `${file} is not read: ${reason}. No machine was looked at.`,
    hint: "Name a stack of the checkout, which is no link that leads elsewhere.",
  });
}

/** What the child needs of Orbform itself: its program, and in a checkout of ours what that imports. */
function ours(): readonly string[] {
  const here = import.meta.url;
  if (!here.endsWith(".ts")) return [realpathSync(dirname(fileURLToPath(here)))];
  const root = fileURLToPath(new URL("../../../", here));
  return ["src", "node_modules", "package.json"].map((each) => realpathSync(join(root, each)));
}

/** A link in the checkout would have a file read that its author chose. */
function checkVarFiles({ cwd, varFiles = [] }: LoadOptions, root: string): void {
  for (const each of varFiles) {
    const path = resolve(cwd, each);
    if (!isWithin(root, path)) continue;
    const real = realpathOf(path);
    if (real === undefined || isWithin(realpathSync(root), real)) continue;
    throw new OrbformError("ORB_INPUT_INVALID", {
      summary: "File of inputs can't be used",
      detail: `${path} is a link that leads out of a checkout that is not trusted. No machine was looked at.`,
      hint: "Name a file of your own.",
    });
  }
}

function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // Reading it tells why.
    return undefined;
  }
}
