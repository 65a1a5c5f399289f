import type { Diagnostic } from "../model/diagnostic.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Asked } from "./asked-inside.ts";
import type { Desk } from "./desk.ts";
import { isReachable, isTakenAway } from "./removed-inside.ts";

/** `ORB_USAGE`: `--replace` names something inside a machine that is not taken away and made again, or run again, for it. */
export function notReplaced(desk: Desk, asked: Asked): readonly Diagnostic[] {
  const { desired, here, wish } = asked;
  const { address, lifecycle } = desired;
  if (!desk.scene.input.options.replace.includes(address) || here === undefined) return [];
  return [
    {
      severity: "warning",
      code: "ORB_USAGE",
      summary: "Resource can't be replaced as requested",
      detail: `--replace names ${address}. ${lifecycle.retain ? RETAINED : whyNot(desk, here, asked)}`,
      ...(wish?.type === "command" && { hint: "To run it all the same, take its condition out, or use: orb on" }),
      address,
    },
  ];
}

const RETAINED = "Its lifecycle says retain: nothing of it is taken away.";

function whyNot(desk: Desk, here: InsideResource, { site }: Asked): string {
  if (here.type === "packages") return "What is installed is not taken away and installed again.";
  if (here.type === "command")
    return "Its condition keeps it from being run: what it makes is there, or onlyIf does not hold.";
  if (!isTakenAway(desk, here)) return here.type === "service" ? AS_BEFORE : THERE_BEFORE;
  if (!isReachable(desk, here)) return `${here.on} does not run, and it can't be taken away there.`;
  return site.kind === "seen" && site.facts.type === "directory" ? HOLDING : CHANGED;
}

const AS_BEFORE = "It was like this before Orbform came to it, so there is nothing to put back and do again.";

const THERE_BEFORE = "It was there before Orbform came to it, and what was there before is not taken away.";

const HOLDING = "It holds something, and only an empty directory is taken away.";

const CHANGED = "Somebody else has changed it or made it anew since it was applied, so it is not taken away.";
