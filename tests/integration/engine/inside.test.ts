import { describe, expect, test } from "vitest";
import { applyStack } from "../../../src/engine.ts";
import type { DesiredInside, DesiredResource } from "../../../src/model/resource.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { APPLY, type Fleetyard } from "../../support/applied-fleet.ts";
import { at, desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();

const run = (yard: Fleetyard, name: string, script: string): Promise<string> => printed(yard, script, name);

async function applied(yard: Fleetyard, resources: readonly DesiredResource[]): Promise<readonly string[]> {
  const { results, planned } = await yard.apply(resources);
  for (const [id, result] of results) {
    expect(result.status, `${id}: ${JSON.stringify(result)}`).toBe("succeeded");
  }
  return planned.plan.changes.map(({ address, action }) => `${address} ${action}`);
}

async function planned(yard: Fleetyard, resources: readonly DesiredResource[]) {
  const { plan } = await yard.plan(resources);
  return {
    changes: plan.changes.map(({ address, action }) => `${address} ${action}`),
    drift: plan.drift.map(({ address }) => address),
    errors: plan.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code),
  };
}

const QUIET = { changes: [], drift: [], errors: [] };

const page = (content: string, more = {}, changes: Partial<DesiredInside> = {}) =>
  inside("file", "page", { path: "/srv/page.html", content, mode: 0o640, ...more }, changes);

const web = desired("web");

