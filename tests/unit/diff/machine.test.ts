import { describe, expect, it } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { UNKNOWN } from "../../../src/model/plan.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import { diff, ignoring, live, type Case, type Given } from "../../support/machine-diffs.ts";
import { at, cloneOf, digest } from "../../support/plan-builders.ts";

const ref = { "~orbform": "ref" as const, address: at("db"), property: "id" };

describe("a machine that is as the stack wants it", () => {
  it("differs in nothing, and all that is managed counts as unchanged", () => {
    expect(diff({})).toEqual({
      attributes: [],
      unchanged: 6,
      renameTo: undefined,
      config: { settings: {}, before: {}, attributes: [], unchanged: 0 },
      power: undefined,
      default: undefined,
      replace: undefined,
      diagnostics: [],
    });
    const desired = { arch: "arm64", cloudInit: { text: "x" }, settings: { cpus: 0, user: "me" } } as const;
    expect(diff({ desired }).unchanged).toBe(10);
  });

  it("differs in everything at once, told in the order of the reference", () => {
    const { attributes, unchanged } = diff({
      desired: {
        name: "www",
        power: "stopped",
        default: true,
        arch: "amd64",
        labels: { a: "1" },
        groups: ["g"],
        settings: { cpus: 2, memoryMiB: 1024, user: "ann", httpPort: 80, isolated: true },
        origin: { kind: "image", distro: "ubuntu" },
      },
      applied: {},
    });
    expect(attributes).toEqual([
      { path: "name", before: "web", after: "www", forcesReplacement: false },
      { path: "image", before: "debian:bookworm", after: "ubuntu", forcesReplacement: true },
      { path: "arch", before: "arm64", after: "amd64", forcesReplacement: true },
      { path: "cpus", before: 0, after: 2, forcesReplacement: false },
      { path: "memory", before: 0, after: "1G", forcesReplacement: false },
      { path: "user", before: "me", after: "ann", forcesReplacement: false },
      { path: "isolated", before: false, after: true, forcesReplacement: false },
      { path: "httpPort", before: 0, after: 80, forcesReplacement: false },
      { path: "power", before: "running", after: "stopped", forcesReplacement: false },
      { path: "default", before: false, after: true, forcesReplacement: false },
      { path: "labels", before: {}, after: { a: "1" }, forcesReplacement: false },
      { path: "groups", before: [], after: ["g"], forcesReplacement: false },
    ]);
    expect(unchanged).toBe(0);
  });
});

describe("a machine's name", () => {
  it.each([
    ["another one is given", { name: "www" }, "www"],
    ["only its case differs", { name: "Web" }, undefined],
    ["it is ignored", { name: "www", ...ignoring("name") }, undefined],
  ])("where %s: %o", (_, desired, renameTo) => {
    expect(diff({ desired }).renameTo).toBe(renameTo);
  });
});

describe("a machine's power", () => {
  it.each([
    ["running", "stopped", "start", { before: "stopped", after: "running" }],
    ["stopped", "running", "stop", { before: "running", after: "stopped" }],
    ["running", "running", undefined, undefined],
    ["running", "starting", undefined, undefined],
    ["stopped", "stopping", undefined, undefined],
    ["any", "stopped", undefined, undefined],
    ["any", "running", undefined, undefined],
  ] as const)("is to be %s and is %s: %s", (power, state, verb, change) => {
    const found = diff({ desired: { power }, live: { state } });
    expect(found.power).toBe(verb);
    expect(found.attributes).toEqual(change ? [{ path: "power", ...change, forcesReplacement: false }] : []);
  });

  it("is given back where an interrupted action owes it, though it is any", () => {
    const owed = (returnTo: "running" | "stopped", state: "running" | "stopped", power: "any" | "stopped") =>
      diff({ desired: { power }, state: { returnTo }, live: { state } }).power;
    expect([
      owed("running", "stopped", "any"),
      owed("stopped", "running", "any"),
      owed("running", "stopped", "stopped"),
    ]).toEqual(["start", "stop", undefined]);
  });

  it("is left alone where it is any, also of a machine that is adopted", () => {
    expect(diff({ desired: { power: "any" }, live: { state: "stopped" }, adopting: true }).power).toBeUndefined();
  });

  it("is left alone where it is ignored", () => {
    expect(diff({ desired: ignoring("power"), live: { state: "stopped" } }).power).toBeUndefined();
  });
});

