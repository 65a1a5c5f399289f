import { describe, expect, it } from "vitest";
import { type Computer, computer, machinesOf, outside } from "../../simulation/computer.ts";
import { Laws } from "../../simulation/laws.ts";
import { Orbform } from "../../simulation/orbform.ts";
import { desired } from "../../support/execute-builders.ts";

const WEB = [desired("web")];

/** Kills applies at ever later steps, until one dies with its client at work. */
async function dieWithClientAtWork(): Promise<{ readonly mac: Computer; readonly orbform: Orbform }> {
  for (let diesAt = 1; ; diesAt += 1) {
    const mac = computer(7);
    const orbform = new Orbform(mac, new Laws(mac));
    await outside(mac, "sim", "fault", "set", "create-hang:web");
    await orbform.apply(WEB, { diesAt });
    if (mac.table.running().length > 0) return { mac, orbform };
  }
}

describe("a create that hangs and outlives the run that began it", () => {
  it("is not waited for once its machine runs", async () => {
    const { mac, orbform } = await dieWithClientAtWork();
    const before = mac.clock.elapsed();
    const next = await orbform.apply(WEB, {});
    expect(next.kind).toBe("done");
    expect(mac.clock.elapsed() - before).toBeLessThan(60_000);
    expect(mac.table.running()).toEqual([]);
    expect(machinesOf(mac).map(({ name }) => name)).toEqual(["web"]);
    expect(mac.ledger.violations).toEqual([]);
  });
});
