import type { InsideAction } from "../model/action.ts";
import type { InsideFacts, InsideRemoval } from "../model/inside.ts";
import { withoutDigest } from "../model/inside-looked.ts";
import { identityIn, identityOf, partedBy, seenFor, withSeen } from "../model/inside-kept.ts";
import type { MachineId } from "../model/machine.ts";
import { isDesiredInside } from "../model/resource.ts";
import { factsLike } from "../model/sealed.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { isStillOurs } from "../model/still-ours.ts";
import { wordsIn } from "../model/value.ts";
import { removeScript } from "../guest/change.ts";
import { newToken } from "../guest/look.ts";
import type { Done } from "./done.ts";
import { carry, knownOf, look, runningMachine } from "./inside-step.ts";
import type { Step } from "./step.ts";

/** Takes away what was made inside a machine that stays; what somebody else changed since is left. */
export async function performTakeAway(step: Step<InsideAction>): Promise<Done> {
  const { action } = step;
  const known = knownOf(step);
  if (known === undefined) return { state: undefined };
  const machine = await runningMachine(step);
  const state = partedBy(known, machine).prior;
  if (state === undefined) return { state: undefined };
  const facts = await look(step, machine, withoutDigest(state.inputs));
  if (!isStillOurs(state, facts, step.run.ports.hashText)) {
    step.notice({
      severity: "warning",
      code: "ORB_PLAN_STALE",
      summary: "Something was left as it is",
      detail: `${action.address} is not as it was applied: somebody else has changed it, or put something into it. It was left.`,
      address: action.address,
    });
    return { state: ifWritten(step, known, { machine, facts }), left: true };
  }
  const removal = removalOf(state, facts, action);
  if (removal === undefined) return { state: undefined };
  step.intend({ ...state, ...(facts.type === "user" && { seen: facts }), unfinished: true });
  const token = newToken();
  const made = removeScript(removal, token);
  await carry(step, machine, {
    script: made.script,
    token,
    ...(made.stdin === "text" && { stdin: Buffer.from(made.text) }),
  });
  return { state: undefined };
}

/** Where the same is to be written next, state goes on knowing it, what was ours and how it is now; and it is not written. */
function ifWritten(
  { run, action }: Step<InsideAction>,
  known: InsideResource,
  { machine, facts }: { readonly machine: MachineId; readonly facts: InsideFacts },
): InsideResource | undefined {
  const settled = run.plan.settled[action.address];
  if (settled === undefined || !isDesiredInside(settled)) return undefined;
  const isSame = settled.on === known.on && identityIn(settled.properties) === identityOf(known.inputs);
  if (!isSame) return undefined;
  run.leftAt.add(action.address);
  if (known.machine !== machine) return undefined;
  return withSeen(known, seenFor(known.inputs, factsLike(facts, known, run.ports.hashText)));
}

/** What is to be taken away, and only as far as it is what was made. */
function removalOf(
  { inputs, original, seen }: InsideResource,
  facts: InsideFacts,
  { properties }: InsideAction,
): InsideRemoval | undefined {
  switch (inputs.type) {
    case "file":
      // As it was found just now, which is what was applied: state may keep no more than a sealed digest.
      if (facts.type !== "file" || facts.digest === undefined) return undefined;
      return { type: "file", path: inputs.path, digest: facts.digest };
    case "directory":
      return { type: "directory", path: inputs.path };
    case "packages":
      return seen.type === "packages"
        ? { type: "packages", manager: seen.manager, names: wordsIn(properties["remove"]) }
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
      // By its name alone nobody is taken away: one that is made from now on is somebody else's.
      if (facts.type !== "user" || !facts.exists) return undefined;
      return { type: "user", name: inputs.name, ...(facts.uid !== undefined && { uid: facts.uid }) };
    case "command":
    default:
      return undefined;
  }
}
