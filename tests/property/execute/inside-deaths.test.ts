import { describe, expect, it } from "vitest";
import type { DesiredInside, DesiredResource } from "../../../src/model/resource.ts";
import { isInsideResource, type ResourceState } from "../../../src/model/snapshot.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { desired, inside } from "../../support/execute-builders.ts";

const web = desired("web");
const file = (key: string, content: string, more: Partial<DesiredInside> = {}) =>
  inside("file", key, { path: `/srv/${key}`, content, mode: 0o640 }, more);
const page = (content: string) => file("page", content);
const tools = (...names: readonly string[]) =>
  inside("packages", "tools", { install: Object.fromEntries(names.map((name) => [name, "present"])) });
const nginx = inside(
  "service",
  "nginx",
  { name: "nginx", running: true, enabled: false },
  { restartOn: [page("").address], dependencies: [tools().address] },
);
const base = inside("service", "base", { name: "base", running: false });
const ada = (shell: string, groups = ["www"]) => inside("user", "ada", { name: "ada", shell, groups });
const site = inside("directory", "site", { path: "/srv/site", mode: 0o750 });
const within = inside("file", "in", { path: "/srv/site/in", content: "in\n" }, { dependencies: [site.address] });
const once = (line: string, more = {}) => inside("command", "once", { run: ["append", "/srv/log", line], ...more });
const made = (line: string) => once(line, { creates: "/srv/log" });

interface Scenario {
  readonly before: readonly DesiredResource[];
  readonly after: readonly DesiredResource[];
  /** What the stack says once the run has died. Default: what it said then. */
  readonly later?: readonly DesiredResource[];
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "a file that is made": { before: [web], after: [web, page("one\n")] },
  "a file that is written over": { before: [web, page("one\n")], after: [web, page("two\n")] },
  "a file that stood there before": { before: [web], after: [web, file("old", "mine\n")] },
  "a file that moves": {
    before: [web, page("one\n")],
    after: [web, inside("file", "page", { path: "/srv/other", content: "one\n" })],
  },
  "packages that come and go": { before: [web, tools("nginx", "curl")], after: [web, tools("nginx", "jq", "git")] },
  "a service, and what it is restarted for": {
    before: [web, tools("nginx"), page("one\n"), nginx],
    after: [web, tools("nginx"), page("two\n"), nginx],
  },
  "a service that is put back": { before: [web, base], after: [web] },
  "a user that is made": { before: [web], after: [web, ada("/bin/bash", ["www", "adm"])] },
  "a user that changes": { before: [web, ada("/bin/sh")], after: [web, ada("/bin/bash", ["adm"])] },
  "a directory and what is in it": { before: [web], after: [web, site, within] },
  "a command": { before: [web], after: [web, once("x")] },
  "a command that is another": { before: [web, once("x")], after: [web, once("y")] },
  "a command that makes something": { before: [web], after: [web, made("x")] },
  "all that is taken away": {
    before: [web, page("one\n"), tools("nginx", "curl"), nginx, ada("/bin/sh"), site, within, once("x")],
    after: [web],
  },
  "a path, a user and a package that go from one address to another": {
    before: [web, page("one\n"), ada("/bin/sh"), tools("nginx")],
    after: [
      web,
      inside("file", "a", { path: "/srv/page", content: "one\n", mode: 0o640 }),
      inside("user", "a", { name: "ada", shell: "/bin/sh", groups: ["www"] }),
      inside("packages", "a", { install: { nginx: "present" } }),
    ],
  },
  "a machine that ends stopped": {
    before: [desired("web", { power: "stopped" }), page("one\n")],
    after: [desired("web", { power: "stopped" }), page("two\n"), once("x")],
  },
  "a machine that is replaced": {
    before: [web, page("one\n"), tools("nginx")],
    after: [desired("web", { origin: { kind: "image", distro: "debian" } }), page("one\n"), tools("nginx")],
  },
  "a file that is written over, and then leaves": {
    before: [web, page("one\n")],
    after: [web, page("two\n")],
    later: [web],
  },
  "a file that is made, and then is to hold something else": {
    before: [web],
    after: [web, page("one\n")],
    later: [web, page("two\n")],
  },
  "a file that is made over a stranger's, and then leaves": {
    before: [web],
    after: [web, inside("file", "old", { path: "/srv/old", content: "theirs\n" })],
    later: [web],
  },
  "packages that go, and others are asked for": {
    before: [web, tools("nginx", "curl")],
    after: [web, tools("curl", "jq")],
    later: [web, tools("git")],
  },
  "a user that is made, and then leaves": { before: [web], after: [web, ada("/bin/sh")], later: [web] },
  "a service that is changed, and then leaves": { before: [web], after: [web, base], later: [web] },
  "a user that leaves, and comes again": { before: [web, ada("/bin/sh")], after: [web], later: [web, ada("/bin/sh")] },
};

