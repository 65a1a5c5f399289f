import { describe, expect, it } from "vitest";
import { at, create, desired } from "../../support/execute-builders.ts";
import { play, testWorld } from "../../support/execute-world.ts";

describe("create", () => {
  it("makes a machine and takes it into state", async () => {
    const world = testWorld();
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    const [machine] = await world.machines();
    expect(played.snapshot.resources[at("web")]).toMatchObject({ id: machine?.id, name: "web", status: "ready" });
    expect(played.journal.map((each) => each.kind)).toEqual(["intent", "outcome"]);
  });
});
