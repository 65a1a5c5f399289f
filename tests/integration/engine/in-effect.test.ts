import { expect, it } from "vitest";
import { DriverError } from "../../../src/driver/errors.ts";
import { computer } from "../../simulation/computer.ts";
import { Laws } from "../../simulation/laws.ts";
import { Orbform } from "../../simulation/orbform.ts";
import { engineWorld } from "../../support/engine-world.ts";
import { actionId, desired } from "../../support/execute-builders.ts";

const refused = new DriverError("ORB_ORBCTL_FAILED", {
  kind: "refused",
  outcome: "refused",
  summary: "OrbStack refused the call",
  detail: "It refused the second of two settings.",
  hint: "Look at the value that it names.",
});

it("restarts for the settings that were set before another was refused, though the other left the stack", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  const before = async ({ verb }: { readonly verb: string }): Promise<void> => {
    if (verb !== "configure") return;
    await world.sim("config", "set", "machine.web.isolated", "true");
    throw refused;
  };
  const both = desired("web", { settings: { isolated: true, memoryMiB: 512 } });
  const ended = await world.apply([both], { before });
  expect(ended.dead || ended.applied.results.get(actionId("machine.web:config"))?.status).toBe("failed");
  const { plan } = await world.plan([desired("web", { settings: { isolated: true } })]);
  expect(plan.actions.map(({ kind }) => kind)).toEqual(["restart"]);
});

it.each(["transport", "service starting"] as const)(
  "goes on with its own machine where settings can't be set at first: %s",
  async (kind) => {
    const world = engineWorld();
    const { summary, detail } = refused;
    let failures = 0;
    const before = ({ verb }: { readonly verb: string }): void => {
      if (verb !== "configure" || failures > 0) return;
      failures += 1;
      throw new DriverError("ORB_ORBCTL_FAILED", { summary, detail, kind, outcome: "nothing" });
    };
    const ended = await world.apply([desired("web", { settings: { httpPort: 8080 } })], { before });
    expect(failures).toBe(1);
    expect(ended.dead || ended.applied.results.get(actionId("machine.web:create"))).toMatchObject({
      status: "succeeded",
    });
    expect(world.born().length).toBe(1);
  },
);

it("brings settings into effect that a run had set on its new machine when it died", async () => {
  const stack = [desired("web", { settings: { httpPort: 8080 } })];
  for (let diesAt = 1; diesAt < 90; diesAt += 1) {
    const mac = computer(7);
    const orbform = new Orbform(mac, new Laws(mac));
    await orbform.apply(stack, { diesAt });
    await mac.clock.sleep(300_000);
    await orbform.apply(stack, {});
    const log = mac.world.session.log().map((line): { what: string; name: string } => JSON.parse(line));
    const set = log.findLastIndex(({ what }) => what === "config");
    const started = log.findLastIndex(({ what }) => what === "restart" || what === "start");
    expect(started, `dies at ${diesAt}: ${JSON.stringify(log)}`).toBeGreaterThan(set);
    expect(mac.ledger.violations).toEqual([]);
  }
});
