import { describe, expect, it } from "vitest";
import { command, directory, file, interpolate, machine, packages, service, user } from "../../../src/index.ts";
import type { DesiredState } from "../../../src/model/resource.ts";
import type { Resource } from "../../../src/index.ts";
import { resolved } from "../../support/stack-resolved.ts";

const web = machine({ image: "debian" });

/** The resource of a type that any caller may give anything to. */
function called(make: unknown, input: object): object {
  return Reflect.apply(make as (input: object) => object, undefined, [input]);
}

function codesOf(resources: { readonly [key: string]: Resource }): readonly (readonly [string, string | undefined])[] {
  return resolved({ web, ...resources }).diagnostics.map(({ code, address }) => [code, address]);
}

function found(value: DesiredState, address: string): object | undefined {
  const each = value.resources.find((resource) => resource.address === address);
  return each && "properties" in each ? { ...each.properties } : undefined;
}

describe("what lies inside a machine", () => {
  it("is read with its defaults, and waits for its machine", () => {
    const conf = file({ on: web, path: "/etc/motd", content: interpolate`hi ${web.hostname}`, mode: 0o600 });
    const { value, diagnostics } = resolved({
      web,
      conf,
      site: directory({ on: web, path: "/srv/site" }),
      tools: packages({ on: web, install: ["nginx"], remove: ["vim"] }),
      nginx: service({ on: web, name: "nginx", restartOn: [conf] }),
      ada: user({ on: web, name: "ada", groups: ["sudo"] }),
      once: command({ on: web, run: ["touch", "/made"], creates: "/made" }),
    });
    expect(diagnostics).toEqual([]);
    expect(value.resources.map(({ address }) => address)).toEqual([
      "command.once",
      "directory.site",
      "file.conf",
      "machine.web",
      "packages.tools",
      "service.nginx",
      "user.ada",
    ]);
    expect(found(value, "packages.tools")).toEqual({ install: { nginx: "present" }, remove: ["vim"] });
    expect(found(value, "service.nginx")).toEqual({ name: "nginx", running: true, enabled: true });
    expect(value.resources.find(({ address }) => address === "service.nginx")).toMatchObject({
      on: "machine.web",
      restartOn: ["file.conf"],
      dependencies: ["file.conf", "machine.web"],
    });
  });

  it("is refused in sentences", () => {
    const resources = {
      web,
      page: called(file, { on: web, path: "/a", content: "a", source: "b" }) as Resource,
      once: command({ on: web, run: [] }),
    };
    const details = resolved(resources).diagnostics.map(({ detail }) => detail);
    expect(details.toSorted()).toEqual([
      '"run" must be argv as an array, or one text for a shell, but is an empty array.',
      '"source" names "b": it was not read.',
      'A file has exactly one of "content" and "source", but both are given.',
    ]);
  });

  it.each(["g++", "libstdc++", "g++-12", "libstdc++-12-dev", "a"])("may be a package called %s", (name) => {
    expect(codesOf({ tools: packages({ on: web, install: [name], remove: ["other"] }) })).toEqual([]);
  });

  it.each(["nginx-", "php-", "nginx+", "g++-"])("is no package called %s, which apt takes for an order", (name) => {
    const codes = [["ORB_PROPERTY_INVALID", "packages.tools"]];
    expect(codesOf({ tools: packages({ on: web, install: [name] }) })).toEqual(codes);
    expect(codesOf({ tools: packages({ on: web, remove: [name] }) })).toEqual(codes);
  });

  it.each(["a\0b", ["echo", "a\0"], "x".repeat(65_537), ["echo", "ü".repeat(32_767)]])(
    "is no command with a NUL, or of over 64 KiB (case %#)",
    (run) => {
      const codes = [["ORB_PROPERTY_INVALID", "command.once"]];
      expect(codesOf({ once: command({ on: web, run }) })).toEqual(codes);
      expect(codesOf({ once: command({ on: web, run: "true", unless: run }) })).toEqual(codes);
      expect(codesOf({ once: command({ on: web, run: "true", onlyIf: run }) })).toEqual(codes);
    },
  );

  it.each([
    ["a comment for a key", { authorizedKeys: ["# ada's"] }],
    ["an empty key", { authorizedKeys: [" "] }],
    ["a shell with a colon", { shell: "/bin/a:b" }],
    ["a home over two lines", { home: "/home/a\nb" }],
  ])("is no user with %s, which no machine would take", (_, given) => {
    const codes = [["ORB_PROPERTY_INVALID", "user.ada"]];
    expect(codesOf({ ada: user({ on: web, name: "ada", ...given }) })).toEqual(codes);
  });

  it.each([
    [0o644, 0o644],
    ["0644", 0o644],
    ["755", 0o755],
    ["1777", 0o1777],
    [0o1777, 0o1777],
    [0o620, 0o620],
  ])("takes the mode %s", (mode, bits) => {
    const { value, diagnostics } = resolved({ web, conf: file({ on: web, path: "/a", content: "", mode }) });
    expect(diagnostics).toEqual([]);
    expect(found(value, "file.conf")).toMatchObject({ mode: bits });
  });

  it.each([
    ["no machine", file, { path: "/a", content: "" }],
    ["a machine by name", file, { on: "web", path: "/a", content: "" }],
    ["a path that is not absolute", file, { on: web, path: "a", content: "" }],
    ["a path that climbs", file, { on: web, path: "/a/../b", content: "" }],
    ["no path", directory, { on: web }],
    ["neither content nor source", file, { on: web, path: "/a" }],
    ["both content and source", file, { on: web, path: "/a", content: "", source: "package.json" }],
    ["a mode of words", file, { on: web, path: "/a", content: "", mode: "u+x" }],
    ["a mode that was not written as octal", file, { on: web, path: "/a", content: "", mode: 644 }],
    ["a mode of too many bits", file, { on: web, path: "/a", content: "", mode: 0o10000 }],
    ["no packages", packages, { on: web }],
    ["a package installed and removed", packages, { on: web, install: ["a"], remove: ["a"] }],
    ["an option for a package", packages, { on: web, install: ["--force-yes"] }],
    ["no name of a service", service, { on: web }],
    ["an option for a user", user, { on: web, name: "-o" }],
    ["nothing to run", command, { on: web }],
    ["an empty argument list", command, { on: web, run: [] }],
    ["createBeforeDestroy", file, { on: web, path: "/a", content: "", lifecycle: { createBeforeDestroy: true } }],
  ])("is refused with %s", (_what, make, input) => {
    const codes = codesOf({ bad: called(make, input) as ReturnType<typeof file> });
    expect(new Set(codes.map(([code]) => code))).toEqual(new Set(["ORB_PROPERTY_INVALID"]));
  });

  it.each(["createBeforeDestroy", "replaceWhen"])("is told what happens to it in place of %s", (key) => {
    const lifecycle = { [key]: key === "replaceWhen" ? [1] : true };
    const bad = called(file, { on: web, path: "/a", content: "", lifecycle }) as ReturnType<typeof file>;
    expect(resolved({ web, bad }).diagnostics[0]?.detail).toBe(
      `"lifecycle.${key}" is for machines: what lies inside one is changed where it stands, or taken away before it is made again.`,
    );
  });

  it("is spoken of once: by path, service, user and package of one machine", () => {
    const db = machine({ image: "debian" });
    const motd = (on: typeof web) => file({ on, path: "/etc/motd", content: "" });
    expect(codesOf({ db, a: motd(web), b: motd(db), c: directory({ on: web, path: "/etc/motd" }) })).toEqual([
      ["ORB_DUPLICATE_NAME", "directory.c"],
    ]);
    const twice = { name: "nginx", on: web };
    expect(codesOf({ a: service(twice), b: service(twice), c: user(twice) })).toEqual([
      ["ORB_DUPLICATE_NAME", "service.b"],
    ]);
    const both = { a: packages({ on: web, install: ["nginx"] }), b: packages({ on: web, remove: ["nginx", "vim"] }) };
    expect(codesOf(both)).toEqual([["ORB_DUPLICATE_NAME", "packages.b"]]);
  });
});
