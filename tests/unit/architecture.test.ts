import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const src = join(root, "src");

interface Room {
  /** Rooms and single files of ours that it may import; its own are always allowed. */
  readonly ours: readonly string[];
  /** Packages and `node:` modules; absent: any `node:` module, no package. */
  readonly outside?: readonly (string | RegExp)[];
}

const NODE = /^node:/;
const DRIVER_PORT = ["driver/driver.ts", "driver/errors.ts"];

/** The import table: who may import whom. Longest prefix wins. */
const ROOMS: Readonly<Record<string, Room>> = {
  "model/": { ours: [], outside: ["node:util"] },
  "stack/": { ours: ["model/"], outside: [] },
  "stack/extend.ts": { ours: ["model/"], outside: ["immer"] },
  "graph/": { ours: ["model/"], outside: [] },
  "report/": { ours: ["model/"], outside: ["fast-string-width"] },
  "policy/": { ours: ["model/"], outside: [] },
  "diff/": { ours: ["model/"], outside: ["fast-json-patch"] },
  "plan/": { ours: ["model/", "diff/", "graph/", "policy/", "live/match"], outside: [] },
  "driver/": { ours: ["model/"], outside: [NODE] },
  "driver/orbctl/": { ours: ["model/", "driver/", "state/process-start.ts"], outside: [NODE] },
  "driver/orbctl/exec.ts": { ours: ["model/", "driver/", "state/process-start.ts"], outside: [NODE, "execa"] },
  "driver/simulator/": { ours: ["model/", "driver/"], outside: [NODE, "just-bash", "ulid"] },
  "guest/": { ours: ["model/", ...DRIVER_PORT], outside: [NODE] },
  "desired/": { ours: ["model/", "stack/"], outside: [NODE] },
  "live/": { ours: ["model/", ...DRIVER_PORT], outside: [NODE] },
  "execute/": {
    ours: ["model/", ...DRIVER_PORT, "guest/", "graph/critical-path.ts", "state/"],
    outside: [NODE, "p-queue", "p-retry"],
  },
  "state/": { ours: ["model/"], outside: [NODE] },
  "state/codec": { ours: ["model/"], outside: [NODE, "zod"] },
  "state/reduce.ts": { ours: ["model/"], outside: [NODE, "immer"] },
  "state/patch.ts": { ours: ["model/"], outside: [NODE, "fast-json-patch"] },
  "index.ts": { ours: ["model/", "stack/"], outside: [] },
  "engine.ts": { ours: [""], outside: [NODE, "canonicalize", "ulid"] },
  "testing.ts": { ours: [""], outside: [NODE] },
  "cli/": { ours: ["model/", "report/", "engine.ts"], outside: [NODE, /^@oclif\/core\//, "log-update"] },
  "cli/context": { ours: [""], outside: [NODE, "canonicalize", "ulid"] },
  "cli/main.ts": { ours: ["model/", "report/", "engine.ts", "commands/"], outside: [NODE, /^@oclif\/core(\/|$)/] },
  "commands/": { ours: ["model/", "report/", "engine.ts", "cli/"], outside: [NODE, /^@oclif\/core\//] },
};

const PURE = ["model/", "stack/", "graph/", "report/", "diff/", "plan/", "live/match"];
const IMPURE_WORDS =
  /\b(?:Date\.now|new Date\(\)|Math\.random|process\.|from "node:(?:fs|child_process|net|http)|\basync\b|\bPromise\b)/;
const IMPORT = /^\s*(?:import|export)\b[^"';]*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.split(sep).join("/"))
  .toSorted();

function roomOf(file: string): Room | undefined {
  const prefix = Object.keys(ROOMS)
    .filter((each) => file.startsWith(each))
    .toSorted((a, b) => b.length - a.length)[0];
  return prefix === undefined ? undefined : ROOMS[prefix];
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(src, file), "utf8");
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function isAllowed(file: string, room: Room, target: string): boolean {
  if (!target.startsWith(".")) {
    return (room.outside ?? [NODE]).some((each) => (typeof each === "string" ? target === each : each.test(target)));
  }
  const own = file.includes("/") ? `${file.split("/")[0]}/` : file;
  const path = relative(src, resolve(src, dirname(file), target))
    .split(sep)
    .join("/");
  return path.startsWith(own) || room.ours.some((each) => path.startsWith(each));
}

describe("the house", () => {
  it("is seen by this test at all", () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(150);
  });

  it("has a room for every file", () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it("imports only what each room may", () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      return room
        ? importsOf(file)
            .filter((target) => !isAllowed(file, room, target))
            .map((target) => `${file} -> ${target}`)
        : [];
    });
    expect(wrong).toEqual([]);
  });

  it("keeps time, chance, processes and promises out of the pure rooms", () => {
    const wrong = files
      .filter((file) => PURE.some((room) => file.startsWith(room)) && !["model/clock.ts"].includes(file))
      .filter((file) => IMPURE_WORDS.test(withoutComments(readFileSync(join(src, file), "utf8"))));
    expect(wrong).toEqual([]);
  });

  it("has no cycles", () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((target) => target.startsWith("."))
          .map((target) =>
            relative(src, resolve(src, dirname(file), target))
              .split(sep)
              .join("/"),
          ),
      ]),
    );
    expect(findCycle(graph)).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): readonly string[] => {
    const at = path.indexOf(file);
    if (at !== -1) return [...path.slice(at), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
