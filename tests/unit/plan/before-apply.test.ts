import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import { onlyAdoption } from "../../../src/plan/adopt-only.ts";
import { awaitsMachine } from "../../../src/plan/awaits-machine.ts";
import { folds, isEmpty } from "../../../src/plan/is-empty.ts";
import { refuseAllGone, refuseErrors, refuseOtherWorld, staleBetween } from "../../../src/plan/refuse.ts";
import { temporaryNames } from "../../../src/plan/temporary-name.ts";
import { at, desiredMachine, errorsOf, inputOf, liveMachine, planOf, stateOf } from "../../support/plan-builders.ts";
import { plan } from "../../../src/plan/plan.ts";

const web = desiredMachine("web");
const db = desiredMachine("db");
const live = liveMachine("web");
const settled = { desired: [web], prior: { web: stateOf(web, live) }, live: [live] };

function told(call: () => void): string {
  try {
    call();
    return "nothing";
  } catch (error) {
    if (isOrbformError(error)) return error.code;
    throw error;
  }
}

describe("a plan", () => {
  it("with an error is refused with the first one, one with warnings is not", () => {
    const warning: Diagnostic = { severity: "warning", code: "ORB_PROPERTY_INVALID", summary: "", detail: "" };
    const error: Diagnostic = { ...warning, severity: "error", code: "ORB_CLAIMED" };
    expect(told(() => refuseErrors([warning]))).toBe("nothing");
    expect(told(() => refuseErrors([warning, error, { ...error, code: "ORB_NAME_TAKEN" }]))).toBe("ORB_CLAIMED");
  });

  it("after which all of two recorded machines are gone is refused unless that is said or can be asked", () => {
    const gone = planOf({ prior: { web: stateOf(web, live), db: stateOf(db, liveMachine("db")) } });
    const asked = (recreateAll: boolean, canAsk: boolean) => told(() => refuseAllGone(gone, { recreateAll, canAsk }));
    expect(gone.allGone).toBe(true);
    expect([asked(false, false), asked(true, false), asked(false, true)]).toEqual([
      "ORB_ALL_GONE",
      "nothing",
      "nothing",
    ]);
    const some = planOf({ ...settled, prior: { ...settled.prior, db: stateOf(db, liveMachine("db")) } });
    expect(told(() => refuseAllGone(some, { recreateAll: false, canAsk: false }))).toBe("nothing");
    expect(planOf({ prior: { web: stateOf(web, live) } }).allGone).toBe(false);
  });

  it("of another OrbStack is refused, by its kind and by its host", () => {
    const here = { driver: "orbctl", host: "a" };
    const other = (world: typeof here) => told(() => refuseOtherWorld(world, here));
    expect([other(here), other({ ...here, driver: "x" }), other({ ...here, host: "b" })]).toEqual([
      "nothing",
      "ORB_OTHER_WORLD",
      "ORB_OTHER_WORLD",
    ]);
  });

  it("is an error where its state speaks of another OrbStack, unless nothing is in it", () => {
    const errorsIn = (world: object, prior = settled.prior) =>
      errorsOf(planOf({ ...settled, prior, liveMore: { world: { ...inputOf({}).live.world, ...world } } }));
    expect([errorsIn({ driver: "x" }), errorsIn({ host: "x" }), errorsIn({})]).toEqual([
      ["ORB_OTHER_WORLD"],
      ["ORB_OTHER_WORLD"],
      [],
    ]);
    expect(errorsOf(planOf({ liveMore: { world: { driver: "x", host: "x" } } }))).toEqual([]);
  });

  it("is stale where it differs, and what differs is named", () => {
    const [none, both] = [planOf({}), planOf({ desired: [web, db] })];
    expect(staleBetween(planOf({ desired: [web] }), both).detail).toContain("What differs: machine.db.");
    expect(staleBetween(both, none).detail).toContain("What differs: machine.db, machine.web.");
    expect(staleBetween(none, planOf({})).detail).not.toContain("What differs");
    expect(staleBetween(none, both).code).toBe("ORB_PLAN_STALE");
  });

  it("is empty without changes and outputs, and folds what it refreshes or settles", () => {
    const output = { desired: [], outputs: { a: { value: 1, sensitive: false } } };
    expect([planOf(settled), planOf({ desired: [web] }), planOf(output)].map(isEmpty)).toEqual([true, false, false]);
    const renamed = {
      ...settled,
      desired: [],
      live: [{ ...live, name: "www" }],
      options: { mode: "refresh-only" as const },
    };
    expect([planOf(settled), planOf({ desired: [web] }), planOf(renamed)].map(folds)).toEqual([false, true, true]);
  });

  it("names addresses that nobody has in their order, however they are asked for", () => {
    const errors = (...targets: string[]) => errorsOf(planOf({ ...settled, options: { targets: targets.map(at) } }));
    expect(errors("y", "x", "y")).toEqual(["ORB_ADDRESS_UNKNOWN machine.x", "ORB_ADDRESS_UNKNOWN machine.y"]);
  });

  it("of an environment says of which", () => {
    const input = inputOf({});
    expect(plan({ ...input, desired: { ...input.desired, env: "prod" } }).env).toBe("prod");
    expect(plan(input)).not.toHaveProperty("env");
  });
});

