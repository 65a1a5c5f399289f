import { describe, expect, it } from "vitest";
import { machine } from "../../../src/index.ts";
import { machineAt, resolved, said } from "../../support/stack-resolved.ts";

/** A machine from input that TypeScript would refuse. */
function untyped(input: unknown): unknown {
  return Reflect.apply(machine, undefined, [input]);
}

function readAs(input: { readonly [key: string]: unknown }) {
  const { value, diagnostics } = resolved({ web: untyped({ image: "debian", ...input }) });
  expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
  return machineAt(value, "machine.web");
}

function refusal(input: unknown): readonly string[] {
  return said(resolved({ web: untyped(input) })).map((line) =>
    line.replace("error ORB_PROPERTY_INVALID machine.web: ", ""),
  );
}

describe("sizes", () => {
  it.each([
    ["4G", 4096],
    ["2048M", 2048],
    ["1.5G", 1536],
    ["1T", 1_048_576],
    [512, 512],
    [0, 0],
    [null, null],
  ])("reads %j as MiB of memory", (memory, memoryMiB) => {
    expect(readAs({ memory }).settings).toEqual({ memoryMiB });
  });

  it("reads a disk in bytes", () => {
    expect(readAs({ disk: "64G" }).settings).toEqual({ diskBytes: 68_719_476_736 });
  });

  it.each(["4GB", "4 g", "4gib"])("suggests the right form for %j", (memory) => {
    expect(refusal({ image: "debian", memory })).toEqual([
      `"memory" must be a size in whole MiB: "4G", "2048M", or a number of MiB, but is "${memory}". / Did you mean "4G"?`,
    ]);
  });

  it.each(["", "G", "-1G", "0.3M", "1e3G", -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, true, {}, "9999999999999T"])(
    "refuses %j",
    (disk) => {
      expect(refusal({ image: "debian", disk })).toHaveLength(1);
    },
  );
});

describe("isolation", () => {
  it.each([
    [false, { isolated: false }],
    [null, { isolated: null, isolateNetwork: null, forwardSshAgent: null, mounts: null }],
    [{ network: false }, { isolated: true, isolateNetwork: true }],
    [
      { network: true, forwardSshAgent: true },
      { isolated: true, isolateNetwork: false, forwardSshAgent: true },
    ],
    [
      { network: null, mounts: ["/a:/b", "/c"] },
      { isolated: true, isolateNetwork: null, mounts: ["/a:/b", "/c"] },
    ],
  ])("reads %j", (isolated, settings) => {
    expect(readAs({ isolated }).settings).toEqual(settings);
  });

  it.each([true, {}, { mounts: [] }])("warns that %j leaves the Mac's loopback open", (isolated) => {
    const { diagnostics } = resolved({ web: untyped({ image: "debian", isolated }) });
    expect(diagnostics.map((each) => [each.severity, each.summary])).toEqual([
      ["warning", "Isolated machine still reaches the Mac"],
    ]);
  });

  it.each(["/a,b", "/a:/b:/c", "src", "/a:b", "/a\n", 3])("refuses the mount %j", (mount) => {
    expect(refusal({ image: "debian", isolated: { network: false, mounts: [mount] } })).toHaveLength(1);
  });
});

describe("origins", () => {
  it.each([
    [{}, "this one says none"],
    [{ image: "debian", restore: "a" }, "this one says image and restore"],
  ])("needs exactly one in %j", (input, text) => {
    expect(refusal(input)[0]).toContain(text);
  });

  it.each([
    ["debain:bookworm", 'Did you mean "debian"?'],
    ["almalinux", 'Did you mean "alma"?'],
    ["archlinux", 'Did you mean "arch"?'],
  ])("suggests an image for %j", (image, hint) => {
    expect(refusal({ image })[0]).toContain(hint);
  });

  it.each(["debian:", "debian:a:b", "debian:-x", "-debian", "", 3, "ubuntu:\u001b[31m"])(
    "refuses the image %j",
    (image) => {
      const [line = ""] = refusal({ image });
      expect(line).toMatch(/^"image" must be/);
      expect(line).not.toContain("\u001b");
    },
  );

  it("refuses what goes with an image on anything else", () => {
    const base = machine({ image: "debian" });
    const web = untyped({ clone: base, arch: "arm64", cloudInit: "x" });
    expect(resolved({ base, web }).diagnostics.map((each) => each.summary)).toEqual([
      "Property needs an image",
      "Property needs an image",
    ]);
  });

  it("tells that a file of the stack can't be read", () => {
    const files = new Map([["a.tar", { kind: "unreadable", reason: "there is no such file" } as const]]);
    expect(said(resolved({ web: machine({ restore: "a.tar" }) }, { files }))).toEqual([
      'error ORB_PROPERTY_INVALID machine.web: "restore" names "a.tar", but there is no such file. Paths are relative to the project\'s folder. / Correct the path.',
    ]);
  });
});

