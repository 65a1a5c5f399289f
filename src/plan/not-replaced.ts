import type { Diagnostic } from "../model/diagnostic.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Asked } from "./asked-inside.ts";
import type { Desk } from "./desk.ts";

/** `ORB_USAGE`: `--replace` names something inside a machine that is not taken away, made again, or run again for it. */
export function notReplaced({ scene }: Desk, { desired, here, wish }: Asked, isActing: boolean): readonly Diagnostic[] {
  const { address, type, lifecycle } = desired;
  if (!scene.input.options.replace.includes(address) || here === undefined) return [];
  // Whatever else is done for packages, none is taken away to be installed again.
  if (isActing && type !== "packages") return [];
  return [
    {
      severity: "warning",
      code: "ORB_USAGE",
      summary: "Resource can't be replaced as requested",
      detail: `--replace names ${address}. ${lifecycle.retain ? RETAINED : whyNot(here)}`,
      ...(wish?.type === "command" && { hint: "To run it all the same, take its condition out, or use: orb on" }),
      address,
    },
  ];
}

const RETAINED = "Its lifecycle says retain: nothing of it is taken away.";

function whyNot({ type, original, on }: InsideResource): string {
  switch (type) {
    case "packages":
      return "What is installed is not taken away and installed again.";
    case "command":
      return "Its condition keeps it from being run: what it makes is there, or onlyIf does not hold.";
    case "service":
      return "It was like this before Orbform came to it, so there is nothing to put back and do again.";
    case "file":
    case "directory":
    case "user":
    default:
      return isStranger(original)
        ? "It was there before Orbform came to it, and what was there before is not taken away."
        : `${on} does not run, and it can't be taken away there.`;
  }
}

function isStranger(original: InsideResource["original"]): boolean {
  if ("kind" in original) return original.kind !== "absent";
  return original.type === "user" && original.exists;
}
