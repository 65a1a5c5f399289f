import type { Policy, PolicyMachine } from "../../stack/define-policy.ts";
import { makePolicy } from "../../stack/define-policy.ts";
import { siteOf } from "../../stack/handle.ts";
import { checkedOptions, exceptions, READY_KEYS, refused, type MachineOptions } from "./options.ts";

/** Which machines are to be isolated, and from what. */
export interface IsolationOptions extends MachineOptions {
  /** Also from the Mac, the local network and other machines: `isolated: { network: false }`. @default false */
  readonly network?: boolean | undefined;
}

/**
 * Denies machines that are not isolated.
 *
 * @example
 * export default defineConfig({ policies: [isolationRequired({ network: true, except: ["machine.build"] })] });
 */
export function isolationRequired(options: IsolationOptions = {}): Policy {
  const known = ["network", "except", ...READY_KEYS];
  const {
    network = false,
    name = "isolation-required",
    severity,
    ...rest
  } = checkedOptions("isolationRequired", options, known);
  if (typeof network !== "boolean") throw refused("isolationRequired", "`network` is true or false");
  const except = exceptions("isolationRequired", rest);
  return makePolicy(
    {
      name,
      severity,
      description: network ? "Machines are isolated, also from the network." : "Machines are isolated.",
      machine: (machine, { deny }) => {
        const lack = lackOf(machine, network);
        if (lack !== undefined && !except.has(machine.address)) deny(lack);
      },
    },
    siteOf(isolationRequired),
  );
}

function lackOf({ isolated, network }: PolicyMachine, alsoNetwork: boolean): string | undefined {
  const write = alsoNetwork ? "isolated: { network: false }" : "isolated: true";
  if (isolated === undefined) return `It is not known whether this machine is isolated. Write ${write}.`;
  if (!isolated) return `This machine is not isolated. Write ${write}.`;
  if (!alsoNetwork || network === false) return undefined;
  return `This machine is isolated, but not from the network. Write ${write}.`;
}
