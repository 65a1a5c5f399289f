import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  findRing,
  forbiddenImports,
  homeless,
  importsOf,
  isImpure,
  undocumented,
  unusedPermissions,
  type Rooms,
} from "../support/architecture.ts";

const src = fileURLToPath(new URL("../../src/", import.meta.url));

const NODE = /^node:/;
const OURS = /\.ts$/;
const ENGINE = /^engine(?:-[a-z-]+)?\.ts$/;
const DRIVER_PORT = ["driver/driver.ts", "driver/errors.ts"];

/** The import table: who may import whom (docs/adr/0001-rooms-and-ports.md). */
const ROOMS: Rooms = {
  "model/": { ours: [], outside: [] },
  "stack/": { ours: ["model/"], outside: [] },
  "graph/": { ours: ["model/"], outside: [] },
  "report/": { ours: ["model/"], outside: [] },
  "diff/": { ours: ["model/"], outside: [] },
  "plan/": { ours: ["model/", "diff/", "graph/"], outside: [] },
  "policy/": { ours: ["model/"], outside: [] },
  "policy/ready/": { ours: ["model/", "stack/define-policy.ts", "stack/handle.ts"], outside: [] },
  "driver/": { ours: ["model/"], outside: [NODE] },
  "driver/orbctl/": { ours: ["model/", ...DRIVER_PORT], outside: [NODE] },
  "driver/orbctl/exec.ts": { ours: ["driver/errors.ts", "driver/process-start.ts"], outside: [NODE, "execa"] },
  "driver/simulator/": {
    ours: ["model/", "driver/orbctl/call.ts", "driver/processes.ts"],
    outside: [NODE, "just-bash"],
  },
  "desired/": { ours: ["model/", "stack/"], outside: [NODE] },
  "desired/apply-edits.ts": { ours: ["model/", "stack/"], outside: ["immer"] },
  "desired/untrusted/": { ours: ["model/", "stack/", "desired/", "plan/shape.ts"], outside: [NODE] },
  "live/": { ours: ["model/", "guest/", ...DRIVER_PORT], outside: [] },
  "guest/": { ours: ["model/", ...DRIVER_PORT], outside: [NODE] },
  "guest.ts": { ours: [], outside: [OURS] },
  "execute/": {
    ours: ["model/", ...DRIVER_PORT, "diff/recovery.ts", "diff/inside.ts", "guest/", "state/", "archive/archives.ts"],
    outside: [NODE],
  },
  "execute/scheduler.ts": { ours: ["model/"], outside: ["p-queue"] },
  "execute/job-queue.ts": { ours: ["model/"], outside: ["p-queue"] },
  "state/": { ours: ["model/", "driver/process-start.ts", "driver/processes.ts"], outside: [NODE] },
  "state/reduce.ts": { ours: ["model/"], outside: ["immer"] },
  "state/patch.ts": { ours: ["model/"], outside: ["fast-json-patch"] },
  "state/schema.ts": { ours: ["model/"], outside: ["zod"] },
  "state/schema-inside.ts": { ours: ["model/"], outside: ["zod"] },
  "state/lock.ts": { ours: ["model/", "driver/processes.ts"], outside: [NODE, "ulid"] },
  "state/digest.ts": { ours: ["model/"], outside: [NODE, "canonicalize"] },
  "archive/": { ours: ["model/", ...DRIVER_PORT, "driver/processes.ts", "state/"], outside: [NODE] },
  "index.ts": { ours: ["stack/"], outside: [] },
  "policies.ts": { ours: ["policy/ready/", "stack/define-policy.ts"], outside: [] },
  engine: {
    ours: [
      "model/",
      "graph/",
      "driver/driver.ts",
      "driver/processes.ts",
      "archive/archives.ts",
      "live/",
      "plan/",
      "policy/",
      "execute/",
      "state/",
      "guest/",
    ],
    outside: [ENGINE],
  },
  "testing.ts": { ours: [], outside: [OURS] },
  "testing-types.ts": { ours: [], outside: [OURS] },
  "cli/": {
    ours: ["model/", "report/", "guest/", "engine.ts", "engine-probe.ts", "engine-plan-file.ts"],
    outside: [NODE, /^@oclif\/core\/(?:command|flags|args|parser|config)$/],
  },
  "cli/live.ts": { ours: ["report/"], outside: ["log-update"] },
  "cli/context": {
    ours: ["model/", "archive/", "desired/", "driver/", "state/"],
    outside: [NODE, ENGINE],
  },
  "cli/main.ts": { ours: ["model/", "report/", "commands/table.ts"], outside: ["@oclif/core/config"] },
  "commands/": { ours: ["report/", "cli/"], outside: [/^@oclif\/core\/(?:flags|args|config)$/] },
};

