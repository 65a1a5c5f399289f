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

  test.each([
    ["packages", inside("packages", "some", { install: { jq: "present", "no-such": "present" } })],
    ["a service", inside("service", "none", { name: "none", running: true })],
  ])("leaves nothing of ours, wherever a run dies over it: %s", async (_, failing) => {
    let diesAt = 0;
    for (let isDead = true; isDead;) {
      diesAt += 1;
      world = engineWorld();
      await apply([web]);
      isDead = (await world.apply([web, failing], { diesAt })).dead;
      await apply([web, failing]);
      await apply([web]);
      const { packages, services } = await within();
      expect([diesAt, Object.keys(packages), Object.keys(services)]).toEqual([diesAt, ["base"], ["base"]]);
    }
    expect(diesAt).toBeGreaterThan(10);
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

describe("what somebody makes between two attempts, of which the first did nothing", () => {
  const theirs = { uid: 2000, shell: "/bin/zsh", home: "/home/ada", groups: [] };
  const folder = { kind: "directory", mode: 0o755, owner: "theirs" } as const;
  const ada = inside("user", "ada", { name: "ada", shell: "/bin/sh" });
  const site = inside("directory", "site", { path: "/srv/site", mode: 0o700 });

  /** The first change says nothing, and has never begun when it is asked for. */
  function losingTheFirst(byThem: (within: Inside) => void): void {
    const { guests } = world;
    const answer = guests.answer.bind(guests);
    let [changes, isMade] = [0, false];
    guests.answer = (machine, run) => {
      const isChange = run.script.includes("\nlast\nif [ -z");
      if (isChange && (changes += 1) === 1) return "";
      const said = answer(machine, run);
      if (changes === 1 && !isMade && run.script.includes(".void")) {
        isMade = true;
        guests.change(machine, byThem);
      }
      return said;
    };
  }

  test.each([
    ["a user", ada, ({ users }: Inside) => void (users["ada"] = theirs)],
    ["a directory", site, ({ paths }: Inside) => void (paths["/srv/site"] = folder)],
  ])("is neither changed nor claimed: %s", async (_, wanted, byThem) => {
    await apply([web]);
    losingTheFirst(byThem);
    expect(await apply([web, wanted])).toEqual([`${wanted.address}:write failed`]);
    await apply([web]);
    const { users, paths } = await within();
    expect(wanted === ada ? users["ada"] : paths["/srv/site"]).toEqual(wanted === ada ? theirs : folder);
  });
});

test("what was left is not written in the same run, whatever worked in the machine before", async () => {
  const off = desired("web", { power: "stopped" });
  await apply([off, file("one\n")]);
  const theirs = { kind: "file", text: "theirs\n", mode: 0o644, owner: "root" } as const;
  await byHand(({ paths }) => void (paths["/srv/x"] = theirs));
  const once = inside("command", "once", { run: ["append", "/srv/log", "x"] });
  const later = { ...file("one\n"), dependencies: [off.address, once.address] };
  const ended = await apply([off, once, later], { replace: [later.address] });
  expect(ended).toEqual(expect.arrayContaining(["command.once:run succeeded", "file.x:write failed"]));
  expect((await within()).paths["/srv/x"]).toEqual(theirs);
});

test("a service that is put back and set again ends as the stack asks, also where that is ignored otherwise", async () => {
  const base = (ignoreChanges: readonly string[] = []): DesiredInside => {
    const asked = inside("service", "base", { name: "base", running: false, enabled: false });
    return { ...asked, lifecycle: { ...asked.lifecycle, ignoreChanges } };
  };
  await apply([web, base()]);
  await apply([web, base(["running"])], { replace: [base().address] });
  expect((await within()).services["base"]).toMatchObject({ running: false, enabled: false });
});

test("what was left is not written either where its last change was never heard of", async () => {
  const off = desired("web", { power: "stopped" });
  await apply([off]);
  const { guests } = world;
  const answer = guests.answer.bind(guests);
  guests.answer = (machine, run) => {
    // The change dies at work, and leaves no word.
    const isChange = run.script.includes("\nlast\nif [ -z");
    return answer(machine, isChange ? { ...run, steps: 0 } : run);
  };
  expect(await apply([off, file("one\n")])).toContainEqual(expect.stringMatching(/^file\.x:write (?:unknown|failed)$/));
  guests.answer = answer;
  const theirs = { kind: "file", text: "theirs\n", mode: 0o644, owner: "root" } as const;
  await byHand(({ paths }) => void (paths["/srv/x"] = theirs));
  await apply([off, file("one\n")], { replace: [file("").address] });
  expect((await within()).paths["/srv/x"]).toEqual(theirs);
});

test("a command that ended well is not run again where the look after it fails once", async () => {
  await apply([web]);
  const { guests } = world;
  const answer = guests.answer.bind(guests);
  let isOver = false;
  guests.answer = (machine, run) => {
    const isChange = run.script.includes("\nlast\nif [ -z");
    if (isOver && !isChange && !run.script.includes(".void")) {
      isOver = false;
      return "";
    }
    if (isChange) isOver = true;
    return answer(machine, run);
  };
  const once = inside("command", "once", { run: ["append", "/srv/log", "x"] });
  expect(await apply([web, once])).toEqual(["command.once:run succeeded"]);
  expect((await within()).paths["/srv/log"]).toMatchObject({ text: "x\n" });
  expect((await world.plan([web, once])).plan.changes).toEqual([]);
});

test("a user of a run that was never heard of, made by somebody before the next one came to it, is theirs", async () => {
  await apply([web]);
  const { guests } = world;
  const answer = guests.answer.bind(guests);
  const ada = inside("user", "ada", { name: "ada", shell: "/bin/sh" });
  guests.answer = (machine, run) => {
    const isChange = run.script.includes("\nensure_user\n");
    return answer(machine, isChange ? { ...run, steps: 0 } : run);
  };
  await apply([web, { ...ada, lifecycle: { ...ada.lifecycle, retries: 0 } }]);
  const anew = { uid: 2000, shell: "/bin/zsh", home: "/home/ada", groups: [] };
  guests.answer = (machine, run) => {
    if (run.script.includes("\nensure_user\n")) guests.change(machine, ({ users }) => (users["ada"] = anew));
    return answer(machine, run);
  };
  expect(await apply([web, ada])).toEqual(["user.ada:write failed"]);
  guests.answer = answer;
  await apply([web]);
  expect((await within()).users["ada"]).toEqual(anew);
});
