import { describe, expect, it } from "vitest";
import { component, existing, interpolate, machine, setting } from "../../../src/index.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineAt, resolved, said } from "../../support/stack-resolved.ts";

describe("what a stack declares", () => {
  it("has every machine at its address, sorted, with defaults", () => {
    const base = machine({ image: "debian:bookworm", power: "stopped" });
    const web = machine({ clone: base, name: "web-1", cpus: 2, memory: "4G" });
    const { value, diagnostics } = resolved({ web, base });
    expect(diagnostics).toEqual([]);
    expect(value.resources.map((each) => each.address)).toEqual(["machine.base", "machine.web"]);
    const { place, ...found } = machineAt(value, "machine.web");
    expect(place?.file).toMatch(/resolve\.test\.ts$/);
    expect(found).toEqual({
      type: "machine",
      address: "machine.web",
      name: "web-1",
      origin: { kind: "clone", of: { kind: "address", address: "machine.base" } },
      settings: { cpus: 2, memoryMiB: 4096 },
      power: "running",
      default: false,
      identity: "keep",
      ready: { kind: "answers", timeoutMs: 60_000 },
      labels: {},
      groups: [],
      lifecycle: DEFAULT_LIFECYCLE,
      dependencies: ["machine.base"],
    });
  });

  it("puts the keys of components in front and names machines after them", () => {
    const tier = component({ resources: { appServer: machine({ image: "alpine" }) } });
    const team = component({ resources: { tier } });
    const { value } = resolved({ team });
    expect(value.resources.map((each) => [each.address, each.type === "machine" && each.name])).toEqual([
      ["team/tier/machine.appServer", "team-tier-app-server"],
    ]);
  });

  it("turns references into addresses and notes what is needed", () => {
    const db = machine({ image: "debian" });
    const web = machine({ image: "debian", cloudInit: interpolate`#cloud-config\n# ${db.ip4} ${db.name}\n` });
    const { value, diagnostics } = resolved({ db, web }, { outputs: { at: [web.ip4, { id: db.id }] } });
    expect(diagnostics).toEqual([]);
    expect(machineAt(value, "machine.web").cloudInit?.text).toEqual({
      "~orbform": "concat",
      parts: ["#cloud-config\n# ", { "~orbform": "ref", address: "machine.db", property: "ip4" }, " ", "db", "\n"],
    });
    expect(machineAt(value, "machine.web").dependencies).toEqual(["machine.db"]);
    expect(value.outputs).toEqual({
      at: {
        value: [
          { "~orbform": "ref", address: "machine.web", property: "ip4" },
          { id: { "~orbform": "ref", address: "machine.db", property: "id" } },
        ],
        sensitive: false,
      },
    });
  });

  it("knows names and values of settings without waiting for an apply", () => {
    const memory = setting({ key: "memory_mib", value: 8192 });
    const web = machine({ image: "debian" });
    const { value } = resolved({ memory, web }, { outputs: { name: web.name, memory: memory.value } });
    expect(value.outputs["name"]?.value).toBe("web");
    expect(value.outputs["memory"]?.value).toBe(8192);
  });

  it("names the machines outside the stack that it clones from", () => {
    const { value } = resolved({ web: machine({ clone: existing("golden") }) });
    expect(value.existing).toEqual(["golden"]);
    expect(machineAt(value, "machine.web").origin).toEqual({
      kind: "clone",
      of: { kind: "existing", name: "golden" },
    });
  });

  it("takes everything in a component for a dependency on it", () => {
    const tier = component({ resources: { a: machine({ image: "alpine" }), b: machine({ image: "alpine" }) } });
    const web = machine({ image: "alpine", lifecycle: { dependsOn: [tier] } });
    expect(machineAt(resolved({ tier, web }).value, "machine.web").dependencies).toEqual([
      "tier/machine.a",
      "tier/machine.b",
    ]);
  });

  it("takes the digest of an archive and the text of a cloud-init file as they were read", () => {
    const files = new Map([
      ["old.tar.zst", { kind: "archive", path: "/p/old.tar.zst", digest: "sha256:ab" } as const],
      ["init.yaml", { kind: "text", text: "#cloud-config\n" } as const],
    ]);
    const web = machine({ restore: "old.tar.zst" });
    const app = machine({ image: "debian", cloudInit: { file: "init.yaml" } });
    const { value } = resolved({ web, app }, { files });
    expect(machineAt(value, "machine.web").origin).toEqual({
      kind: "restore",
      path: "/p/old.tar.zst",
      digest: "sha256:ab",
    });
    expect(machineAt(value, "machine.app").cloudInit).toEqual({ text: "#cloud-config\n" });
    expect(machineAt(value, "machine.app").ready).toEqual({ kind: "cloud-init", timeoutMs: 600_000 });
  });
});

