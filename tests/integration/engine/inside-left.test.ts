/** What a change that did not come to its end leaves in state, and what is left where it was. */
import { beforeEach, describe, expect, test } from "vitest";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import type { DesiredInside, DesiredResource } from "../../../src/model/resource.ts";
import { desired, inside } from "../../support/execute-builders.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";

const web = desired("web");
const file = (content: string): DesiredInside => inside("file", "x", { path: "/srv/x", content });

let world: EngineWorld;

beforeEach(() => {
  world = engineWorld();
});

async function apply(resources: readonly DesiredResource[], more: Partial<typeof PLAIN_REQUEST> = {}) {
  const ended = await world.apply(resources, {}, { plan: { ...PLAIN_REQUEST, ...more } });
  return ended.dead ? [] : [...ended.applied.results].map(([id, { status }]) => `${id} ${status}`);
}

type Inside = Parameters<Parameters<EngineWorld["guests"]["change"]>[1]>[0];

async function byHand(change: (inside: Inside) => void): Promise<void> {
  const [machine] = await world.machines();
  world.guests.change(machine?.id ?? "", change);
}

async function within(): Promise<Inside> {
  const [machine] = await world.machines();
  return world.guests.read(machine?.id ?? "");
}

test("a file that was left when it was to be made again is known still, and nobody's is written over unseen", async () => {
  const off = desired("web", { power: "stopped" });
  await apply([off, file("one\n")]);
  await byHand(({ paths }) => {
    paths["/srv/x"] = { kind: "file", text: "theirs\n", mode: 0o644, owner: "root" };
  });
  const ended = await apply([off, file("one\n")], { replace: [file("").address] });
  expect(ended).toEqual(expect.arrayContaining(["file.x:remove succeeded", "file.x:write failed"]));
  const { plan } = await world.plan([off, file("one\n")]);
  expect(plan.changes.map(({ address, action }) => [address, action])).toContainEqual(["file.x", "update"]);
  expect((await within()).paths["/srv/x"]).toMatchObject({ text: "theirs\n" });
});

test("a directory that holds something and was to be made again is ours still", async () => {
  const site = inside("directory", "site", { path: "/srv/site" });
  const page = inside("file", "page", { path: "/srv/site/page", content: "x" }, { dependencies: [web.address] });
  await apply([web, site, page]);
  await apply([web, site, page], { replace: [site.address] });
  await apply([web]);
  expect(Object.keys((await within()).paths).filter((path) => path.startsWith("/srv"))).toEqual(["/srv"]);
});

describe("what failed and never came to be", () => {
  test.each([
    ["a service", inside("service", "none", { name: "none", running: true })],
    ["packages", inside("packages", "none", { install: { "no-such": "present" } })],
  ])("is not taken away: %s", async (_, failing) => {
    expect(await apply([web, failing])).toContainEqual(expect.stringMatching(/ failed$/));
    expect((await world.plan([web])).plan.changes).toEqual([]);
  });

  test("of packages those that were installed before it failed go", async () => {
    await apply([web, inside("packages", "some", { install: { jq: "present", "no-such": "present" } })]);
    expect((await within()).packages).toHaveProperty("jq");
    await apply([web]);
    expect((await within()).packages).not.toHaveProperty("jq");
  });
});

test("a user that somebody makes between the look and the change is not touched", async () => {
  await apply([web]);
  const { guests } = world;
  const answer = guests.answer.bind(guests);
  const anew = { uid: 2000, shell: "/bin/zsh", home: "/home/ada", groups: [] };
  guests.answer = (machine, run) => {
    if (run.script.includes("\nensure_user\n")) guests.change(machine, ({ users }) => (users["ada"] = anew));
    return answer(machine, run);
  };
  const ada = inside("user", "ada", { name: "ada", shell: "/bin/sh" });
  expect(await apply([web, ada])).toEqual(["user.ada:write failed"]);
  expect((await within()).users["ada"]).toEqual(anew);
  await apply([web]);
  expect((await within()).users["ada"]).toEqual(anew);
});

test("that a stack asks for another condition of a command is no drift", async () => {
  const setup = (creates: string): DesiredInside =>
    inside("command", "setup", { run: ["append", "/srv/log", "x"], creates });
  await apply([web, setup("/srv/log")]);
  const { plan } = await world.plan([web, setup("/srv/other")]);
  expect(plan.drift).toEqual([]);
});
