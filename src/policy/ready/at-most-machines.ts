import type { Policy } from "../../stack/define-policy.ts";
import { makePolicy } from "../../stack/define-policy.ts";
import { siteOf } from "../../stack/handle.ts";
import { checkedOptions, READY_KEYS, refused, type ReadyOptions } from "./options.ts";

/**
 * Denies stacks of more machines.
 *
 * @example
 * export default defineConfig({ policies: [atMostMachines(12)] });
 */
export function atMostMachines(most: number, options: ReadyOptions = {}): Policy {
  const { name = "at-most-machines", severity } = checkedOptions("atMostMachines", options, READY_KEYS);
  if (!Number.isSafeInteger(most) || most < 0) throw refused("atMostMachines", "it takes a whole number from 0 on");
  return makePolicy(
    {
      name,
      severity,
      description: `A stack has at most ${most} machines.`,
      plan: ({ machines }, { deny }) => {
        if (machines.length > most) deny(`The stack has ${machines.length} machines; at most ${most} are allowed.`);
      },
    },
    siteOf(atMostMachines),
  );
}
