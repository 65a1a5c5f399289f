import { describe, expect, it, test } from "vitest";
import { definePolicy } from "../../../src/index.ts";
import { OrbformError } from "../../../src/model/errors.ts";
import type { PolicyAnswer, PolicyInput } from "../../../src/stack/define-policy.ts";
import { refuseDenied } from "../../../src/policy/refuse-denied.ts";
import { planDigest } from "../../../src/plan/plan-digest.ts";
import { at, desiredMachine, desiredSetting, digest, liveMachine, stateOf } from "../../support/plan-builders.ts";
import { checked, judgement, said, viewOf } from "../../support/policy-builders.ts";

const place = { file: "/p/stacks/dev.ts", line: 3, column: 7 };
const web = desiredMachine("web", { place, labels: { team: "a" } });
const db = desiredMachine("db");
const here = liveMachine("db");
const worlds = { desired: [db, web], prior: { db: stateOf(db, here) }, live: [here] };

const policy = (name: string, parts: Omit<PolicyInput, "name">) => definePolicy({ name, ...parts });

test("findings come with their policy, their address and its place, denials first", () => {
  const policies = [
    policy("b", { machine: ({ address }, { warn }) => warn(`I saw ${address}.`) }),
    policy("c", { plan: ({ changes }, { deny }) => deny("Not on a Friday.", changes[0]) }),
    policy("a", { change: (_, { deny }) => deny("No changes.") }),
    policy("d", { plan: (_, { deny }) => deny("Never.") }),
  ];
  const deny = { severity: "deny" };
  expect(checked(policies, worlds)).toEqual({
    value: {
      checked: ["a", "b", "c", "d"],
      findings: [
        { policy: "a", ...deny, message: "No changes.", address: "machine.web", place },
        { policy: "c", ...deny, message: "Not on a Friday.", address: "machine.web", place },
        { policy: "d", ...deny, message: "Never." },
        { policy: "b", severity: "warn", message: "I saw machine.db.", address: "machine.db" },
        { policy: "b", severity: "warn", message: "I saw machine.web.", address: "machine.web", place },
      ],
    },
    diagnostics: [],
  });
});

test("a policy of severity warn denies nothing", () => {
  const mild = policy("mild", { severity: "warn", machine: (_, { deny }) => deny("No.") });
  expect(said([mild], worlds)).toEqual(["warn mild machine.db", "warn mild machine.web"]);
});

