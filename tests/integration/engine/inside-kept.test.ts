import { describe, expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import type { Fleetyard } from "../../support/applied-fleet.ts";
import { at, desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();

/** Applies, and tells how each action that did not succeed ended. */
async function failures(yard: Fleetyard, resources: readonly DesiredResource[]): Promise<readonly string[]> {
  const { results } = await yard.apply(resources);
  return [...results].flatMap(([id, { status }]) => (status === "succeeded" ? [] : [`${id} ${status}`]));
}

async function expectQuiet(yard: Fleetyard, resources: readonly DesiredResource[]): Promise<void> {
  const { plan } = await yard.plan(resources);
  expect([plan.changes, plan.drift, plan.diagnostics, plan.refreshed, plan.settled]).toEqual([[], [], [], {}, {}]);
}

const web = desired("web");
const page = (content: string, lifecycle = {}, more = {}) =>
  inside(
    "file",
    "page",
    { path: "/srv/page", content, mode: 0o640, ...more },
    { lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } },
  );
const tools = (...names: readonly string[]) =>
  inside("packages", "tools", { install: Object.fromEntries(names.map((name) => [name, "present"])) });

describe("what is taken away is what was made", () => {
  test("and not a user whom somebody made after making one had failed", async () => {
    const yard = newYard();
    const ada = inside("user", "ada", { name: "ada", shell: "/bin/sh" });
    await yard.apply([web]);
    await printed(yard, "touch /etc/passwd.lock");
    expect(await failures(yard, [web, ada])).toEqual(["user.ada:write failed"]);
    await printed(yard, "rm /etc/passwd.lock; useradd ada");
    expect(await failures(yard, [web, ada])).toEqual([]);
    expect(await failures(yard, [web])).toEqual([]);
    expect(await printed(yard, "id -un ada")).toBe("ada\n");
  });

  test("also what was made by a change that failed then", async () => {
    const yard = newYard();
    const ada = (shell: string) => inside("user", "ada", { name: "ada", shell, authorizedKeys: ["ssh-ed25519 AAAA"] });
    await yard.apply([web]);
    await printed(yard, "mkdir -p /home/ada/.ssh/authorized_keys");
    expect(await failures(yard, [web, ada("/bin/sh")])).toEqual(["user.ada:write failed"]);
    expect(await printed(yard, "id -un ada")).toBe("ada\n");
    expect(await failures(yard, [web])).toEqual([]);
    expect(await printed(yard, "id -un ada 2>/dev/null || true")).toBe("");
    await expectQuiet(yard, [web]);
  });

  test("a directory with something in it is left, and so said", async () => {
    const yard = newYard();
    const site = inside("directory", "site", { path: "/srv/site" });
    await yard.apply([web, site]);
    await printed(yard, "echo theirs > /srv/site/theirs");
    await expectQuiet(yard, [web, site]);
    const { results } = await yard.apply([web]);
    expect([...results.values()]).toMatchObject([{ status: "succeeded", left: true }]);
    expect(await printed(yard, "cat /srv/site/theirs")).toBe("theirs\n");
    await expectQuiet(yard, [web]);
  });

  test("a package that somebody installed after it was dropped is not ours", async () => {
    const yard = newYard();
    await yard.apply([web, tools("curl", "jq")]);
    await yard.apply([web, tools("curl")]);
    await printed(yard, "apt-get install -y jq");
    await yard.apply([web, tools("curl", "jq")]);
    await expectQuiet(yard, [web, tools("curl", "jq")]);
    expect(await failures(yard, [web])).toEqual([]);
    expect(await printed(yard, "dpkg-query -W -f '${Package} ' curl jq 2>/dev/null || true")).toBe("jq ");
  });

  test("a file that stood there before stays though its machine has another key now", async () => {
    const yard = newYard();
    await yard.apply([web]);
    await printed(yard, "echo before > /srv/page");
    await yard.apply([web, page("one\n")]);
    const aliases = [at("web")];
    const app = desired("app", { name: "web", lifecycle: { ...DEFAULT_LIFECYCLE, aliases } });
    const within = { ...page("one\n"), on: at("app"), dependencies: [at("app")] };
    expect(await failures(yard, [app, within])).toEqual([]);
    await expectQuiet(yard, [app, within]);
    expect(await failures(yard, [app])).toEqual([]);
    expect(await printed(yard, "cat /srv/page")).toBe("one\n");
  });

  test("a file goes though its machine got another key by the same change of the stack", async () => {
    const yard = newYard();
    await yard.apply([web, page("one\n")]);
    const app = desired("app", { name: "web", lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("web")] } });
    expect(await failures(yard, [app])).toEqual([]);
    expect(await printed(yard, "ls /srv")).toBe("");
    await expectQuiet(yard, [app]);
  });
});

