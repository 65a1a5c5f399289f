import { describe, expect, it } from "vitest";
import { isOrbformError } from "../../../src/model/errors.ts";
import { decodePlan, encodePlan } from "../../support/plan-text.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { desiredMachine, planOf } from "../../support/plan-builders.ts";

const planned = (): Plan => planOf({ desired: [desiredMachine("web", { settings: { cpus: 2 } })] });
const written = (): string => encodePlan(planned());
const replaced =
  (part: string | RegExp, by: string) =>
  (text: string): string =>
    text.replace(part, by);

function refusal(broken: string): string {
  try {
    decodePlan(broken, "web.plan");
  } catch (error) {
    if (isOrbformError(error)) return `${error.code}: ${error.detail}`;
    throw error;
  }
  return "none";
}

describe("a plan file", () => {
  it("is JSON that a person can read, with its format first", () => {
    const text = written();
    expect(text.startsWith('{\n  "format": 1,\n  "mode": "normal",\n')).toBe(true);
    expect([decodePlan(text, "web.plan"), text.endsWith("}\n")]).toEqual([planned(), true]);
  });

  it.each([
    ["the file is empty", () => ""],
    ["it is not JSON, or it ends in the middle", (text: string) => text.slice(0, 200)],
    ["is JSON, but not a plan of Orbform", () => "[]"],
    ["is JSON, but not a plan of Orbform", () => '{"version": 4, "terraform_version": "1.9"}'],
    ["it is not a word that belongs here at format", replaced('"format": 1', '"format": 0')],
    ["it is not a number from 0 on at actions[0].timeoutMs", replaced('"timeoutMs": 600000', '"timeoutMs": "long"')],
    ["it is not a number from 0 on at actions[0].timeoutMs", replaced('"timeoutMs": 600000', '"timeoutMs": -1')],
    ["it is missing at actions[0].identity", replaced(/,\s*"identity": "keep"\n {4}\}/, "\n    }")],
    ["a key that is not known at actions[0].settings.gpus", replaced('"cpus": 2', '"gpus": 2')],
    [
      "it is not an address at actions[0].address",
      replaced('"address": "machine.web",\n      "after"', '"address": "web",\n      "after"'),
    ],
    ["a key __proto__ at actions[0].settings", replaced('"cpus": 2', '"__proto__": { "cpus": 2 }')],
    ["nesting deeper than 64", replaced('"cpus": 2', `"cpus": ${"[".repeat(100)}${"]".repeat(100)}`)],
    [
      "it names an action that is not there at actions[0].after",
      replaced('"after": []', '"after": ["machine.web:stop"]'),
    ],
    ["two actions with one id at actions", replaced(/"actions": \[(\s*\{.*?\n {4}\})/s, '"actions": [$1,$1')],
    [
      "it belongs to another address at actions[0].id",
      replaced('"id": "machine.web:create"', '"id": "machine.db:create"'),
    ],
    [
      "it names an action that is not there at changes[0].actions",
      replaced(/"actions": \[\s*"machine.web:create"\s*\]/, '"actions": ["machine.web:stop"]'),
    ],
    [
      'it is another at settled["machine.web"].address',
      replaced(/("machine.web": \{.*?"address": )"machine.web"/s, '$1"machine.db"'),
    ],
    ["the file is empty", () => " \n"],
    ["actions that wait for each other at actions", replaced('"after": []', '"after": ["machine.web:create"]')],
  ])("says what is wrong, where, and that nothing was done: %s", (why, damage) => {
    const text = written();
    const broken = damage(text);
    expect(broken).not.toBe(text);
    const said = refusal(broken);
    expect([
      said.startsWith("ORB_PLAN_UNREADABLE: web.plan"),
      said.includes(why),
      said.includes("No machine was touched"),
    ]).toEqual([true, true, true]);
  });

  it("of a later format is refused as such, whatever is in it", () => {
    expect(refusal('{"format": 2, "anything": true}')).toBe(
      "ORB_PLAN_NEWER: web.plan has format 2; this version reads format 1. No machine was touched.",
    );
  });

  it("never quotes the file, which may hold what is nobody's business", () => {
    expect(refusal(written().replace('"normal"', '"hunter2"'))).not.toContain("hunter2");
    expect(refusal("hunter2")).not.toContain("hunter2");
  });
});
