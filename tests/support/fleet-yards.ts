import { afterEach } from "vitest";
import type { OrbctlExec } from "../../src/driver/orbctl/call.ts";
import { fleetyard, type Fleetyard } from "./applied-fleet.ts";

/** Makes fleetyards for the tests of a file, and removes each after its test. `around` is as for {@link fleetyard}. */
export function fleetyards(): (around?: (exec: OrbctlExec) => OrbctlExec) => Fleetyard {
  const yards: Fleetyard[] = [];
  afterEach(() => {
    for (const yard of yards.splice(0)) yard.remove();
  });
  return (around) => {
    const yard = fleetyard(undefined, around);
    yards.push(yard);
    return yard;
  };
}

/** What a script prints inside the machine of that name, as root; without a name, inside the first. */
export async function printed({ ports }: Fleetyard, script: string, name?: string): Promise<string> {
  const { machines } = await ports.driver.observe({ settings: false, default: false });
  const machine = machines.find((each) => name === undefined || each.name === name);
  if (machine === undefined) throw new Error(`there is no ${name ?? "machine"}`);
  const { stdout } = await ports.driver.exec({ machine: machine.id, command: ["sh", "-c", script], user: "root" });
  return stdout;
}