describe("what the stack says of something that lies there as asked", () => {
  test("enters state with the next apply: preventDestroy holds then", async () => {
    const yard = newYard();
    await yard.apply([web, page("one\n")]);
    const kept = page("one\n", { preventDestroy: true });
    expect(await failures(yard, [web, kept])).toEqual([]);
    await expectQuiet(yard, [web, kept]);
    const { plan } = await yard.plan([web]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(["ORB_PREVENT_DESTROY"]);
  });

  test("does not make a command's turn pass that its conditions kept it from", async () => {
    const yard = newYard();
    const once = (triggers: number) =>
      inside("command", "once", { run: "echo x >> /srv/log", onlyIf: "test -e /srv/go", triggers });
    await yard.apply([web]);
    await printed(yard, "touch /srv/go");
    await yard.apply([web, once(1)]);
    await printed(yard, "rm /srv/go");
    await yard.apply([web, once(2)]);
    await printed(yard, "touch /srv/go");
    await yard.apply([web, once(2)]);
    expect(await printed(yard, "cat /srv/log")).toBe("x\nx\n");
    await expectQuiet(yard, [web, once(2)]);
  });
});

describe("a property that is ignored", () => {
  test("is left as it is found when another is changed", async () => {
    const yard = newYard();
    await yard.apply([web, page("one\n", { ignoreChanges: ["content"] })]);
    await printed(yard, "echo theirs > /srv/page");
    const open = page("two\n", { ignoreChanges: ["content"] }, { mode: 0o644 });
    await yard.apply([web, open]);
    expect(await printed(yard, "stat -c %a /srv/page; cat /srv/page")).toBe("644\ntheirs\n");
    await expectQuiet(yard, [web, open]);
  });
});

test("a service that is to stand still is not started for what it watches", async () => {
  const yard = newYard();
  const still = inside("service", "ssh", { name: "ssh", running: false }, { restartOn: [page("").address] });
  await yard.apply([web, page("one\n"), still]);
  expect(await failures(yard, [web, page("two\n"), still])).toEqual([]);
  expect(await printed(yard, "systemctl is-active ssh || true")).toBe("inactive\n");
  await expectQuiet(yard, [web, page("two\n"), still]);
});

test("a service whose turn did not come is restarted later for what has another path since", async () => {
  const yard = newYard();
  const setUp = (run: string) => inside("command", "setup", { run });
  const ssh = inside(
    "service",
    "ssh",
    { name: "ssh", running: true },
    { restartOn: [page("").address], dependencies: [setUp("").address] },
  );
  await yard.apply([web, page("one\n"), setUp("true"), ssh]);
  const moved = page("one\n", {}, { path: "/srv/other" });
  expect(await failures(yard, [web, moved, setUp("exit 7"), ssh])).toEqual([
    "command.setup:run failed",
    "service.ssh:write skipped",
  ]);
  const { plan } = await yard.plan([web, moved, setUp("true"), ssh]);
  expect(plan.actions.find(({ address }) => address === ssh.address)).toHaveProperty("restart", true);
});

test("what no machine would take fails for good, and is not tried again", async () => {
  const events: string[] = [];
  const yard = newYard();
  // Only known once something else is made: a stack that says so is refused when it is read.
  const ada = inside("user", "ada", { name: "ada", authorizedKeys: ["# no key"] });
  const { results } = await yard.apply([web, ada], undefined, ({ event }) => events.push(event));
  expect([...results.values()].at(-1)).toMatchObject({ status: "failed", problem: { code: "ORB_PROPERTY_INVALID" } });
  expect(events).not.toContain("retrying");
});
