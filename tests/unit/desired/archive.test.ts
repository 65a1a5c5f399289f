import { describe, expect, it } from "vitest";
import { archive, existing, extend, file, machine, defineStack, type Resource } from "../../../src/index.ts";
import type { DesiredState } from "../../../src/model/resource.ts";
import { resolved, said } from "../../support/stack-resolved.ts";

const web = machine({ image: "debian" });

/** Called as a caller without types may. */
function called(input: object): Resource {
  return Reflect.apply(archive as (input: object) => Resource, undefined, [input]);
}

function backupOf({ resources }: DesiredState) {
  return resources.find(({ address }) => address === "archive.backup");
}

describe("an archive", () => {
  it("is read with its defaults, and waits for its machine", () => {
    const { value, diagnostics } = resolved({ web, backup: archive({ of: web, dir: "backups" }) });
    expect(diagnostics).toEqual([]);
    expect(backupOf(value)).toMatchObject({
      type: "archive",
      of: "machine.web",
      dir: "backups",
      verify: false,
      dependencies: ["machine.web"],
    });
    expect(backupOf(value)).not.toHaveProperty("keep");
  });

  it("is read with all that it can have; its references are known once it is made", () => {
    const other = machine({ image: "debian" });
    const backup = archive({
      of: web,
      dir: "backups",
      keep: { last: 3, daily: 7 },
      triggers: { id: other.id },
      verify: true,
      lifecycle: { timeouts: { export: "4h" }, ignoreChanges: ["keep"] },
    });
    const note = file({ on: other, path: "/backup", content: backup.path });
    const { value, diagnostics } = resolved({ web, other, backup, note }, { outputs: { digest: backup.digest } });
    expect(diagnostics).toEqual([]);
    expect(backupOf(value)).toMatchObject({
      keep: { last: 3, daily: 7 },
      triggers: { id: { "~orbform": "ref", address: "machine.other", property: "id" } },
      verify: true,
      lifecycle: { timeoutsMs: { export: 14_400_000 }, ignoreChanges: ["keep"] },
      dependencies: ["machine.other", "machine.web"],
    });
    expect(value.outputs["digest"]?.value).toEqual({
      "~orbform": "ref",
      address: "archive.backup",
      property: "digest",
    });
    expect(value.resources.find(({ address }) => address === "file.note")?.dependencies).toContain("archive.backup");
  });

  it.each([
    ["backups", "backups"],
    ["./backups/", "backups"],
    ["a/../backups", "backups"],
    ["../backups", "../backups"],
    ["/var/backups//", "/var/backups"],
    [".", "."],
    ["/", "/"],
  ])("has one spelling of its folder: %s is %s", (dir, plain) => {
    expect(backupOf(resolved({ web, backup: archive({ of: web, dir }) }).value)).toMatchObject({ dir: plain });
  });

  it("keeps the newest so many where a number says so", () => {
    const { value } = resolved({ web, backup: archive({ of: web, dir: "b", keep: 3 }) });
    expect(backupOf(value)).toMatchObject({ keep: { last: 3 } });
  });

  it.each([
    ["no machine", { dir: "b" }, "of"],
    ["a machine outside of the stack", { of: existing("golden"), dir: "b" }, "of"],
    ["no folder", { of: web }, "dir"],
    ["an empty folder", { of: web, dir: "" }, "dir"],
    ["a folder that is not known", { of: web, dir: web.name }, "dir"],
    ["a home folder that nobody puts in", { of: web, dir: "~/backups" }, "dir"],
    ["a folder with a line break", { of: web, dir: "a\nb" }, "dir"],
    ["none to keep", { of: web, dir: "b", keep: 0 }, "keep"],
    ["a part of one to keep", { of: web, dir: "b", keep: { daily: 1.5 } }, "keep.daily"],
    ["no rule of what to keep", { of: web, dir: "b", keep: {} }, "keep"],
    ["a rule that nobody knows", { of: web, dir: "b", keep: { yearly: 1 } }, "yearly"],
    ["a word for yes", { of: web, dir: "b", verify: "yes" }, "verify"],
    ["a property that nobody knows", { of: web, dir: "b", path: "b/x" }, "path"],
    ["what only machines have", { of: web, dir: "b", lifecycle: { replaceWhen: [1] } }, "lifecycle.replaceWhen"],
    [
      "what it can't ignore",
      { of: web, dir: "b", lifecycle: { ignoreChanges: ["dir"] } },
      "lifecycle.ignoreChanges[0]",
    ],
  ])("is refused with %s", (_, input, property) => {
    const errors = said(resolved({ web, backup: called(input) }));
    expect(errors[0]).toMatch(/^error ORB_(?:PROPERTY_INVALID|PROPERTY_UNKNOWN|VALUE_UNKNOWN) archive\.backup: /);
    expect(errors.join("\n")).toContain(`"${property}"`);
  });

  it("can be changed by who extends the stack", () => {
    const stack = defineStack({ resources: { web, backup: archive({ of: web, dir: "backups" }) } });
    const more = extend(stack, (draft) => {
      draft.resources.backup.keep = { weekly: 4 };
      draft.resources.backup.dir = "elsewhere";
    });
    expect(more["~edits"].length).toBe(1);
  });
});