describe("what a stack can't declare", () => {
  it("refuses a reference to a resource that is not listed", () => {
    const lost = machine({ image: "debian" });
    const web = machine({ clone: lost });
    expect(said(resolved({ web }, { outputs: { at: lost.ip4 } }))).toEqual([
      'error ORB_UNKNOWN_REFERENCE machine.web: "clone" refers to a resource that is not among the resources of this stack, so it would never be made. / List it in the stack\'s resources, under a key of its own.',
      'error ORB_UNKNOWN_REFERENCE: "outputs.at" refers to a resource that is not among the resources of this stack, so it would never be made. / List it in the stack\'s resources, under a key of its own.',
    ]);
  });

  it("refuses an address of a machine that ends stopped", () => {
    const base = machine({ image: "debian", power: "stopped" });
    expect(said(resolved({ base }, { outputs: { at: base.ip4 } }))).toEqual([
      'error ORB_VALUE_UNKNOWN: "outputs.at" refers to an address of machine.base, which ends stopped (power: "stopped") and then has none. / Refer to its name or hostname, or let it run.',
    ]);
  });

  it("refuses one resource under two keys, also inside a component", () => {
    const web = machine({ image: "debian" });
    expect(said(resolved({ web, again: web, tier: component({ resources: { third: web } }) }))).toEqual([
      'error ORB_DUPLICATE_KEY: The same resource is listed as "web" and as "again"; it can be in one place only. / List it once, or make a second resource.',
      'error ORB_DUPLICATE_KEY: The same resource is listed as "web" and as "tier/third"; it can be in one place only. / List it once, or make a second resource.',
    ]);
  });

  it("refuses keys that can't be part of an address, without printing their escape sequences", () => {
    const resources = { ["a\u001b[2Jb c"]: machine({ image: "debian" }), ok: 3 };
    expect(said(resolved(resources))).toEqual([
      'error ORB_STACK_INVALID: The key "ab c" can\'t be part of an address: a key begins with a letter and has letters, digits, "_" and "-". / Give the resource another key.',
      'error ORB_STACK_INVALID: resources.ok is the number 3, not a resource or a component. / Make it with machine({ … }) or take the key "ok" out.',
    ]);
  });

  it("refuses outputs that refer to themselves or are nested too deep", () => {
    const ring: { self?: unknown } = {};
    ring.self = [ring, ring];
    const deep = Array.from({ length: 70 }).reduce<unknown>((inner) => [inner], 1);
    expect(resolved({}, { outputs: { ring, deep } }).diagnostics.map((each) => each.detail)).toEqual([
      expect.stringContaining("must be data that does not refer to itself"),
      expect.stringContaining("must be data that does not refer to itself"),
      expect.stringContaining("must be nested at most 64 levels deep"),
    ]);
  });

  it("refuses __proto__ as a key anywhere", () => {
    const input: unknown = JSON.parse('{"image":"debian","__proto__":{"cpus":2}}');
    const web = Reflect.apply(machine, undefined, [input]);
    const output: unknown = JSON.parse('{"a":{"__proto__":1}}');
    expect(resolved({ web }, { outputs: output }).diagnostics.map((each) => each.code)).toEqual([
      "ORB_PROPERTY_UNKNOWN",
      "ORB_PROPERTY_INVALID",
    ]);
  });

  it("refuses two default machines, two resources on one setting, and aliases that belong to others", () => {
    const { diagnostics } = resolved({
      a: machine({ image: "debian", default: true }),
      b: machine({ image: "debian", default: true, lifecycle: { aliases: ["machine.a"] } }),
      c: setting({ key: "cpu", value: 1 }),
      d: setting({ key: "cpu", value: 2 }),
    });
    expect(diagnostics.map((each) => [each.code, each.address])).toEqual([
      ["ORB_DUPLICATE_DEFAULT", "machine.b"],
      ["ORB_DUPLICATE_SETTING", "setting.d"],
      ["ORB_PROPERTY_INVALID", "machine.b"],
    ]);
  });

  it("refuses the global keys that belong to one machine", () => {
    const { diagnostics } = resolved({ s: setting({ key: "machine.web.cpu", value: 1 }) });
    expect(diagnostics.map((each) => each.code)).toEqual(["ORB_PROPERTY_INVALID"]);
  });
});