describe("an adoption alone", () => {
  it("does nothing to the machine, and nothing to others", () => {
    const whole = planOf({
      desired: [desiredMachine("web", { settings: { cpus: 2 } }), db],
      live: [live],
      outputs: { a: { value: 1, sensitive: false } },
      options: { adopt: [at("web")] },
    });
    const { actions, changes, settled: taken, outputs, outputChanges, summary } = onlyAdoption(whole, at("web"));
    expect(actions.map(({ id, after }) => [id, after])).toEqual([["machine.web:adopt", []]]);
    expect(changes.map((each) => [each.address, each.attributes, each.actions])).toEqual([
      ["machine.web", [], ["machine.web:adopt"]],
    ]);
    expect([Object.keys(taken), outputs, outputChanges]).toEqual([["machine.web"], {}, []]);
    expect(summary).toEqual({ add: 0, change: 0, destroy: 0, forget: 0, adopt: 1 });
    expect(onlyAdoption(whole, at("db"))).toMatchObject({ actions: [], changes: [], summary: { adopt: 0 } });
  });
});

describe("a plan that only time can mend", () => {
  const pending = { action: "create", name: "web", at: 0, timeoutMs: 9e15, expected: {}, knownIds: [] } as const;
  const { id: _id, ...unmade } = stateOf(web, live, { status: "unready", pending });
  const awaits = (worlds: Parameters<typeof inputOf>[0]) => {
    const input = inputOf(worlds);
    return awaitsMachine(plan(input), input.prior);
  };

  it("waits for a machine of a dead run, and for nothing else beside it", () => {
    expect(awaits({ desired: [web], prior: { web: unmade } })).toBe(true);
    expect(awaits({ desired: [web, db], prior: { web: unmade }, live: [liveMachine("db")] })).toBe(false);
    expect(awaits(settled)).toBe(false);
    expect(awaits({ ...settled, live: [{ ...live, state: "starting" }] })).toBe(false);
    expect(awaits({ desired: [db], live: [liveMachine("db")] })).toBe(false);
  });
});

describe("temporary names", () => {
  const names = (isTaken: (key: string) => boolean) =>
    temporaryNames("seed", (value) => `${JSON.stringify(value).slice(-2, -1)}abcd`, isTaken);

  it("are the next where one is taken or was given already, whatever its case", () => {
    const name = names((key) => key === "web-orbform-tmp-0abc");
    expect([name("Web", "tmp", at("web")), name("web", "tmp", at("web")), name("web", "del", at("web"))]).toEqual([
      "Web-orbform-tmp-1abc",
      "web-orbform-tmp-2abc",
      "web-orbform-del-0abc",
    ]);
  });

  it("are never longer than a name may be, and never have two endings", () => {
    const name = names(() => false);
    expect(name("x".repeat(63), "tmp", at("x"))).toBe(`${"x".repeat(46)}-orbform-tmp-0abc`);
    expect(name("web-orbform-del-12ef", "tmp", at("y"))).toBe("web-orbform-tmp-0abc");
    expect(name("web-orbform-del-12ef-x", "tmp", at("z"))).toBe("web-orbform-del-12ef-x-orbform-tmp-0abc");
  });
});