describe("the default machine", () => {
  const yes = { default: true };
  it.each([
    ["is wanted and is not", { desired: yes, isDefault: false }, "set"],
    ["is wanted and is", { desired: yes, applied: {}, isDefault: true }, undefined],
    ["is wanted, as it was, and nobody asked", { desired: yes }, undefined],
    ["is wanted newly and nobody asked", { desired: yes, applied: {} }, "set"],
    ["is wanted of a machine that is adopted", { desired: yes, adopting: true }, "set"],
    ["was ours, still is, and is no longer wanted", { desired: {}, applied: yes, isDefault: true }, "clear"],
    ["was ours and is another by now", { desired: {}, applied: yes, isDefault: false }, undefined],
    ["was ours and nobody asked", { desired: {}, applied: yes }, undefined],
    ["is by chance and was never asked for", { isDefault: true }, undefined],
    ["is ignored", { desired: { ...yes, ...ignoring("default") }, isDefault: false }, undefined],
    ["is ignored and was ours", { desired: ignoring("default"), applied: yes, isDefault: true }, undefined],
  ] as const)("where it %s", (_, given, verb) => {
    const found = diff(given);
    expect(found.default).toBe(verb);
    expect(found.attributes).toEqual(
      verb ? [{ path: "default", before: verb === "clear", after: verb === "set", forcesReplacement: false }] : [],
    );
  });
});

describe("labels and groups", () => {
  const desired = { labels: { a: "1" }, groups: ["g"] };

  it("are told where they differ, each for itself", () => {
    const paths = (given: Case) => diff(given).attributes.map(({ path }) => path);
    expect(paths({ desired, applied: { groups: ["g"] } })).toEqual(["labels"]);
    expect(paths({ desired, applied: { labels: { a: "1" } } })).toEqual(["groups"]);
    expect(paths({ desired: { ...desired, ...ignoring("labels") }, applied: {} })).toEqual(["groups"]);
    expect(paths({ desired: { ...desired, ...ignoring("groups") }, applied: {} })).toEqual(["labels"]);
  });

  it("of a machine that is adopted are taken as the stack has them", () => {
    expect(diff({ desired, adopting: true }).attributes).toEqual([]);
  });
});

describe("what a machine was made from", () => {
  const restore = (path: string, digestText: string) => ({
    origin: { kind: "restore" as const, path, digest: digestText },
  });

  it("is compared with what was asked for, and shown as it was asked for", () => {
    const origin = (version?: string) => ({
      origin: { kind: "image" as const, distro: "debian", ...(version !== undefined && { version }) },
    });
    const before = (applied: Given<DesiredMachine>) => diff({ desired: origin("13"), applied }).attributes[0]?.before;
    expect([before(origin("12")), before(origin()), before(restore("/a", "1"))]).toEqual([
      "debian:12",
      "debian:bookworm",
      "debian:bookworm",
    ]);
    expect(diff({ desired: origin("13"), adopting: true }).attributes).toEqual([
      { path: "image", before: "debian:bookworm", after: "debian:13", forcesReplacement: true },
    ]);
    expect(
      diff({ desired: origin("13"), live: { image: { ...live.image, version: "" } }, adopting: true }).diagnostics,
    ).toHaveLength(1);
  });

  it("is shown without a version where none is told", () => {
    const image = { ...live.image, distro: "ubuntu", version: "" };
    expect(diff({ live: { image }, adopting: true }).attributes).toEqual([
      { path: "image", before: "ubuntu", after: "debian:bookworm", forcesReplacement: true },
    ]);
  });

  it("that can't be compared is a warning that says what to type, with its place", () => {
    const place = { file: "orb.ts", line: 3, column: 1 };
    const { diagnostics, replace, attributes } = diff({
      desired: { origin: { kind: "image", distro: "mystery", version: "7" }, place },
      applied: {},
    });
    expect(diagnostics).toMatchObject([
      { severity: "warning", code: "ORB_PROPERTY_INVALID", address: "machine.web", place },
    ]);
    expect(diagnostics[0]?.detail).toContain("wants mystery:7; the machine was made from debian:bookworm");
    expect([replace, attributes]).toEqual([undefined, []]);
  });

  it("is left alone where it is ignored", () => {
    const desired = (what: string) => ({ ...ignoring(what), origin: { kind: "image" as const, distro: "ubuntu" } });
    expect([
      diff({ desired: desired("image"), applied: {} }).replace,
      diff({ desired: desired("clone"), applied: {} }).replace,
    ]).toEqual([undefined, "replace: property"]);
    const archive = { ...restore("/b", "2"), ...ignoring("restore") };
    expect(diff({ desired: archive, applied: restore("/a", "1") }).replace).toBeUndefined();
  });

  it("is another archive where its digest is another, or where it was no archive", () => {
    expect(diff({ desired: restore("/b", "2"), applied: restore("/a", "1") }).attributes).toEqual([
      { path: "restore", before: "1", after: "2", forcesReplacement: true },
    ]);
    expect(diff({ desired: restore("/b", "2"), applied: {} }).attributes).toEqual([
      { path: "restore", after: "2", forcesReplacement: true },
    ]);
    expect(diff({ desired: restore("/b", "1"), applied: restore("/a", "1") }).attributes).toEqual([]);
    expect(diff({ desired: restore("/b", "1"), adopting: true }).attributes).toEqual([]);
  });

  it("is nothing that a clone is compared by", () => {
    const clone = cloneOf("web", "base");
    const other = { origin: clone.origin, dependencies: clone.dependencies };
    expect(diff({ desired: other, live: { image: { ...live.image, distro: "ubuntu" } } }).attributes).toEqual([]);
  });
});

