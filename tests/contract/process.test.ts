import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { once } from "node:events";
import { type SimulatorFolder, simulatorFolder } from "../support/simulator-process.ts";
import type { ContractCase } from "./case.ts";
import { keepFolder } from "./folder.ts";
import { expectCase, type CallOrbctl } from "./simulator.ts";
import { TABLE } from "./table.ts";

keepFolder();

/** The first case of each section that needs nothing of memory's own. */
const CHOSEN = TABLE.filter(
  (each, at) => TABLE.findIndex((other) => isAlike(other, each)) === at && isAlike(each, each),
);

function isAlike(one: ContractCase, other: ContractCase): boolean {
  return one.section === other.section && one.gives.never !== true && one.cwd === undefined;
}

let sim: SimulatorFolder;

beforeAll(() => {
  sim = simulatorFolder();
});

afterAll(() => {
  sim.remove();
});

beforeEach(async () => {
  await sim.run(["sim", "init"]);
});

describe("the simulator as a program", { tags: ["slow"] }, () => {
  test.each(CHOSEN)("$section $does: orbctl $line", async (each) => {
    const own = each.env && { HOME: undefined, ...each.env };
    const env = { ...own, ORBCTL_SIM_FAULTS: each.faults ?? "", ORBCTL_SIM_VERSION: each.version ?? "" };
    const call: CallOrbctl = (argv, stdin) => sim.run(argv, { env, stdin });

    await expectCase(each, call);
  });

  test("every section is among them", () => {
    const sections = new Set(TABLE.map(({ section }) => section));

    expect(CHOSEN.map(({ section }) => section).toSorted()).toEqual([...sections].toSorted());
  });

  test.each(["delete -f web", "stop web", "restart web", "stop"])(
    "3.8: a client in a machine ends with orbctl %s",
    async (line) => {
      await sim.run(["create", "ubuntu", "web"]);
      const child = sim.spawn(["run", "-m", "web", "cat"]);
      const ended = once(child, "close");
      child.stdin?.write("here");
      await once(child.stdout ?? child, "data");
      await sim.run(line.split(" "));

      expect(await ended).not.toEqual([0, null]);
    },
  );
});