/** Scripts for the inside of a machine are built and read here; others run them. */
const PURE_GUEST = [
  "change command directory facts file frame manager-functions package-managers packages path-kind posix-checksum",
  "quote rights rpm-managers run-as service-managers service shell user-tools user verdict words",
].flatMap((names) => names.split(" ").map((name) => `guest/${name}.ts`));

const PURE = ["model/", "stack/", "graph/", "report/", "diff/", "plan/", "policy/", ...PURE_GUEST];

const sources = new Map(
  readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name.split(sep).join("/"), readFileSync(join(src, name), "utf8")] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1)),
);

describe("the house", () => {
  it("is seen by this test at all", () => {
    expect(sources.size).toBeGreaterThan(300);
    expect([...sources.values()].flatMap(importsOf).length).toBeGreaterThan(1000);
  });

  it("has a room for every file", () => {
    expect(homeless(sources, ROOMS)).toEqual([]);
  });

  it("imports only what each room may", () => {
    expect(forbiddenImports(sources, ROOMS)).toEqual([]);
  });

  it("allows nothing that no file makes use of", () => {
    expect(unusedPermissions(sources, ROOMS)).toEqual([]);
  });

  it("keeps time, chance, processes and promises out of the pure rooms", () => {
    const pure = [...sources].filter(([file]) => PURE.some((room) => file.startsWith(room)));
    const impure = pure.filter(([, text]) => isImpure(text)).map(([file]) => file);
    expect(impure).toEqual([]);
  });

  it("says of every export what it is", () => {
    const silent = [...sources].flatMap(([file, text]) => undocumented(text).map((name) => `${file}: ${name}`));
    expect(silent).toEqual([]);
  });

  it("refers to documents and tests that are there", () => {
    const named = [...sources].flatMap(([file, text]) =>
      [...text.matchAll(/\b(?:docs|tests)\/[\w./-]+\.(?:md|ts)\b/g)].map(([path]) => ({ file, path })),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(({ path }) => !existsSync(join(src, "..", path)))).toEqual([]);
  });

  it("has no rings of imports", () => {
    expect(findRing(sources)).toEqual([]);
  });
});

describe("this test", () => {
  const planted = new Map([
    ["model/a.ts", 'import { type B, b } from "../plan/b.ts";\nconst now = Date.now();'],
    ["plan/b.ts", 'import {\n  a,\n} from "../model/a.ts";\nexport * from "execa";\n// Date.now()'],
    ["cellar/c.ts", 'import type { D } from "./c.ts";\nconst late = await import("../model/a.ts");'],
  ]);
  const rooms: Rooms = { "model/": { ours: [], outside: [] }, "plan/": { ours: ["model/"], outside: ["immer"] } };

  it("finds what is forbidden, homeless, in a ring, impure, and allowed in vain", () => {
    expect(forbiddenImports(planted, rooms)).toEqual(["model/a.ts -> plan/b.ts", "plan/b.ts -> execa"]);
    expect(homeless(planted, rooms)).toEqual(["cellar/c.ts"]);
    expect(findRing(planted)).toEqual(["model/a.ts", "plan/b.ts", "model/a.ts"]);
    expect([...planted].filter(([, text]) => isImpure(text)).map(([file]) => file)).toEqual([
      "model/a.ts",
      "cellar/c.ts",
    ]);
    expect(unusedPermissions(planted, rooms)).toEqual(["plan/ -> immer"]);
    expect(undocumented("/** A. */\nexport type A = 1;\nexport function b(): void;")).toEqual(["b"]);
  });
});