describe("a file", () => {
  test("is written, is found as it was written, and is written again only where it differs", async () => {
    const yard = newYard();
    expect(await applied(yard, [web, page("one\n")])).toEqual(["file.page create", "machine.web create"]);
    expect(await run(yard, "web", "cat /srv/page.html; stat -c %a /srv/page.html")).toBe("one\n640\n");
    expect(await planned(yard, [web, page("one\n")])).toEqual(QUIET);
    expect(await applied(yard, [web, page("two\n")])).toEqual(["file.page update"]);
    expect(await run(yard, "web", "cat /srv/page.html")).toBe("two\n");
    expect(await planned(yard, [web, page("two\n")])).toEqual(QUIET);
  });

  test("that somebody changed is drift, and is written back", async () => {
    const yard = newYard();
    await applied(yard, [web, page("one\n")]);
    await run(yard, "web", "echo other > /srv/page.html; chmod 640 /srv/page.html");
    const seen = await yard.plan([web, page("one\n")]);
    expect(seen.plan.drift).toMatchObject([{ address: "file.page", kind: "changed", folded: false }]);
    expect(seen.plan.changes).toMatchObject([
      { address: "file.page", action: "update", attributes: [{ path: "content", before: "other\n", after: "one\n" }] },
    ]);
    await applied(yard, [web, page("one\n")]);
    expect(await run(yard, "web", "cat /srv/page.html")).toBe("one\n");
  });

  test("stays when it leaves the stack, where it was retained though nothing else of it changed", async () => {
    const yard = newYard();
    await applied(yard, [web, page("one\n")]);
    const retained = page("one\n", {}, { lifecycle: { ...DEFAULT_LIFECYCLE, retain: true } });
    expect(await applied(yard, [web, retained])).toEqual([]);
    const { plan } = await yard.plan([web, retained]);
    expect([plan.changes, plan.settled]).toEqual([[], {}]);
    expect(await applied(yard, [web])).toEqual(["file.page forget"]);
    expect(await run(yard, "web", "cat /srv/page.html")).toBe("one\n");
  });

  test("goes when it leaves the stack, unless somebody changed it or it was there before", async () => {
    const yard = newYard();
    const [mine, theirs, older] = ["mine", "theirs", "older"].map((key) =>
      inside("file", key, { path: `/srv/${key}`, content: "x\n" }),
    );
    if (!mine || !theirs || !older) throw new Error("three files");
    await applied(yard, [web]);
    await run(yard, "web", "echo before > /srv/older");
    await applied(yard, [web, mine, theirs, older]);
    await run(yard, "web", "echo changed > /srv/theirs");
    await applied(yard, [web]);
    expect(await run(yard, "web", "cd /srv && ls; cat theirs older")).toBe("older\ntheirs\nchanged\nx\n");
    expect(await planned(yard, [web])).toEqual(QUIET);
  });

  test("moves with its path: the old one goes, the new one is written", async () => {
    const yard = newYard();
    await applied(yard, [web, page("one\n")]);
    expect(await applied(yard, [web, page("one\n", { path: "/srv/other.html" })])).toEqual(["file.page replace"]);
    expect(await run(yard, "web", "ls /srv")).toBe("other.html\n");
  });

  test("is written again in the machine that replaces its own", async () => {
    const yard = newYard();
    await applied(yard, [web, page("one\n")]);
    const debian = desired("web", { origin: { kind: "image", distro: "debian" } });
    expect(await applied(yard, [debian, page("one\n")])).toEqual(["file.page create", "machine.web replace"]);
    expect(await run(yard, "web", "cat /srv/page.html")).toBe("one\n");
    expect(await planned(yard, [debian, page("one\n")])).toEqual(QUIET);
  });

  test("holds what is known only once the machine it speaks of is there", async () => {
    const yard = newYard();
    const ip = { "~orbform": "ref", address: at("db"), property: "ip4" } as const;
    const content = { "~orbform": "concat", parts: ["db ", ip, "\n"] } as const;
    const hosts = inside("file", "hosts", { path: "/srv/hosts", content }, { dependencies: [at("db")] });
    await applied(yard, [desired("db"), hosts, web]);
    expect(await run(yard, "web", "cat /srv/hosts")).toMatch(/^db 192\.168\.139\.\d+\n$/);
    expect(await planned(yard, [desired("db"), hosts, web])).toEqual(QUIET);
  });

  test("is compared as text where what it holds hangs on its machine", async () => {
    const yard = newYard();
    const host = { "~orbform": "ref", address: at("web"), property: "hostname" } as const;
    const motd = (last: string) =>
      inside("file", "motd", { path: "/srv/motd", content: { "~orbform": "concat", parts: [host, last] } });
    await applied(yard, [motd("\none\n"), web]);
    const { plan } = await yard.plan([motd("\ntwo\n"), web]);
    expect(plan.changes[0]?.attributes).toMatchObject([
      { path: "content", before: "web.orb.local\none\n", after: "web.orb.local\ntwo\n" },
    ]);
  });

  test("is stale where somebody changes it between plan and apply, and is not written over", async () => {
    const yard = newYard();
    await applied(yard, [web, page("one\n")]);
    const stack = {
      value: { stack: "fleet", resources: [page("two\n"), web], outputs: {}, existing: [] },
      diagnostics: [],
    };
    const onPlan = (): void => undefined;
    let changed = false;
    const exec: typeof yard.ports.driver.exec = async (request) => {
      const isChange = !changed && request.begin !== undefined;
      if (isChange) changed = true;
      return await yard.ports.driver.exec(request);
    };
    const inspect: typeof yard.ports.driver.inspect = async (...asked) => {
      await run(yard, "web", "echo meanwhile > /srv/page.html");
      return await yard.ports.driver.inspect(...asked);
    };
    const driver = { ...yard.ports.driver, exec, inspect };
    const { results } = await applyStack({ ...yard.ports, driver }, stack, { ...APPLY, onPlan });
    expect([...results.values()]).toMatchObject([{ status: "failed", problem: { code: "ORB_PLAN_STALE" } }]);
    expect(await run(yard, "web", "cat /srv/page.html")).toBe("meanwhile\n");
    expect(changed).toBe(false);
  });
});

