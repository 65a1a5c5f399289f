import { readFileSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { hashText } from "../../../src/state/digest.ts";
import type { Value } from "../../../src/model/value.ts";
import { encodePlan } from "../../support/plan-text.ts";
import type { Fleetyard } from "../../support/applied-fleet.ts";
import { at, desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();

const web = desired("web");
const SECRET = "correct horse battery staple\n";

const token = (content: Value, sensitive = true) =>
  inside("file", "token", { path: "/etc/token", content, mode: 0o600 }, { sensitive });

/** Everything that Orbform keeps of a stack: state, history, journal, timings. */
function keptIn({ ports }: Fleetyard): string {
  const folder = dirname(ports.paths.journal);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => readFileSync(`${each.parentPath}/${each.name}`, "utf8"))
    .join("\n");
}

/** What of a secret may stand nowhere: itself, and a digest that a list of digests knows. */
const TELLING = [SECRET.trim(), hashText(SECRET)];

test("neither a plan nor what is kept says what a sensitive file holds", async () => {
  const yard = newYard();
  const first = await yard.plan([web, token(SECRET)]);
  const { planned } = await yard.apply([web, token(SECRET)]);
  const texts = [encodePlan(first.plan), encodePlan(planned.plan), keptIn(yard)];
  for (const word of TELLING) for (const text of texts) expect(text).not.toContain(word);
  expect(first.digest).toBe(planned.digest);
  expect(await printed(yard, "cat /etc/token; stat -c %a /etc/token")).toBe(`${SECRET}600\n`);
  const again = await yard.plan([web, token(SECRET)]);
  expect([again.plan.changes, again.plan.drift, again.plan.refreshed]).toEqual([[], [], {}]);
});

test("a sensitive file that is another, in the stack or in the machine, is seen, shown as neither, and written", async () => {
  const yard = newYard();
  await yard.apply([web, token(SECRET)]);
  const changed = await yard.plan([web, token("other\n")]);
  const hidden = { "~orbform": "sensitive" };
  expect(changed.plan.changes).toMatchObject([
    { action: "update", attributes: [{ path: "content", before: hidden, after: hidden }] },
  ]);
  await yard.apply([web, token("other\n")]);
  await printed(yard, "echo meddled > /etc/token");
  const drifted = await yard.plan([web, token("other\n")]);
  expect(drifted.plan.drift).toMatchObject([{ address: "file.token", kind: "changed" }]);
  expect(JSON.stringify(drifted.plan)).not.toMatch(/other|meddled/);
  await yard.apply([web, token("other\n")]);
  expect(await printed(yard, "cat /etc/token")).toBe("other\n");
});

test("a file becomes sensitive, and is so no longer, without being written again", async () => {
  const yard = newYard();
  await yard.apply([web, token(SECRET, false)]);
  expect(keptIn(yard)).toContain(hashText(SECRET));
  for (const sensitive of [true, false]) {
    const { plan } = await yard.plan([web, token(SECRET, sensitive)]);
    expect([plan.changes, plan.drift]).toEqual([[], []]);
    await yard.apply([web, token(SECRET, sensitive)]);
    const snapshot = JSON.stringify((await yard.ports.backend.read())?.resources[token(SECRET).address]);
    expect(snapshot.includes(hashText(SECRET)), snapshot).toBe(!sensitive);
  }
});

test("a sensitive file that nobody changed is taken away, another one is left", async () => {
  const yard = newYard();
  await yard.apply([web, token(SECRET)]);
  await yard.apply([web]);
  expect(await printed(yard, "ls /etc/token 2>/dev/null || echo gone")).toBe("gone\n");
  await yard.apply([web, token(SECRET)]);
  await printed(yard, "echo meddled > /etc/token");
  await yard.apply([web]);
  expect(await printed(yard, "cat /etc/token")).toBe("meddled\n");
});

test("a sensitive file that hangs on its machine is written with what is known then", async () => {
  const yard = newYard();
  const ip = { "~orbform": "ref", address: at("web"), property: "hostname" } as const;
  const content = { "~orbform": "concat", parts: ["key hunter2 for ", ip, "\n"] } as const;
  const { planned } = await yard.apply([web, token(content)]);
  expect(await printed(yard, "cat /etc/token")).toBe("key hunter2 for web.orb.local\n");
  for (const text of [encodePlan(planned.plan), keptIn(yard)]) expect(text).not.toContain("hunter2");
  expect((await yard.plan([web, token(content)])).plan.changes).toEqual([]);
});

test("what a lifecycle says of something inside is kept, though nothing else changes", async () => {
  const yard = newYard();
  const kept = token("x\n", false);
  await yard.apply([web, kept]);
  await yard.apply([web, { ...kept, lifecycle: { ...kept.lifecycle, retain: true } }]);
  const { plan } = await yard.plan([web]);
  expect(plan.changes).toMatchObject([{ address: "file.token", action: "forget", reason: "forget: retained" }]);
});

test("what a sensitive file holds stays where that is ignored, and its rights are set", async () => {
  const yard = newYard();
  const ignoring = (mode: number) => {
    const { lifecycle, ...file } = token(SECRET);
    return {
      ...file,
      properties: { ...file.properties, mode },
      lifecycle: { ...lifecycle, ignoreChanges: ["content"] },
    };
  };
  await yard.apply([web, ignoring(0o600)]);
  await printed(yard, "printf 'by hand\n' > /etc/token; chmod 600 /etc/token");
  await yard.apply([web, ignoring(0o640)]);
  expect(await printed(yard, "cat /etc/token; stat -c %a /etc/token")).toBe("by hand\n640\n");
  expect((await yard.plan([web, ignoring(0o640)])).plan.changes).toEqual([]);
});

test("a secret with an address in it is written once", async () => {
  const yard = newYard();
  const parts = ["token ", { "~orbform": "ref", address: at("web"), property: "ip4" }] as const;
  const stack = [web, { ...token({ "~orbform": "concat", parts }), dependencies: [at("web")] }];
  await yard.apply(stack);
  expect(await printed(yard, "cat /etc/token")).toMatch(/^token [0-9.]+$/);
  const again = await yard.plan(stack);
  expect([again.plan.changes, again.plan.actions]).toEqual([[], []]);
});
