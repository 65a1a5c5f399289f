import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import { isRelease, releasedName, takenName } from "../graph/names.ts";
import type { Decision } from "./decision.ts";
import { refused } from "./decision.ts";
import { adoptLine, problem } from "./problems.ts";
import { priorMachine, type Scene } from "./scene.ts";

/** Refuses what would take a name that someone holds and that nothing in this plan frees: `ORB_NAME_TAKEN`. */
export function checkNames(scene: Scene, decisions: readonly Decision[]): readonly Decision[] {
  const freed = new Set<string>();
  for (const { chain } of decisions) {
    for (const action of chain) if (isRelease(action)) freed.add(nameKey(releasedName(action)));
  }
  return decisions.map((decision) => {
    const holder = heldName(scene, decision, freed);
    if (holder === undefined) return decision;
    const { drift, address } = decision;
    return { ...refused(address, nameTaken(scene, address, holder)), ...(drift && { drift }) };
  });
}

function heldName(scene: Scene, { chain }: Decision, freed: ReadonlySet<string>): MachineFacts | undefined {
  for (const action of chain) {
    const name = takenName(action);
    if (name === undefined || freed.has(nameKey(name))) continue;
    const holder = scene.liveByName.get(nameKey(name));
    if (holder !== undefined) return holder;
  }
  return undefined;
}

function nameTaken(scene: Scene, address: Address, holder: MachineFacts): Diagnostic {
  const subject = scene.desired.get(address) ?? { address };
  const owner = scene.ownerOf.get(holder.id);
  const claim = scene.input.live.claims[holder.id];
  const own = priorMachine(scene, address)?.id;
  const words = { code: "ORB_NAME_TAKEN", summary: "Machine name is taken" } as const;
  const { name } = holder;
  if (owner !== undefined) {
    return problem(subject, {
      ...words,
      detail: `${address} is to be named ${name}, which ${owner} holds and this plan does not free. Neither is touched.`,
      hint: "Give one of them another name in the stack, or plan both, then run: orb plan",
    });
  }
  if (own !== undefined && scene.liveById.has(own)) {
    return problem(subject, {
      ...words,
      detail: `${address} is to be named ${name} again, and another machine took that name outside. Neither is touched.`,
      hint: `Free the name, or take the other machine in its place: ${adoptLine(address, name)}`,
    });
  }
  return problem(subject, {
    ...words,
    detail:
      `${address} is to be named ${name}, and there is a machine of that name that Orbform did not make. ` +
      `It is not touched.${claim === undefined ? "" : ` ${claim}`}`,
    hint: `Take it into state, or name yours otherwise: ${adoptLine(address, name)}`,
  });
}