describe("a machine that is to end stopped", () => {
  const base = desired("base", { power: "stopped" });
  const motd = (content: string) => inside("file", "motd", { path: "/srv/motd", content }, { on: at("base") });

  test("boots once for what lies inside it, and is stopped last; its clones have it", async () => {
    const yard = newYard();
    const origin = { kind: "clone", of: { kind: "address", address: at("base") } } as const;
    const copy = desired("copy", { origin, dependencies: [at("base")] });
    await applied(yard, [base, copy, motd("hello\n")]);
    const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
    expect(machines.map(({ name, state }) => [name, state])).toEqual([
      ["base", "stopped"],
      ["copy", "running"],
    ]);
    expect(await run(yard, "copy", "cat /srv/motd")).toBe("hello\n");
    expect(await planned(yard, [base, copy, motd("hello\n")])).toEqual(QUIET);
  });

  test("is not started to be looked at, and is started where there is something to do", async () => {
    const yard = newYard();
    await applied(yard, [base, motd("hello\n")]);
    const calls = yard.calls.get("start") ?? 0;
    expect(await planned(yard, [base, motd("hello\n")])).toEqual(QUIET);
    expect(yard.calls.get("start") ?? 0).toBe(calls);
    expect(await applied(yard, [base, motd("bye\n")])).toEqual(["file.motd update", "machine.base update"]);
    const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
    expect(machines.map(({ state }) => state)).toEqual(["stopped"]);
    expect(await run(yard, "base", "cat /srv/motd")).toBe("bye\n");
  });

  test("runs a command that is another, whatever was said of a condition that it had before", async () => {
    const yard = newYard();
    const log = (line: string, more = {}) =>
      inside("command", "log", { run: `echo ${line} >> /srv/log`, ...more }, { on: at("base") });
    await applied(yard, [base, log("one", { creates: "/srv/log" })]);
    await applied(yard, [base, log("two")]);
    expect(await run(yard, "base", "cat /srv/log")).toBe("one\ntwo\n");
  });

  test("remembers nothing of a condition that was another when it was asked", async () => {
    const yard = newYard();
    const log = (line: string, creates: string) =>
      inside("command", "log", { run: `echo ${line} >> /srv/log`, creates }, { on: at("base") });
    await applied(yard, [base, log("one", "/srv/log")]);
    await applied(yard, [base, log("one", "/srv/other")]);
    await applied(yard, [base, log("two", "/srv/other")]);
    expect(await run(yard, "base", "cat /srv/log")).toBe("one\ntwo\n");
  });

  test("is stopped though what lies inside it failed", async () => {
    const yard = newYard();
    const bad = inside("command", "bad", { run: "exit 3" }, { on: at("base") });
    const { results } = await yard.apply([bad, base]);
    expect([...results].filter(([, { status }]) => status === "failed").map(([id]) => id)).toEqual(["command.bad:run"]);
    const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
    expect(machines.map(({ state }) => state)).toEqual(["stopped"]);
  });
});