describe("a policy that gives no answer", () => {
  const rubbish = (returned: () => unknown): PolicyInput["machine"] => returned as () => undefined;

  it.each([
    [
      "throws",
      () => {
        throw new RangeError("far off");
      },
      "threw RangeError: far off.",
    ],
    [
      "throws what is no error",
      () => {
        throw {
          toString() {
            throw new Error("x");
          },
        };
      },
      "threw a value that can't be shown.",
    ],
    [
      "throws nothing",
      () => {
        throw undefined;
      },
      "threw undefined.",
    ],
    [
      "is asynchronous",
      async () => {
        await Promise.resolve();
        throw new Error("late");
      },
      "is asynchronous; ",
    ],
    // oxlint-disable-next-line unicorn/no-thenable -- a promise of another making
    ["gives another's promise", () => ({ then: () => undefined }), "is asynchronous; "],
    ["returns a text", () => "web is bad", 'returned "web is bad"; '],
    ["returns false", () => false, "returned the boolean false; "],
    [
      "hides what it returns",
      () =>
        new Proxy(
          {},
          {
            has() {
              throw new Error("hidden");
            },
          },
        ),
      "threw hidden.",
    ],
  ])("is an error where it %s; the others are asked all the same", (...[, returned, says]) => {
    const bad = policy("bad", { machine: rubbish(returned), plan: (_, { warn }) => warn("So far so good.") });
    const { value, diagnostics } = checked([bad, policy("good", { plan: (_, { deny }) => deny("No.") })], worlds);
    expect(diagnostics).toMatchObject([
      { severity: "error", code: "ORB_POLICY_FAILED", summary: "A policy gave no answer" },
    ]);
    expect(diagnostics[0]?.detail).toContain(`The policy bad, asked about machine.db, ${says}`);
    expect(diagnostics[0]?.detail).not.toMatch(/^\s+at /m);
    expect(diagnostics[0]?.place?.file).toBe(import.meta.filename);
    expect(value.checked).toEqual(["good"]);
    expect(value.findings.map((each) => each.policy)).toEqual(["good"]);
  });

  it("is told of as often as it is counted: what it said before it failed is none of the findings", () => {
    const half = async (_: unknown, { deny }: PolicyAnswer): Promise<void> => {
      deny("At once.");
      await Promise.resolve();
    };
    const { value, diagnostics } = checked([policy("half", { plan: rubbish(half as never) as never })], worlds);
    const failed = [{ policy: "half", message: diagnostics[0]?.detail }];
    expect([value, diagnostics.length]).toEqual([{ checked: [], findings: [], failed }, 1]);
  });

  it("is told without the name of a class where it runs into an error of ours", () => {
    const ours = new OrbformError("ORB_STACK_FAILED", {
      summary: "Stack file tried to end Orbform",
      detail: "It called process.exit, which ends no run of Orbform.",
    });
    const ends = policy("ends", {
      plan: () => {
        throw ours;
      },
    });
    expect(checked([ends], worlds).diagnostics[0]?.detail).toBe(
      "The policy ends, asked about the plan, failed: it called process.exit, which ends no run of Orbform. A plan that can't be judged is not applied. No machine was touched.",
    );
  });

  it.each([
    ["no text", (deny: PolicyAnswer["deny"]) => deny(7 as never), "gave a message that is no text"],
    ["an empty text", (deny: PolicyAnswer["deny"]) => deny(" \n"), "gave an empty message"],
    [
      "a subject that is none",
      (deny: PolicyAnswer["deny"]) => deny("No.", { address: "the web" }),
      "named something without an address",
    ],
    [
      "a subject of another kind",
      (deny: PolicyAnswer["deny"]) => deny("No.", "machine.web" as never),
      "named something without an address",
    ],
  ])("is an error where it says %s", (...[, say, says]) => {
    const { value, diagnostics } = checked([policy("bad", { plan: (_, { deny }) => say(deny) })], worlds);
    expect(diagnostics[0]?.detail).toContain(`The policy bad, asked about the plan, ${says}`);
    expect(value).toEqual({
      checked: [],
      findings: [],
      failed: [{ policy: "bad", message: diagnostics[0]?.detail }],
    });
  });

  it("is not heard once it has returned", () => {
    let later: PolicyAnswer["deny"] | undefined;
    const { value } = checked([policy("late", { plan: (_, { deny }) => void (later = deny) })], worlds);
    expect(() => later?.("No.")).toThrow(
      expect.objectContaining({
        code: "ORB_POLICY_FAILED",
        summary: "A policy answered too late",
        detail:
          "The policy late said something after it had returned. That is not heard: the plan was judged without it.",
      }),
    );
    expect(value.findings).toEqual([]);
  });

  it("can't change what the next one sees", () => {
    const vandal = policy("vandal", { machine: ({ labels }) => void Object.assign(labels, { team: "b" }) });
    const { diagnostics } = checked([vandal], worlds);
    expect(diagnostics[0]?.detail).toMatch(/threw TypeError: Cannot/);
  });
});

test("an address that is not in the plan is told as that, and nothing is shown at it", () => {
  const about = (address: string) => policy("mine", { plan: (_, { deny }) => deny("No.", { address }) });
  const findings = (address: string) => checked([about(address)], worlds).value.findings;
  expect(findings("machine.weeb")).toEqual([
    {
      policy: "mine",
      severity: "deny",
      message: "No. (This is about machine.weeb, and no such address is in the plan.)",
    },
  ]);
  expect(findings("machine.db").map((each) => [each.message, each.address])).toEqual([["No.", "machine.db"]]);
});