describe("readiness", () => {
  it.each([
    ["answers", { kind: "answers", timeoutMs: 60_000 }],
    [
      { answers: true, timeout: "5s" },
      { kind: "answers", timeoutMs: 5000 },
    ],
    [{ cloudInit: true }, { kind: "cloud-init", timeoutMs: 600_000 }],
    [
      { tcp: 80, timeout: "500ms" },
      { kind: "tcp", port: 80, timeoutMs: 500 },
    ],
    [
      { command: "test -e /x", user: "root" },
      { kind: "command", command: ["sh", "-c", "test -e /x"], user: "root", timeoutMs: 120_000 },
    ],
    [
      { command: ["true"], timeout: "1h" },
      { kind: "command", command: ["true"], timeoutMs: 3_600_000 },
    ],
  ])("reads %j", (ready, expected) => {
    expect(readAs({ ready }).ready).toEqual(expected);
  });

  it.each([
    "yes",
    {},
    { tcp: 0 },
    { tcp: 1, command: "x" },
    { command: ["-x"] },
    { command: [] },
    { command: "x", user: "-u" },
    { tcp: 1, user: "a" },
    { answers: 1 },
  ])("refuses %j", (ready) => {
    expect(refusal({ image: "debian", ready })).toHaveLength(1);
  });
});

describe("properties", () => {
  it.each([
    ["cpu", "cpus"],
    ["memmory", "memory"],
    ["dependsOn", "lifecycle.dependsOn"],
    ["mounts", "isolated.mounts"],
    ["Image", "image"],
  ])("suggests for %s what was meant", (key, meant) => {
    const { diagnostics } = resolved({ web: untyped({ image: "debian", [key]: 1 }) });
    expect(diagnostics.map((each) => [each.code, each.hint])).toEqual([
      ["ORB_PROPERTY_UNKNOWN", `Did you mean "${meant}"?`],
    ]);
  });

  it.each([
    { cpus: 1.5 },
    { cpus: "2" },
    { httpPort: 70_000 },
    { power: "on" },
    { identity: "new" },
    { default: "yes" },
    { arch: "x86" },
    { user: "a b" },
    { user: "-x" },
    { groups: "web" },
    { labels: { "a b": "c" } },
    { labels: { a: 1 } },
    { labels: { a: "\u001b[0m" } },
    { lifecycle: { retries: 21 } },
    { lifecycle: { timeouts: { create: 5 } } },
    { lifecycle: { ignoreChanges: ["memry"] } },
    { lifecycle: { dependsOn: ["machine.a"] } },
    { lifecycle: { aliases: ["web"] } },
    { lifecycle: "x" },
    { cloudInit: 3 },
  ])("refuses %j", (input) => {
    const lines = refusal({ image: "debian", ...input });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("\u001b");
  });

  it("tells everything that is wrong with a machine at once", () => {
    expect(
      refusal({ image: "x", name: "a_b", memory: "1", cpus: -1, ready: 1, lifecycle: { retain: 1 } }),
    ).toHaveLength(6);
  });

  it.each([undefined, null, "debian", [], 3])("refuses a machine made of %j", (input) => {
    expect(refusal(input)).toHaveLength(1);
  });

  it("needs names, images and the like to be known before planning", () => {
    const db = machine({ image: "debian" });
    for (const input of [
      { name: db.id },
      { power: db.id },
      { default: db.id },
      { isolated: { network: false, mounts: [db.id] } },
    ]) {
      expect(
        resolved({ db, web: untyped({ image: "debian", ...input }) }).diagnostics.map((each) => each.code),
      ).toEqual(["ORB_VALUE_UNKNOWN"]);
    }
  });
});