/** How far a script comes that is under way when Orbform dies. */
type Dying = number | undefined;

/** Only a command tells apart whether it came to its end before Orbform died, or after. */
function dyingIn({ after }: Scenario): readonly Dying[] {
  return after.some(({ type }) => type === "command") ? [undefined, 1, Infinity] : [undefined, 1];
}

async function begun({ before }: Scenario): Promise<EngineWorld> {
  const world = engineWorld();
  await world.apply([web]);
  const [machine] = await world.machines();
  world.guests.change(machine?.id ?? "", ({ paths, users }) => {
    paths["/srv/old"] = { kind: "file", text: "theirs\n", mode: 0o644, owner: "root" };
    paths["/srv/stranger"] = { kind: "file", text: "theirs\n", mode: 0o600, owner: "bob" };
    users["bob"] = { uid: 1500, shell: "/bin/sh", home: "/home/bob", groups: ["adm"] };
  });
  await world.apply(before);
  return world;
}

/** What is so in the end, whatever happened on the way. */
interface End {
  readonly inside: object | undefined;
  /** The lines of what commands write. */
  readonly log: readonly string[];
  readonly resources: readonly unknown[];
}

async function endOf(world: EngineWorld): Promise<End> {
  const [machine] = await world.machines();
  const lies = machine && world.guests.read(machine.id);
  const services = Object.entries(lies?.services ?? {}).map(([name, { restarts, ...each }]) => [
    name,
    { ...each, restarts: Math.min(restarts, 1) },
  ]);
  const { "/srv/log": log, ...paths } = lies?.paths ?? {};
  return {
    inside: lies && { ...lies, paths, services: Object.fromEntries(services) },
    log: log?.kind === "file" ? log.text.split("\n") : [],
    resources: Object.values(world.snapshot()?.resources ?? {}).flatMap(believed),
  };
}

/** A command may have run twice where it was killed on its way: nobody can tell then. */
function asOften({ log, ...end }: End, dyingSteps: Dying): End {
  return { ...end, log: dyingSteps === 1 ? [...new Set(log)] : log };
}

/** All but how often it was changed. */
function believed(state: ResourceState): readonly unknown[] {
  if (!isInsideResource(state)) return [];
  const { revision: _revision, startedWith, machine: _machine, ...kept } = state;
  return [{ ...kept, watches: Object.keys(startedWith ?? {}) }];
}

async function expectDone(world: EngineWorld, after: readonly DesiredResource[]): Promise<void> {
  const next = await world.apply(after);
  if (next.dead) throw new Error("nothing kills it");
  expect([...next.applied.results].filter(([, { status }]) => status !== "succeeded")).toEqual([]);
  const { plan } = await world.plan(after);
  expect([plan.changes, plan.drift, plan.diagnostics, plan.refreshed, plan.settled]).toEqual([[], [], [], {}, {}]);
}

describe("an apply that dies anywhere inside a machine is finished by the next, as if nothing had happened", () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    it.each(dyingIn(scenario))(`${name}, with a script of which %s steps are done`, async (dyingSteps) => {
      const whole = await begun(scenario);
      const { after, later = after } = scenario;
      await expectDone(whole, later);
      const expected = await endOf(whole);
      for (let diesAt = 1; ; diesAt += 1) {
        const world = await begun(scenario);
        const { dead } = await world.apply(after, { diesAt, ...(dyingSteps && { dyingSteps }) });
        if (!dead) break;
        try {
          await expectDone(world, later);
          expect(asOften(await endOf(world), dyingSteps)).toEqual(asOften(expected, dyingSteps));
        } catch (error) {
          throw new Error(`dying at ${diesAt}: ${error instanceof Error ? error.message : ""}`, { cause: error });
        }
      }
    });
  }
});
