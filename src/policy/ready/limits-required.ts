import type { Policy, PolicyMachine } from "../../stack/define-policy.ts";
import { makePolicy } from "../../stack/define-policy.ts";
import { siteOf } from "../../stack/handle.ts";
import { checkedOptions, exceptions, READY_KEYS, refused, type MachineOptions } from "./options.ts";

/** What can be limited, in the words of `machine()`. */
export type Limited = "cpus" | "memory" | "disk";

const ALL: readonly Limited[] = ["cpus", "memory", "disk"];
const PROPERTIES = { cpus: "cpus", memory: "memoryMiB", disk: "diskMiB" } as const satisfies {
  readonly [limit in Limited]: keyof PolicyMachine;
};

/**
 * Denies machines that have no limit of these.
 *
 * @example
 * export default defineConfig({ policies: [limitsRequired(["cpus", "memory"])] });
 */
export function limitsRequired(limits: readonly Limited[], options: MachineOptions = {}): Policy {
  const known = ["except", ...READY_KEYS];
  const { name = "limits-required", severity, ...rest } = checkedOptions("limitsRequired", options, known);
  if (!areLimits(limits)) throw refused("limitsRequired", `it takes a list of ${ALL.join(", ")}`);
  const except = exceptions("limitsRequired", rest);
  const required = ALL.filter((each) => limits.includes(each));
  return makePolicy(
    {
      name,
      severity,
      description: `Machines have a limit of ${required.join(", ")}.`,
      machine: (machine, { deny }) => {
        if (except.has(machine.address)) return;
        const missing = required.filter((each) => !Number.isFinite(machine[PROPERTIES[each]]));
        if (missing.length > 0) deny(`This machine has no limit of ${missing.join(", ")}, or it is not known.`);
      },
    },
    siteOf(limitsRequired),
  );
}

function areLimits(limits: unknown): boolean {
  return Array.isArray(limits) && limits.length > 0 && limits.every((each) => ALL.some((limit) => limit === each));
}
