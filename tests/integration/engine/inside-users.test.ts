/** Whose a user inside a machine is: a name is nobody's identity. */
import { beforeEach, expect, test } from "vitest";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import type { DesiredInside, DesiredResource } from "../../../src/model/resource.ts";
import { desired, inside } from "../../support/execute-builders.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";

const web = desired("web");
const ada = (shell = "/bin/sh"): DesiredInside => inside("user", "ada", { name: "ada", shell });

let world: EngineWorld;

async function begun(): Promise<void> {
  world = engineWorld();
  await apply(web, ada());
}

beforeEach(begun);

async function apply(...resources: readonly DesiredResource[]): Promise<void> {
  const ended = await world.apply(resources);
  const results = ended.dead ? [] : [...ended.applied.results];
  expect([ended.dead, results.filter(([, { status }]) => status !== "succeeded")]).toEqual([false, []]);
}

type Users = Parameters<Parameters<EngineWorld["guests"]["change"]>[1]>[0]["users"];

async function byHand(change: (users: Users) => void): Promise<void> {
  const [machine] = await world.machines();
  world.guests.change(machine?.id ?? "", ({ users }) => change(users));
}

const deleted = (): Promise<void> => byHand((users) => delete users["ada"]);
const madeAnew = (uid: number): Promise<void> =>
  byHand((users) => (users["ada"] = { uid, shell: "/bin/sh", home: "/home/ada", groups: [] }));

async function numberOf(): Promise<number | undefined> {
  let uid: number | undefined;
  await byHand((users) => (uid = users["ada"]?.uid));
  return uid;
}

/** Applies, and a person makes the user anew when the first action has begun. */
async function applyLate(...inside: readonly DesiredInside[]) {
  const [machine] = await world.machines();
  const anew = { uid: 2000, shell: "/bin/sh", home: "/home/ada", groups: [] };
  let told = 0;
  const onEvent = (): void => {
    told += 1;
    if (told === 1) world.guests.change(machine?.id ?? "", ({ users }) => (users["ada"] = anew));
  };
  const ended = await world.apply([web, ...inside], {}, { onEvent });
  let user: unknown;
  await byHand((users) => (user = users["ada"]));
  return { ended: ended.dead ? [] : [...ended.applied.results.values()], user, anew };
}

test("one that was made goes when it leaves the stack", async () => {
  await apply(web);
  expect(await numberOf()).toBeUndefined();
});

test("one that somebody made anew stays when it leaves the stack, and the plan says so", async () => {
  await madeAnew(2000);
  const { plan } = await world.plan([web]);
  expect(plan.changes.map(({ address, action, notes }) => [address, action, notes.at(-1)])).toEqual([
    ["user.ada", "forget", "it is not the one that was made, and stays"],
  ]);
  await apply(web);
  expect(await numberOf()).toBe(2000);
});

test.each([
  ["nothing was done for it", [web, ada()]],
  ["it was changed", [web, ada("/bin/bash")]],
] as const)("it stays also after an apply in which %s", async (_, resources) => {
  await madeAnew(2000);
  await apply(...resources);
  await apply(web);
  expect(await numberOf()).toBe(2000);
});

test("it stays also where it is anew between plan and removal", async () => {
  const approve = async (): Promise<boolean> => {
    await madeAnew(2000);
    return true;
  };
  await expect(world.apply([web], {}, { approve })).rejects.toMatchObject({ code: "ORB_PLAN_STALE" });
  expect(await numberOf()).toBe(2000);
});

test("it stays also where it is anew when its turn comes", async () => {
  const { ended } = await applyLate();
  expect(ended).toMatchObject([{ status: "succeeded", left: true }]);
  expect(await numberOf()).toBe(2000);
});

test.each([
  ["taken away", []],
  ["changed", [ada("/bin/bash")]],
] as const)("it stays also where one was being %s by a run that died, wherever", async (_, inside) => {
  let diesAt = 0;
  for (let isDead = true; isDead;) {
    diesAt += 1;
    await begun();
    const { dead } = await world.apply([web, ...inside], { diesAt, dyingSteps: 9 });
    isDead = dead;
    await madeAnew(2000);
    await apply(web, ...inside);
    await apply(web);
    expect([diesAt, await numberOf()]).toEqual([diesAt, 2000]);
  }
  expect(diesAt).toBeGreaterThan(10);
});