test("messages are shown without terminal sequences, and cut", () => {
  const loud = policy("loud", { plan: (_, { deny }) => deny(`\u001b[2J\u202e${"x".repeat(5000)}`) });
  const [finding] = checked([loud], worlds).value.findings;
  expect(finding?.message).toMatch(/^\\u\{202e\}x+…$/);
  expect(finding?.message.length).toBe(2001);
});

test("a plan with errors is not judged, nor one that only takes in what changed outside", () => {
  const never = policy("never", { plan: (_, { deny }) => deny("No.") });
  const silent = { checked: [], findings: [] };
  expect(judgement([never], worlds).policy.findings.length).toBe(1);
  expect(judgement([never], { ...worlds, options: { mode: "refresh-only" } }).policy).toEqual(silent);
  const taken = { ...worlds, live: [here, liveMachine("web")] };
  const { plan, policy: said } = judgement([never], taken);
  expect([plan.diagnostics.map((each) => each.code), said]).toEqual([["ORB_NAME_TAKEN"], silent]);
});

test("policies change nothing of a plan but that it tells why one of them gave no answer", () => {
  const before = judgement([], worlds).plan;
  const denied = judgement([policy("never", { plan: (_, { deny }) => deny("No.") })], worlds).plan;
  expect(planDigest(denied, digest)).toBe(planDigest(before, digest));
  expect(denied).toEqual(before);
});

test("a change shows the machine before and after, what is done, and the labels the machine has", () => {
  const had = desiredMachine("web", { labels: { team: "old" }, settings: { memoryMiB: 1024 } });
  const live = liveMachine("web", { settings: { memoryMiB: 1024 } });
  const now = desiredMachine("web", { labels: { team: "new" }, settings: { memoryMiB: 2048 } });
  const { changes, machines } = viewOf({ desired: [now], prior: { web: stateOf(had, live) }, live: [live] });
  expect(changes).toMatchObject([
    {
      address: "machine.web",
      action: "update",
      machine: "machine.web",
      labels: { team: "old" },
      before: { memoryMiB: 1024, labels: { team: "old" }, image: "debian:bookworm" },
      after: { memoryMiB: 2048, labels: { team: "new" }, cpus: Infinity },
      steps: ["config", "restart"],
    },
  ]);
  expect(machines).toEqual([changes[0]?.after]);
});

test("a value that is known only after the apply is not there, and neither denied nor allowed by accident", () => {
  const ref = { "~orbform": "ref", address: at("db"), property: "diskBytes" } as const;
  const clone = desiredMachine("web", { settings: { cpus: ref }, dependencies: [at("db")] });
  const { machines, changes } = viewOf({ desired: [db, clone] });
  expect(machines.find((each) => each.name === "web")).toMatchObject({ cpus: undefined });
  const [cpus] = changes.flatMap(({ attributes }) => attributes.filter((each) => each.path === "cpus"));
  expect(cpus).toEqual({ path: "cpus", afterUnknown: true, sensitive: false, forcesReplacement: false });
});

test("a setting is no machine's", () => {
  const { changes } = viewOf({
    desired: [desiredSetting("memory_mib", 4096)],
    liveMore: { settings: { memory_mib: "1" } },
  });
  expect(changes).toMatchObject([
    { type: "setting", machine: undefined, labels: {}, before: undefined, after: undefined },
  ]);
});

test("a refusal names every denial, at most twenty", () => {
  const finding = (n: number) =>
    ({ policy: "p", severity: "deny", message: `No ${n}.\nNever.`, address: at(`m${n}`) }) as const;
  const refusal = (count: number) => () =>
    refuseDenied({ checked: ["p"], findings: Array.from({ length: count }, (_, n) => finding(n)) });
  expect(refusal(0)).not.toThrow();
  expect(refusal(2)).toThrow("- p, machine.m0: No 0.\n  Never.\n- p, machine.m1: No 1.");
  expect(refusal(23)).toThrow("- and 3 more");
  expect(refusal(1)).toThrow(expect.objectContaining({ code: "ORB_POLICY_DENIED", oclif: { exit: 3 } }));
});
