import type { InsideAction } from "../model/action.ts";
import { ownPackages, withoutDigest, type InsideFacts, type InsideRemoval } from "../model/inside.ts";
import type { HashText } from "../model/inside-wish.ts";
import { sameJson } from "../model/same-json.ts";
import { factsLike } from "../model/sealed.ts";
import { isInsideResource, type InsideResource } from "../model/snapshot.ts";
import { removeScript } from "../guest/change.ts";
import { newToken } from "../guest/look.ts";
import type { Done } from "./done.ts";
import { carry, look, runningMachine } from "./inside-step.ts";
import type { Step } from "./step.ts";

/** Takes away what was made inside a machine that stays; what somebody else changed since is left. */
export async function performTakeAway(step: Step<InsideAction>): Promise<Done> {
  const { state, action } = step;
  if (!isInsideResource(state)) return { state: undefined };
  const machine = await runningMachine(step);
  const facts = await look(step, machine, withoutDigest(state.inputs));
  if (!isOurs(state, facts, step.run.ports.hashText)) {
    step.notice({
      severity: "warning",
      code: "ORB_PLAN_STALE",
      summary: "Something was left as it is",
      detail: `${action.address} is not as it was applied: somebody else has changed it, or put something into it. It was left.`,
      address: action.address,
    });
    return { state: undefined };
  }
  const removal = removalOf(state, facts);
  if (removal === undefined) return { state: undefined };
  step.intend({ ...state, unfinished: true });
  const token = newToken();
  const made = removeScript(removal, token);
  await carry(step, machine, {
    script: made.script,
    token,
    ...(made.stdin === "text" && { stdin: Buffer.from(made.text) }),
  });
  return { state: undefined };
}

/** Still what was made: the file as it was written, perhaps by a run that nobody heard of again; a directory that is empty. */
function isOurs(state: InsideResource, facts: InsideFacts, hash: HashText): boolean {
  const { inputs, seen, unfinished, former } = state;
  if ("kind" in facts && facts.kind === "absent") return true;
  if (facts.type === "directory") return facts.isEmpty === true;
  const found = factsLike(facts, state, hash);
  if (found.type !== "file" || inputs.type !== "file") return true;
  const isWritten = found.digest === inputs.digest;
  if (unfinished === true) return isWritten || (former !== undefined && found.digest === former);
  return isWritten && sameJson(found, seen);
}

/** What is to be taken away, and only as far as it is what was made. */
function removalOf({ inputs, original, seen }: InsideResource, facts: InsideFacts): InsideRemoval | undefined {
  switch (inputs.type) {
    case "file":
      // As it was found just now, which is what was applied: state may keep no more than a sealed digest.
      if (facts.type !== "file" || facts.digest === undefined) return undefined;
      return { type: "file", path: inputs.path, digest: facts.digest };
    case "directory":
      return { type: "directory", path: inputs.path };
    case "packages":
      return seen.type === "packages"
        ? { type: "packages", manager: seen.manager, names: ownPackages({ inputs, original }) }
        : undefined;
    case "service":
      if (original.type !== "service") return undefined;
      return {
        type: "service",
        manager: original.manager,
        name: inputs.name,
        ...(inputs.running !== undefined && { running: original.running }),
        ...(inputs.enabled !== undefined && { enabled: original.enabled }),
      };
    case "user":
      return { type: "user", name: inputs.name };
    case "command":
    default:
      return undefined;
  }
}