test("one that was there before, was deleted, and was made again by Orbform is ours", async () => {
  await madeAnew(2000);
  await apply(web, ada());
  await deleted();
  await apply(web, ada());
  await apply(web);
  expect(await numberOf()).toBeUndefined();
});

test("one that was seen to be gone and is there again is somebody else's, whatever its number", async () => {
  const uid = (await numberOf()) ?? 0;
  await deleted();
  await world.apply([web, ada()], {}, { plan: { ...PLAIN_REQUEST, mode: "refresh-only" } });
  await madeAnew(uid);
  await apply(web, ada());
  await apply(web);
  expect(await numberOf()).toBe(uid);
});

test("one that somebody deleted and Orbform made again is ours", async () => {
  await deleted();
  await apply(web, ada());
  expect(await numberOf()).toBeDefined();
  await apply(web);
  expect(await numberOf()).toBeUndefined();
});

test("one that is made anew when its turn comes is not changed", async () => {
  const { ended, user, anew } = await applyLate(ada("/bin/bash"));
  expect(ended).toMatchObject([{ status: "failed", problem: { code: "ORB_PLAN_STALE" } }]);
  expect(user).toEqual(anew);
  await apply(web);
  expect(await numberOf()).toBe(2000);
});

test("one that is there when one is to be made is not changed, alike as it is", async () => {
  await deleted();
  const withKey = inside("user", "ada", { name: "ada", shell: "/bin/sh", authorizedKeys: ["ssh-ed25519 A"] });
  const { ended, user, anew } = await applyLate(withKey);
  expect(ended).toMatchObject([{ status: "failed", problem: { code: "ORB_PLAN_STALE" } }]);
  expect(user).toEqual(anew);
});

test("that one was made anew is drift, until it is taken note of", async () => {
  const before = await numberOf();
  await madeAnew(2000);
  const drifted = await world.plan([web, ada()]);
  expect(drifted.plan.drift).toMatchObject([
    { address: "user.ada", kind: "changed", folded: false, attributes: [{ path: "uid", before, after: 2000 }] },
  ]);
  await apply(web, ada());
  expect((await world.plan([web, ada()])).plan.drift).toEqual([]);
});

test("one that somebody made anew is not taken away to be made again", async () => {
  await madeAnew(2000);
  const request = { ...PLAIN_REQUEST, replace: [ada().address] };
  const { plan } = await world.plan([web, ada()], request);
  expect(plan.diagnostics.map(({ code }) => code)).toEqual(["ORB_USAGE"]);
  await world.apply([web, ada()], {}, { plan: request });
  expect(await numberOf()).toBe(2000);
});

test("one that somebody makes after a run died before it came to make it stays, too", async () => {
  let [diesAt, waiting] = [0, 0];
  for (let isDead = true; isDead;) {
    diesAt += 1;
    world = engineWorld();
    await apply(web);
    const { dead } = await world.apply([web, ada()], { diesAt });
    isDead = dead;
    if (!dead || (await numberOf()) !== undefined) continue;
    waiting += 1;
    await madeAnew(2000);
    await apply(web, ada());
    await apply(web);
    expect([diesAt, await numberOf()]).toEqual([diesAt, 2000]);
  }
  expect(waiting).toBeGreaterThan(5);
});

test("nothing is sent to take away one that is not there: one may be made meanwhile", async () => {
  await deleted();
  const sent: string[] = [];
  const { guests } = world;
  const answer = guests.answer.bind(guests);
  guests.answer = (machine, run) => (sent.push(run.script), answer(machine, run));
  await apply(web);
  expect(sent.length).toBeGreaterThan(1);
  expect(sent.filter((script) => script.includes("\ndelete_user\n"))).toEqual([]);
});

test("one that is made anew while a program of the stack is at work is not changed", async () => {
  const made = inside("command", "make", { run: ["append", "/srv/log", "x"] });
  const after = { dependencies: [web.address, made.address] };
  const changed = inside("user", "ada", { name: "ada", shell: "/bin/bash" }, after);
  const { ended, user, anew } = await applyLate(made, changed);
  expect(ended.map(({ status }) => status)).toEqual(["succeeded", "failed"]);
  expect(user).toEqual(anew);
});
