import { expect, test } from "vitest";
import { planDigest, stackDigest, withDigest, withoutSecrets } from "../../../src/plan/plan-digest.ts";
import { inside } from "../../support/execute-builders.ts";
import { desiredMachine, digest, planOf } from "../../support/plan-builders.ts";

const plan = () => planOf({ desired: [desiredMachine("web")] });

test("two first plans of one stack have one digest, though each draws a lineage", () => {
  const [one, other] = ["a", "b"].map((lineage) => planDigest({ ...plan(), serial: 0, lineage }, digest));
  expect(one).toBe(other);
});

test("plans of two states have two digests", () => {
  const [one, other] = ["a", "b"].map((lineage) => planDigest({ ...plan(), serial: 3, lineage }, digest));
  expect(one).not.toBe(other);
});

test("where a resource is written and how long its actions are expected to take is not what was approved", () => {
  const place = (line: number) =>
    planDigest(planOf({ desired: [desiredMachine("web", { place: { file: "a.ts", line, column: 1 } })] }), digest);
  expect(place(1)).toBe(place(2));
  const { actions, ...rest } = plan();
  const slow = { ...rest, actions: actions.map((each) => ({ ...each, expectedMs: 1 })) };
  expect(planDigest(slow, digest)).toBe(planDigest(plan(), digest));
});

test("nor is where this computer has an archive or a source that the plan has the digest of", () => {
  const given = (folder: string, bytes: string) => {
    const back = desiredMachine("web", {
      origin: { kind: "restore", path: `${folder}/web.tar.zst`, digest: `sha256:${bytes}` },
    });
    const logo = inside("file", "logo", { path: "/srv/logo", source: `${folder}/logo`, digest: bytes });
    const desired = [logo, back];
    const declared = { stack: "dev", resources: desired, outputs: {}, existing: [] };
    return [planDigest(planOf({ desired }), digest), stackDigest(declared, digest)];
  };
  const [one, other] = ["1".repeat(64), "2".repeat(64)];
  expect(given("/pull", one)).toEqual(given("/main", one));
  for (const index of [0, 1]) expect(given("/main", one)[index]).not.toBe(given("/main", other)[index]);
});

test.each([
  ["a truth value", { settings: { isolated: true } }, { settings: { isolated: false } }],
  ["a number", { settings: { cpus: 1 } }, { settings: { cpus: 2 } }],
  ["a word", { name: "a" }, { name: "b" }],
  ["an item of a list", { groups: ["a"] }, { groups: ["b"] }],
  ["a label that is called as what is left out", { labels: { place: "a" } }, { labels: { place: "b" } }],
  ["what is there on one side only", { arch: "arm64" }, {}],
] as const)("plans that differ in %s have two digests", (_, one, other) => {
  const [left, right] = [one, other].map((given) =>
    planDigest(planOf({ desired: [desiredMachine("web", given)] }), digest),
  );
  expect(left).not.toBe(right);
});

test("is made when it is first asked for, and once", () => {
  let asked = 0;
  const counted = withDigest({ plan: plan() }, (value) => {
    asked += 1;
    return digest(value);
  });
  expect(asked).toBe(0);
  expect([counted.digest, counted.digest]).toEqual([planDigest(plan(), digest), planDigest(plan(), digest)]);
  expect(asked).toBe(1);
});

test("what sensitive outputs are stands in no plan that is kept, and in no digest", () => {
  const secret = (value: string) =>
    planOf({ desired: [desiredMachine("web")], outputs: { token: { value, sensitive: true } } });
  expect(JSON.stringify(withoutSecrets(secret("hush")))).not.toContain("hush");
  expect(planDigest(withoutSecrets(secret("hush")), digest)).toBe(planDigest(secret("hush"), digest));
  expect(planDigest(secret("other"), digest)).toBe(planDigest(secret("hush"), digest));
});

test("the digest of a stack has nothing sensitive in it, and everything else", () => {
  const stack = (content: string, sensitive: boolean, value = "v") => ({
    stack: "dev",
    resources: [inside("file", "x", { path: "/x", content }, { sensitive })],
    outputs: { out: { value, sensitive } },
    existing: [],
  });
  expect(stackDigest(stack("one", true), digest)).toBe(stackDigest(stack("two", true, "w"), digest));
  expect(stackDigest(stack("one", false), digest)).not.toBe(stackDigest(stack("two", false), digest));
  expect(stackDigest(stack("one", false), digest)).not.toBe(stackDigest(stack("one", false, "w"), digest));
});
