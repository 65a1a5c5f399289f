import { describe, expect, it } from "vitest";
import { EVENT_SHAPES, OUR_TYPES, OURS, UI_ACTIONS } from "./terraform-event-shapes.ts";
import { misfits } from "./terraform-shape.ts";
import { failedApply, planStream, stopped } from "../support/event-streams.ts";
import { SCENARIOS } from "../support/review-scenarios.ts";

interface Line {
  readonly [key: string]: unknown;
  readonly type: string;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The line as Terraform would write it: without our keys, and with its own version. */
function asTerraforms(line: Line): unknown {
  const entries = Object.entries(line).map(([key, value]) => {
    if (line.type === "version" && key === "orbform") return ["terraform", value];
    const ours = OURS[`${line.type} ${key}`];
    if (ours === undefined || !isObject(value)) return [key, value];
    return [key, Object.fromEntries(Object.entries(value).filter(([each]) => !ours.includes(each)))];
  });
  return Object.fromEntries(entries);
}

function linesOf(texts: readonly string[]): readonly Line[] {
  return texts.map((each) => JSON.parse(each) as Line);
}

function streams(): readonly (readonly [string, readonly string[]])[] {
  const plans = Object.keys(SCENARIOS).map((name) => [name, planStream(name)] as const);
  return [...plans, ["a failed apply", failedApply()], ["a stop", stopped()]];
}

describe("lines of JSON in Terraform's shape", () => {
  it.each(streams())("have Terraform's keys in Terraform's order, of: %s", (_name, texts) => {
    const ours: ReadonlySet<string> = new Set(OUR_TYPES);
    const told = linesOf(texts).filter(({ type }) => !ours.has(type));
    expect(told.flatMap((line) => misfits(asTerraforms(line), EVENT_SHAPES[line.type] ?? {}, line.type))).toEqual([]);
  });

  it.each(streams())("have our own keys after Terraform's, of: %s", (_name, texts) => {
    for (const line of linesOf(texts)) {
      for (const [key, value] of Object.entries(line)) {
        const ours = OURS[`${line.type} ${key}`] ?? [];
        const keys = isObject(value) ? Object.keys(value).filter((each) => each !== "orbform") : [];
        const first = keys.findIndex((each) => ours.includes(each));
        if (first !== -1) expect(keys.slice(first).filter((each) => !ours.includes(each))).toEqual([]);
      }
    }
  });

  it("begin with the version of the format, and end with a summary", () => {
    for (const [, texts] of streams()) {
      expect(linesOf(texts)[0]).toMatchObject({ type: "version", ui: "1.2", "@module": "orbform.ui" });
      expect(linesOf(texts).at(-1)).toMatchObject({ type: "change_summary" });
    }
  });

  it("call what is planned by the words that Terraform's readers know", () => {
    const told = (name: string) =>
      linesOf(planStream(name))
        .filter(({ type }) => type === "planned_change" || type === "resource_drift")
        .map(({ type, change }) => `${type === "resource_drift" ? "drift: " : ""}${words(change as ChangeOf)}`);
    const all = Object.fromEntries(Object.keys(SCENARIOS).map((name) => [name, told(name).join("; ")]));
    expect(all).toMatchInlineSnapshot(`
      {
        "adopt": "orbstack_machine.web import id 01K742SG004B5E57F6EB2F42B9",
        "adopt-and-change": "orbstack_machine.web update id 01K742SG004B5E57F6EB2F42B9",
        "create": "orbstack_machine.base create; orbstack_machine.web create",
        "create-before-destroy": "orbstack_machine.web replace cannot_update",
        "delete": "orbstack_machine.web delete delete_because_no_resource_config",
        "deposed": "orbstack_machine.web delete",
        "destroy": "orbstack_machine.web delete",
        "drift-deleted": "drift: orbstack_machine.web delete; orbstack_machine.web create",
        "drift-only": "drift: orbstack_machine.web update",
        "drift-replaced": "drift: orbstack_machine.web delete",
        "errors": "",
        "export": "orbstack_export.nightly create",
        "export-removed": "orbstack_export.nightly delete delete_because_no_resource_config",
        "forget": "orbstack_machine.web remove forgot_because_lifecycle_destroy_in_state",
        "found-again": "drift: orbstack_machine.web update; orbstack_machine.web replace",
        "inside-as-asked": "",
        "inside-changed": "drift: orbstack_command.once update; drift: orbstack_directory.site update; drift: orbstack_file.page update; drift: orbstack_packages.tools update; drift: orbstack_service.nginx update; drift: orbstack_user.ada update; orbstack_command.once update; orbstack_directory.site update; orbstack_file.page update; orbstack_packages.tools update; orbstack_service.nginx update; orbstack_user.ada update",
        "inside-made": "orbstack_command.once create; orbstack_directory.site create; orbstack_file.key create; orbstack_file.page create; orbstack_packages.tools create; orbstack_service.nginx create; orbstack_user.ada create",
        "inside-removed": "orbstack_command.once remove delete_because_no_resource_config; orbstack_directory.site delete delete_because_no_resource_config; orbstack_file.page delete delete_because_no_resource_config; orbstack_packages.tools delete delete_because_no_resource_config; orbstack_service.nginx delete delete_because_no_resource_config; orbstack_user.ada delete delete_because_no_resource_config",
        "inside-there-already": "orbstack_directory.site create; orbstack_file.page create; orbstack_packages.tools create; orbstack_service.nginx create; orbstack_user.ada create",
        "modules": "orbstack_machine.web create; module.team.module.web.orbstack_machine.app create",
        "moved": "orbstack_machine.front move was orbstack_machine.web",
        "no-changes": "",
        "not-ours-any-more": "orbstack_machine.web remove delete_because_no_resource_config",
        "not-ready": "orbstack_machine.web replace tainted",
        "one-change": "orbstack_machine.web update",
        "rename": "orbstack_machine.web update",
        "replace": "orbstack_machine.web replace cannot_update",
        "replace-as-asked": "orbstack_machine.web replace requested",
        "replaced-by-trigger": "orbstack_machine.web replace replace_triggered_by",
        "restore": "orbstack_machine.web create",
        "secret-changed": "orbstack_file.page update",
        "secret-from-now-on": "",
        "secret-left-out": "",
        "setting": "orbstack_config.cpu create; orbstack_config.memory_mib update",
        "setting-removed": "orbstack_config.memory_mib delete delete_because_no_resource_config",
        "start": "orbstack_machine.base update",
        "stop": "orbstack_machine.web update",
        "swap": "orbstack_machine.a update; orbstack_machine.b update",
      }
    `);
  });
});

interface ChangeOf {
  readonly resource: { readonly addr: string };
  readonly action: string;
  readonly reason?: string;
  readonly importing?: { readonly id: string };
  readonly previous_resource?: { readonly addr: string };
}

function words({ resource, action, reason, importing, previous_resource: former }: ChangeOf): string {
  expect(UI_ACTIONS).toContain(action);
  const more = [reason, importing && `id ${importing.id}`, former && `was ${former.addr}`];
  return [resource.addr, action, ...more].filter((each) => each !== undefined).join(" ");
}