describe("a machine's architecture", () => {
  it.each([
    ["another one", { desired: { arch: "amd64" } }, ["arch"]],
    ["the one it has", { desired: { arch: "arm64" } }, []],
    ["one that is ignored", { desired: { arch: "amd64", ...ignoring("arch") } }, []],
    ["none", { live: { image: { ...live.image, arch: "amd64" } } }, []],
  ] as const)("where the stack names %s", (_, given, paths) => {
    expect(diff(given).attributes.map(({ path }) => path)).toEqual(paths);
  });
});

describe("a machine's cloud-init", () => {
  const text = (words: string) => ({ cloudInit: { text: words } });
  const unknown = { cloudInit: { text: ref } };
  const changes = (given: Case) => diff(given).attributes.map(({ path, before, after }) => [path, before, after]);

  it("makes it again where its text is another, or where it had none", () => {
    expect(changes({ desired: text("b"), applied: text("a") })).toEqual([
      ["cloudInit", `sha256:${digest("a")}`, `sha256:${digest("b")}`],
    ]);
    expect(changes({ desired: text("b"), applied: {} })).toEqual([["cloudInit", undefined, `sha256:${digest("b")}`]]);
    expect(diff({ desired: text("b"), applied: {} }).replace).toBe("replace: property");
  });

  it("changes nothing where it is the same, left out, ignored, or of a machine that is adopted", () => {
    expect(changes({ desired: text("a") })).toEqual([]);
    expect(changes({ desired: {}, applied: text("a") })).toEqual([]);
    expect(changes({ desired: { ...text("b"), ...ignoring("cloudInit") }, applied: text("a") })).toEqual([]);
    expect(changes({ desired: text("b"), adopting: true })).toEqual([]);
  });

  it("that is not known yet counts as another only where what it refers to changes, or where it had none", () => {
    const before = `sha256:${digest("a")}`;
    expect(changes({ desired: unknown, applied: text("a") })).toEqual([]);
    expect(changes({ desired: unknown, applied: text("a"), changing: true })).toEqual([["cloudInit", before, UNKNOWN]]);
    expect(changes({ desired: unknown, applied: {}, changing: true })).toEqual([["cloudInit", undefined, UNKNOWN]]);
    expect(changes({ desired: unknown, applied: {} })).toEqual([["cloudInit", undefined, UNKNOWN]]);
  });
});

describe("values that a machine is made again for", () => {
  const watching = (...replaceWhen: readonly (string | typeof ref)[]) => ({
    lifecycle: { ...DEFAULT_LIFECYCLE, replaceWhen },
  });
  const changes = (given: Case) =>
    diff(given).attributes.map(({ path, after, forcesReplacement }) => [path, after === UNKNOWN, forcesReplacement]);

  it("do so where they are others, or unknown and changing", () => {
    expect(changes({ desired: watching("b"), applied: watching("a") })).toEqual([["replaceWhen", false, true]]);
    expect(changes({ desired: watching(ref), applied: watching("a"), changing: true })).toEqual([
      ["replaceWhen", true, true],
    ]);
    expect(changes({ desired: watching(ref), applied: {}, changing: true })).toEqual([["replaceWhen", true, true]]);
    expect(diff({ desired: watching("b"), applied: watching("a") }).replace).toBe("replace: replaceWhen");
  });

  it("do nothing where they are the same, new, no longer watched, or unknown and unchanging", () => {
    expect(changes({ desired: watching("a") })).toEqual([]);
    expect(changes({ desired: watching("a"), applied: {} })).toEqual([]);
    expect(changes({ desired: {}, applied: watching("a"), changing: true })).toEqual([]);
    expect(changes({ desired: watching(ref), applied: watching("a") })).toEqual([]);
    expect(changes({ desired: watching(ref), applied: {}, adopting: true, changing: true })).toEqual([]);
  });

  it("count besides a property that forces the same", () => {
    const given = { desired: { ...watching("b"), arch: "amd64" as const }, applied: watching("a") };
    expect([diff(given).replace, diff(given).attributes.map(({ path }) => path), diff(given).unchanged]).toEqual([
      "replace: property",
      ["arch", "replaceWhen"],
      6,
    ]);
  });
});

describe("properties to be ignored", () => {
  it("take those within them along, and no others that begin alike", () => {
    const desired = (...what: string[]) => ({
      settings: { isolated: true, mounts: ["/a"], forwardSshAgent: false, isolateNetwork: true },
      ...ignoring(...what),
    });
    const paths = (...what: string[]) =>
      diff({ desired: desired(...what), applied: {} }).attributes.map(({ path }) => path);
    expect(paths()).toEqual(["isolated", "isolated.network", "isolated.forwardSshAgent", "isolated.mounts"]);
    expect(paths("isolated")).toEqual([]);
    expect(paths("isolated.mounts", "iso")).toEqual(["isolated", "isolated.network", "isolated.forwardSshAgent"]);
  });
});