describe("packages, users, directories and commands", () => {
  test("are made as asked, and the plan is empty then", async () => {
    const yard = newYard();
    const all = [
      web,
      inside("directory", "site", { path: "/srv/site", mode: 0o750 }),
      inside("packages", "tools", { install: { nginx: "present", curl: "present" } }),
      inside("user", "ada", { name: "ada", shell: "/bin/sh" }),
      inside("command", "once", { run: "echo made >> /srv/made" }),
    ];
    await applied(yard, all);
    expect(await run(yard, "web", "stat -c %a /srv/site; id -un ada; cat /srv/made")).toBe("750\nada\nmade\n");
    expect(await planned(yard, all)).toEqual(QUIET);
    const fewer = [web, inside("packages", "tools", { install: { curl: "present" } })];
    expect(await applied(yard, fewer)).toContain("packages.tools update");
    expect(await run(yard, "web", "dpkg-query -W -f '${Package} ' nginx curl 2>/dev/null || true")).toBe("curl ");
    expect(await run(yard, "web", "ls -d /srv/site 2>/dev/null || true; id -u ada 2>/dev/null || true")).toBe("");
    expect(await planned(yard, fewer)).toEqual(QUIET);
  });

  test("a package is replaced only where the plan says so, whatever the index knows since", async () => {
    const yard = newYard();
    await applied(yard, [web, inside("packages", "tools", { install: { nginx: "present" } })]);
    const tools = inside("packages", "tools", { install: { nginx: "latest", curl: "present" } });
    const stack = {
      value: { stack: "fleet", resources: [tools, web], outputs: {}, existing: [] },
      diagnostics: [],
    };
    let index = "apt-cache() { :; }\n";
    const scripts: string[] = [];
    const exec: typeof yard.ports.driver.exec = (request) => {
      const script = request.command.at(-1) ?? "";
      scripts.push(script);
      return yard.ports.driver.exec({ ...request, command: ["sh", "-c", `${index}${script}`] });
    };
    const onPlan = (): void => {
      index = "apt-cache() { [ $1 != policy ] || printf 'Installed: 1.0-1\\nCandidate: 9.9-9\\n'; }\n";
    };
    const driver = { ...yard.ports.driver, exec };
    const { results } = await applyStack({ ...yard.ports, driver }, stack, { ...APPLY, onPlan });
    expect([...results.values()]).toMatchObject([{ status: "succeeded" }]);
    const wanted = scripts.flatMap((script) => script.match(/^want 'nginx' .*$/m) ?? []);
    expect([...new Set(wanted)]).toEqual(["want 'nginx' 'present'"]);
  });

  test("a command is run once, again when it is another, and again where what it makes is gone", async () => {
    const yard = newYard();
    const once = (properties: object) => inside("command", "once", { run: "echo x >> /srv/log", ...properties });
    await applied(yard, [web, once({ triggers: 1 })]);
    expect(await planned(yard, [web, once({ triggers: 1 })])).toEqual(QUIET);
    await applied(yard, [web, once({ triggers: 2 })]);
    expect(await run(yard, "web", "cat /srv/log")).toBe("x\nx\n");
    await run(yard, "web", "rm /srv/log");
    const creating = once({ triggers: 2, creates: "/srv/log" });
    await applied(yard, [web, creating]);
    expect(await run(yard, "web", "cat /srv/log")).toBe("x\n");
    expect(await planned(yard, [web, creating])).toEqual(QUIET);
  });

  test("a service is restarted when what it watches was changed, and only then", async () => {
    const yard = newYard();
    const restartOn = [page("").address];
    const nginx = inside("service", "nginx", { name: "nginx", running: true }, { restartOn });
    const tools = inside("packages", "tools", { install: { nginx: "present" } });
    const stackOf = (content: string) => [page(content), tools, nginx, web];
    await applied(yard, stackOf("one\n"));
    expect(await planned(yard, stackOf("one\n"))).toEqual(QUIET);
    const { plan } = await yard.plan(stackOf("two\n"));
    expect(plan.changes.map(({ address, notes }) => [address, notes])).toEqual([
      ["file.page", ["in machine.web"]],
      ["service.nginx", ["in machine.web", "restarts: what it is restarted for has changed"]],
    ]);
    const [restart, write] = [plan.actions.find(({ address }) => address === nginx.address), plan.actions[0]];
    expect(restart?.after).toContain(write?.id);
    await applied(yard, stackOf("two\n"));
    expect(await planned(yard, stackOf("two\n"))).toEqual(QUIET);
  });

  test("what was there before stays when it leaves the stack, and the plan says so", async () => {
    const yard = newYard();
    await applied(yard, [web]);
    await run(yard, "web", "mkdir /srv/old");
    await applied(yard, [
      inside("directory", "old", { path: "/srv/old" }),
      inside("command", "once", { run: "true" }),
      web,
    ]);
    const { plan } = await yard.plan([web]);
    expect(plan.changes.map(({ action, reason, notes }) => [action, reason, notes])).toEqual([
      ["forget", "forget: kept", ["in machine.web", "what it did is not undone"]],
      ["forget", "forget: kept", ["in machine.web", "it was there before, and stays as it is"]],
    ]);
    await applied(yard, [web]);
    expect(await run(yard, "web", "ls -d /srv/old")).toBe("/srv/old\n");
  });

  test("a failed command says what it printed, and does not keep others inside from being done", async () => {
    const yard = newYard();
    const bad = inside("command", "bad", { run: "echo it hurts >&2; echo oh; exit 3" });
    const { results } = await yard.apply([bad, page("one\n"), web]);
    const failed = [...results.values()].flatMap((each) => (each.status === "failed" ? [each.problem.detail] : []));
    expect(failed).toEqual([expect.stringContaining("exit code 3")]);
    expect(await run(yard, "web", "cat /srv/page.html")).toBe("one\n");
  });
});

test("what lies inside a machine goes with it, and its state with that", async () => {
  const yard = newYard();
  await applied(yard, [page("one\n"), web]);
  expect(await applied(yard, [])).toEqual(["file.page forget", "machine.web delete"]);
  const { snapshot } = await yard.apply([]);
  expect(snapshot.resources).toEqual({});
});

test("preventDestroy of a file keeps it from being taken away", async () => {
  const yard = newYard();
  const kept = { ...page("one\n"), lifecycle: { ...DEFAULT_LIFECYCLE, preventDestroy: true } };
  await applied(yard, [kept, web]);
  expect(await planned(yard, [web])).toMatchObject({ errors: ["ORB_PREVENT_DESTROY"] });
});
