import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { ACTION_WORDS } from "../../src/report/action-words.ts";
import { terraformPlan } from "../../src/report/terraform-json.ts";
import { DENIED, SCENARIOS, reviewed, scenario } from "../support/review-scenarios.ts";
import { desiredMachine, inputOf } from "../support/plan-builders.ts";
import { misfits, PLAN_SHAPE, SIDES, typeOf } from "./terraform-shape.ts";

function documentOf(name: string): JsonObject {
  const { review, worlds } = scenario(name, DENIED);
  return terraformPlan(review, worlds, { timestamp: "2026-11-26T00:00:00Z" });
}

interface ChangeOf {
  readonly address: string;
  readonly previous_address?: string;
  readonly action_reason?: string;
  readonly deposed?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
    readonly before_sensitive: unknown;
    readonly after_sensitive: unknown;
    readonly replace_paths?: unknown;
    readonly importing?: unknown;
  };
}

function changesOf(name: string, list = "resource_changes"): readonly ChangeOf[] {
  const found: unknown = JSON.parse(JSON.stringify(documentOf(name)[list] ?? []));
  return found as readonly ChangeOf[];
}

const NAMES = Object.keys(SCENARIOS);

describe("a plan in Terraform's shape", () => {
  it.each(NAMES)("has Terraform's keys in Terraform's order, and no others, of: %s", (name) => {
    expect(misfits(documentOf(name), PLAN_SHAPE)).toEqual([]);
  });

  it.each(NAMES)("has the sides that Terraform gives such a change, of: %s", (name) => {
    for (const { change } of [...changesOf(name), ...changesOf(name, "resource_drift")]) {
      const { actions, before, after, after_unknown: unknown, before_sensitive: from, after_sensitive: to } = change;
      const marks = [unknown, from, to].map(typeOf).join("/");
      expect([typeOf(before), typeOf(after), marks], actions.join()).toEqual(SIDES[actions.join()]);
    }
  });

  it("tells each kind of change as Terraform does", () => {
    const told = (name: string) =>
      changesOf(name).map(({ address, previous_address: former, deposed, action_reason: reason, change }) =>
        [
          address,
          former && `was ${former}`,
          deposed && "deposed",
          change.actions.join(),
          reason,
          JSON.stringify(change.replace_paths ?? change.importing),
        ]
          .filter(Boolean)
          .join(" "),
      );
    expect(Object.fromEntries(TOLD.map((name) => [name, told(name).join("; ")]))).toMatchInlineSnapshot(`
      {
        "adopt": "orbstack_machine.web no-op {"id":"01K742SG004B5E57F6EB2F42B9"}",
        "adopt-and-change": "orbstack_machine.web update {"id":"01K742SG004B5E57F6EB2F42B9"}",
        "create": "orbstack_machine.base create; orbstack_machine.web create",
        "create-before-destroy": "orbstack_machine.web create,delete replace_because_cannot_update [["image"]]",
        "delete": "orbstack_machine.web delete delete_because_no_resource_config",
        "deposed": "orbstack_machine.web deposed delete",
        "destroy": "orbstack_machine.web delete",
        "forget": "orbstack_machine.web forget forgot_because_lifecycle_destroy_in_state",
        "modules": "orbstack_machine.web create; module.team.module.web.orbstack_machine.app create",
        "moved": "orbstack_machine.front was orbstack_machine.web no-op",
        "no-changes": "orbstack_machine.web no-op",
        "not-ready": "orbstack_machine.web delete,create replace_because_tainted",
        "one-change": "orbstack_machine.web update",
        "replace": "orbstack_machine.web delete,create replace_because_cannot_update [["image"],["cloudInit"]]",
        "replace-as-asked": "orbstack_machine.web delete,create replace_by_request",
        "replaced-by-trigger": "orbstack_machine.web delete,create replace_by_triggers [["replaceWhen"]]",
      }
    `);
  });

  it("is looked at with every kind of action and of change", () => {
    const plans = NAMES.map((name) => scenario(name).review.plan);
    const kinds = new Set(plans.flatMap(({ actions }) => actions.map(({ kind }) => kind)));
    expect(Object.keys(ACTION_WORDS).filter((kind) => ![...kinds].some((each) => each === kind))).toEqual([]);
    expect([...new Set(plans.flatMap(({ changes }) => changes.map(({ action }) => action)))].toSorted()).toEqual([
      "adopt",
      "create",
      "delete",
      "forget",
      "no-op",
      "replace",
      "update",
    ]);
  });

  it("fits with 500 changes", () => {
    const desired = Array.from({ length: 500 }, (_, index) => desiredMachine(`m${index}`));
    const { review, worlds } = reviewed(inputOf({ desired }));
    const document = terraformPlan(review, worlds, { timestamp: "2026-11-26T00:00:00Z" });
    expect(document["resource_changes"]).toHaveLength(500);
    expect(misfits(document, PLAN_SHAPE)).toEqual([]);
  });

  it("finds what doesn't fit", () => {
    const whole = documentOf("one-change");
    const { errored, format_version: format, ...rest } = whole;
    expect(misfits({ format_version: format, errored, ...rest }, PLAN_SHAPE)).toHaveLength(1);
    expect(misfits({ ...whole, later: 1 }, PLAN_SHAPE)).toEqual(["$.later: it is unknown"]);
    expect(misfits({ format_version: 1, ...rest, errored }, PLAN_SHAPE)).toEqual([
      "$.format_version: number, not string",
    ]);
    expect(misfits({ format_version: format, ...rest }, PLAN_SHAPE)).toEqual(["$.errored: it is missing"]);
  });
});

const OTHERS = new Set(["restore", "rename", "swap", "stop", "start", "errors", "found-again", "not-ours-any-more"]);
const ABROAD = /^(?:setting|export|inside|secret|drift)/;
const TOLD = NAMES.filter((name) => !OTHERS.has(name) && !ABROAD.test(name));
