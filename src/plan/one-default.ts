import type { Action } from "../model/action.ts";
import type { Decision } from "./decision.ts";

/** Rule 6, never two: a machine that becomes the default takes it from the one that was, and two calls would race. */
export function setOneDefault(decisions: readonly Decision[]): readonly Decision[] {
  if (!decisions.some(({ chain }) => chain.some((each) => each.kind === "set-default" && each.target !== null))) {
    return decisions;
  }
  return decisions.map((decision) => {
    const chain = decision.chain.filter((each) => !isClearing(each));
    return chain.length === decision.chain.length ? decision : { ...decision, chain };
  });
}

function isClearing(action: Action): boolean {
  return action.kind === "set-default" && action.target === null;
}
