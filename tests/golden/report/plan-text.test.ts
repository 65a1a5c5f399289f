import { NO_POLICIES } from "../../../src/model/policy.ts";
import { expect, test } from "vitest";
import { UNKNOWN } from "../../../src/model/plan.ts";
import { orbformJson } from "../../../src/report/orbform-json.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { PLAIN, type Theme } from "../../../src/report/theme.ts";
import { at, attribute, change, planWith, renaming, restarting } from "../../support/report-builders.ts";

const rename = renaming("machine.web", { from: "web-1", to: "web-2" });
const away = renaming("machine.swap", { from: "a", to: "swap-tmp", temporary: true });
const back = renaming("machine.swap", { from: "a", to: "b" });
const restart = restarting("machine.web");

const everything = planWith({
  changes: [
    change("machine.base", {
      action: "create",
      attributes: [attribute("image", { after: "debian:bookworm" }), attribute("ip4", { after: UNKNOWN })],
    }),
    change("machine.gone", { action: "forget", reason: "forget: gone" }),
    change("machine.half", { action: "delete", reason: "delete: half deleted", attributes: [attribute("name", { before: "half" })] }),
    change("machine.kept", { action: "forget", reason: "forget: retained" }),
    change("machine.moved", { action: "no-op", previousAddress: at("machine.old") }),
    change("machine.new", {
      action: "replace",
      reason: "replace: property",
      attributes: [attribute("image", { before: "debian:bookworm", after: "ubuntu:noble", forcesReplacement: true })],
    }),
    change("machine.next", { action: "replace", reason: "replace: replaceWhen", createBeforeDestroy: true }),
    change("machine.stale", { action: "delete", reason: "delete: not in stack", attributes: [attribute("name", { before: "stale" })] }),
    change("machine.swap", { actions: [away.id, back.id], attributes: [attribute("name", { before: "a", after: "b" })] }),
    change("machine.taken", { action: "adopt", name: "golden" }),
    change("machine.web", {
      name: "web-2",
      actions: [rename.id, restart.id],
      attributes: [
        attribute("name", { before: "web-1", after: "web-2" }),
        attribute("memory", { before: "2G", after: "4G", note: "takes effect at the next restart" }),
        attribute("mounts", { before: ["/a/rather/long/path:/in/the/machine", "/another/long/path:/b"], after: [] }),
      ],
      unchanged: 3,
      notes: ["web-2 is restarted"],
      recovered: true,
    }),
    change("setting.memory", {
      type: "setting",
      name: "memory_mib",
      attributes: [attribute("value", { before: 8192, after: 16_384 })],
      unchanged: 1,
    }),
  ],
  drift: [
    { address: at("machine.web"), name: "web-1", kind: "changed", folded: false, attributes: [attribute("cpus", { before: 2, after: 4 })] },
    { address: at("machine.base"), name: "base", kind: "deleted", folded: false, attributes: [] },
    { address: at("machine.same"), name: "same", kind: "changed", folded: true, attributes: [] },
  ],
  actions: [rename, away, back, restart],
  outputChanges: [
    { name: "address", after: UNKNOWN, sensitive: false },
    { name: "token", before: "old", after: "new", sensitive: true },
    { name: "gone", before: 1, sensitive: false },
  ],
  summary: { add: 3, change: 3, destroy: 4, forget: 2, adopt: 1 },
});

const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;

test("shows every kind of change in Terraform's look", async () => {
  await expect(planText(everything, PLAIN)).toMatchFileSnapshot("everything.txt");
});

test("gives the same plan as one JSON object", async () => {
  const json = orbformJson({ plan: { ...everything, diagnostics: [] }, digest: "sha256:d", notices: ["A dead run was taken over."], policy: NO_POLICIES, version: "0.1.0" });
  await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot("everything.json");
});

test("says in Terraform's words that nothing changes", async () => {
  await expect(planText(planWith(), PLAIN)).toMatchFileSnapshot("no-changes.txt");
});

test("shows a refresh-only plan as what changed outside", async () => {
  await expect(planText(planWith({ mode: "refresh-only", drift: everything.drift }), PLAIN)).toMatchFileSnapshot("refresh-only.txt");
});

test("shows an empty destroy plan", async () => {
  await expect(planText(planWith({ mode: "destroy" }), PLAIN)).toMatchFileSnapshot("nothing-to-destroy.txt");
});

test("colours symbols and nothing that is read by machines", () => {
  const theme: Theme = { ...PLAIN, add: tag("add"), strong: tag("b") };
  const text = planText(planWith({ changes: [change("machine.a", { action: "create" })], summary: { add: 1, change: 0, destroy: 0, forget: 0, adopt: 0 } }), theme);
  expect(text).toContain('<add>  +</add> machine "a" {');
  expect(text).toContain("<b>Plan: 1 to add, 0 to change, 0 to destroy.</b>");
});

test("shows hostile names without their terminal controls", () => {
  const name = "a\u001b[2J\u202eb\nc";
  const text = planText(planWith({ changes: [change("machine.a", { name, notes: [name], attributes: [attribute("name", { after: name })] })] }), PLAIN);
  expect(text.includes("\u001b") || text.includes("\u202e")).toBe(false);
  expect(text.split("\n").filter((line) => line.startsWith("c"))).toEqual([]);
});
