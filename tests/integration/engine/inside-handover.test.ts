import { describe, expect, test } from "vitest";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import { applyStack, planStack } from "../../../src/engine.ts";
import { address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredOutput, DesiredResource } from "../../../src/model/resource.ts";
import { APPLY, type Fleetyard } from "../../support/applied-fleet.ts";
import { at, desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();
const web = desired("web");
const installing = (key: string, ...names: readonly string[]) =>
  inside("packages", key, { install: Object.fromEntries(names.map((name) => [name, "present"])) });
const file = (key: string, path: string, more: Parameters<typeof inside>[3] = {}) =>
  inside("file", key, { path, content: `${key}\n` }, more);

/** Applies, sees all of it succeed, and nothing left to do. */
async function settle(yard: Fleetyard, resources: readonly DesiredResource[]): Promise<void> {
  const { results } = await yard.apply(resources);
  expect([...results].filter(([, { status }]) => status !== "succeeded")).toEqual([]);
  const { plan } = await yard.plan(resources);
  expect([plan.changes, plan.drift, plan.diagnostics, plan.refreshed, plan.settled]).toEqual([[], [], [], {}, {}]);
}

const stackOf = (resources: readonly DesiredResource[], outputs: { readonly [name: string]: DesiredOutput } = {}) => ({
  value: { stack: "fleet", resources, outputs, existing: [] },
  diagnostics: [],
});

describe("what goes from one resource to another", () => {
  test.each(["app", "zsh"])("a package stays installed, and goes with its new resource %s", async (key) => {
    const yard = newYard();
    const installed = () => printed(yard, "dpkg-query -W -f '${Package} ' curl jq 2>/dev/null || true");
    await settle(yard, [web, installing("tools", "curl", "jq")]);
    const { plan } = await yard.plan([web, installing("tools", "curl"), installing(key, "jq")]);
    expect(plan.changes.flatMap(({ attributes }) => attributes)).toEqual([]);
    await settle(yard, [web, installing("tools", "curl"), installing(key, "jq")]);
    expect(await installed()).toBe("curl jq ");
    await settle(yard, [web, installing("tools", "curl")]);
    expect(await installed()).toBe("curl ");
  });

  test("the last of its packages leaves nothing to take away, and the plan says why", async () => {
    const yard = newYard();
    await settle(yard, [web, installing("tools", "jq")]);
    const { plan } = await yard.plan([web, installing("app", "jq")]);
    expect(plan.changes.map(({ address, action, notes }) => [address, action, notes.at(-1)])).toEqual([
      ["packages.app", "create", "it is there already, as it is asked for: nothing is written"],
      ["packages.tools", "forget", "another resource asks for them"],
    ]);
    await settle(yard, [web, installing("app", "jq")]);
  });

  test("a path that one lets go of is another's that it depends on", async () => {
    const yard = newYard();
    const before = file("a", "/srv/one");
    await settle(yard, [web, before, file("b", "/srv/two", { dependencies: [before.address] })]);
    const after = file("a", "/srv/two");
    await settle(yard, [web, after, file("b", "/srv/three", { dependencies: [after.address] })]);
    expect(await printed(yard, "cd /srv; grep . *")).toBe("three:b\ntwo:a\n");
  });

  test("a machine that nobody may start keeps what is to go from it, and the plan says so", async () => {
    const yard = newYard();
    const [a, b] = [desired("a", { power: "any" }), desired("b")];
    await settle(yard, [a, b, file("x", "/srv/x", { on: at("a") })]);
    const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
    const id = machines.find(({ name }) => name === "a")?.id;
    if (id === undefined) throw new Error("there is no a");
    await yard.ports.driver.perform({ verb: "stop", id }, { begin: async () => undefined });
    const { plan } = await yard.plan([a, b, file("x", "/srv/x", { on: at("b") })]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["ORB_GUEST_UNAVAILABLE"]);
  });
});

describe("a folder and what lies in it", () => {
  test("come and go in the order of their paths, though nothing says that they depend on each other", async () => {
    const yard = newYard();
    const all = [
      file("a", "/srv/site/in/page"),
      inside("directory", "b", { path: "/srv/site/in" }),
      inside("directory", "c", { path: "/srv/site" }),
    ];
    await settle(yard, [web, ...all]);
    await settle(yard, [web]);
    expect(await printed(yard, "ls /srv")).toBe("");
  });
});

describe("a file that somebody changed and that leaves the stack", () => {
  test("is left, and the plan says so", async () => {
    const yard = newYard();
    await settle(yard, [web, file("x", "/srv/x")]);
    await printed(yard, "echo theirs > /srv/x");
    const { plan } = await yard.plan([web]);
    expect(plan.changes.map(({ action, notes }) => [action, notes.at(-1)])).toEqual([
      ["forget", "somebody else has changed it, and it stays as it is"],
    ]);
    await settle(yard, [web]);
    expect(await printed(yard, "cat /srv/x")).toBe("theirs\n");
  });
});

describe("a value that OrbStack tells only of a running machine", () => {
  test("is compared by the next plan, though no output names it", async () => {
    const yard = newYard();
    const hosts = (word: string) =>
      inside(
        "file",
        "hosts",
        {
          path: "/srv/hosts",
          content: {
            "~orbform": "concat",
            parts: [`${word} `, { "~orbform": "ref", address: at("db"), property: "ip4" }],
          },
        },
        { dependencies: [at("db")] },
      );
    await settle(yard, [web, desired("db"), hosts("one")]);
    await printed(yard, "rm /srv/hosts", "web");
    expect((await yard.plan([web, desired("db"), hosts("one")])).plan.changes).toMatchObject([
      { address: "file.hosts" },
    ]);
    await settle(yard, [web, desired("db"), hosts("two")]);
    expect(await printed(yard, "cut -d ' ' -f 1 /srv/hosts", "web")).toBe("two\n");
  });
});

describe("a command", () => {
  test("that its conditions keep from being run is not said to run, and runs once they hold", async () => {
    const yard = newYard();
    const once = inside("command", "once", { run: "echo ran >> /srv/log", onlyIf: "test -e /srv/go" });
    await settle(yard, [web]);
    await settle(yard, [web, once]);
    await printed(yard, "touch /srv/go");
    await settle(yard, [web, once]);
    expect(await printed(yard, "cat /srv/log")).toBe("ran\n");
  });

  test("whose machine has to be started to see that it is kept from being run waits as well", async () => {
    const yard = newYard();
    const off = desired("web", { power: "stopped" });
    const once = inside("command", "once", { run: "echo ran >> /srv/log", onlyIf: "test -e /srv/go" });
    await settle(yard, [off]);
    await settle(yard, [off, once]);
    await settle(yard, [web, once]);
    await printed(yard, "touch /srv/go");
    await settle(yard, [web, once]);
    expect(await printed(yard, "cat /srv/log")).toBe("ran\n");
  });

  test("and a file are done again as requested", async () => {
    const yard = newYard();
    const once = inside("command", "once", { run: "echo ran >> /srv/log" });
    const all = [web, once, file("x", "/srv/x")];
    await settle(yard, all);
    const request = { ...PLAIN_REQUEST, replace: [once.address, address("file", "x")] };
    const { planned } = await applyStack(yard.ports, stackOf(all), { ...APPLY, plan: request });
    expect(planned.plan.changes.map(({ address, action, reason }) => [address, action, reason])).toEqual([
      ["command.once", "update", undefined],
      ["file.x", "replace", "replace: requested"],
    ]);
    expect(await printed(yard, "cat /srv/log /srv/x")).toBe("ran\nran\nx\n");
  });

  test("what is made anew holds what the stack says, also where that is ignored otherwise", async () => {
    const yard = newYard();
    await settle(yard, [web, file("x", "/srv/x")]);
    const lifecycle = { ...DEFAULT_LIFECYCLE, ignoreChanges: ["content"] };
    const all = [web, inside("file", "x", { path: "/srv/x", content: "other\n" }, { lifecycle })];
    await settle(yard, all);
    expect(await printed(yard, "cat /srv/x")).toBe("x\n");
    const request = { ...PLAIN_REQUEST, replace: [address("file", "x")] };
    const { results } = await applyStack(yard.ports, stackOf(all), { ...APPLY, plan: request });
    expect([...results.values()].map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(await printed(yard, "cat /srv/x")).toBe("other\n");
    await settle(yard, all);
    await settle(yard, [web]);
    expect(await printed(yard, "ls /srv")).toBe("");
  });
});

describe("what is only to be recorded", () => {
  test("is recorded of what lies inside, too, and nothing of ours is made theirs by it", async () => {
    const yard = newYard();
    const all = [web, file("x", "/srv/x")];
    await settle(yard, all);
    await printed(yard, "echo theirs > /srv/x");
    const request = { ...PLAIN_REQUEST, mode: "refresh-only" as const };
    await applyStack(yard.ports, stackOf(all), { ...APPLY, plan: request });
    const again = await planStack(yard.ports, stackOf(all), request);
    expect([again.plan.drift, again.plan.refreshed]).toEqual([[], {}]);
    expect((await yard.plan([web])).plan.changes).toMatchObject([{ action: "forget" }]);
    await settle(yard, all);
    expect(await printed(yard, "cat /srv/x")).toBe("x\n");
  });
});

describe("an output that a plan leaves out", () => {
  test("stays in state", async () => {
    const yard = newYard();
    const outputs = {
      name: { value: { "~orbform": "ref", address: at("web"), property: "name" }, sensitive: false },
    } as const;
    const all = stackOf([web, desired("db")], outputs);
    await applyStack(yard.ports, all, APPLY);
    const request = { ...PLAIN_REQUEST, targets: [at("db")] };
    await applyStack(yard.ports, all, { ...APPLY, plan: request });
    expect(yard.snapshot().outputs).toEqual({ name: { value: "web", sensitive: false } });
  });
});

describe("a secret that the stack no longer says", () => {
  const secret = { path: "/srv/token", content: "hunter2-secret\n" };

  test("stays one where the file is shown from now on", async () => {
    const yard = newYard();
    await settle(yard, [web, inside("file", "token", secret, { sensitive: true })]);
    const shown = [web, inside("file", "token", { ...secret, content: "placeholder\n" })];
    const { plan } = await yard.plan(shown);
    expect(plan.changes).toMatchObject([
      { attributes: [{ before: { "~orbform": "sensitive" }, after: "placeholder\n" }] },
    ]);
    expect(JSON.stringify(plan)).not.toContain("hunter2");
    await settle(yard, shown);
    expect(await printed(yard, "cat /srv/token")).toBe("placeholder\n");
  });

  test("is not printed by what fails in its machine once the file has left", async () => {
    const yard = newYard();
    const kept = { ...DEFAULT_LIFECYCLE, retain: true };
    await settle(yard, [web, inside("file", "token", secret, { sensitive: true, lifecycle: kept })]);
    const failing = inside(
      "command",
      "c",
      { run: "cat /srv/token; exit 3" },
      { lifecycle: { ...DEFAULT_LIFECYCLE, retries: 0 } },
    );
    const { results } = await yard.apply([web, failing]);
    expect(JSON.stringify([...results])).not.toContain("hunter2");
  });

  test("is written though its resource got another key and then another path", async () => {
    const yard = newYard();
    const kept = { ...DEFAULT_LIFECYCLE, retain: true };
    await settle(yard, [web, inside("file", "token", secret, { sensitive: true, lifecycle: kept })]);
    const aliases = [address("file", "token")];
    const moved = (path: string) =>
      inside("file", "word", { ...secret, path }, { sensitive: true, lifecycle: { ...kept, aliases } });
    await settle(yard, [web, moved("/srv/token")]);
    await settle(yard, [web, moved("/srv/word")]);
    expect(await printed(yard, "cat /srv/word")).toBe("hunter2-secret\n");
  });
});
