import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../../src/driver/simulator/cli.ts";
import { Faults, parseFaults } from "../../../src/driver/simulator/faults.ts";
import type { Host, Session } from "../../../src/driver/simulator/host.ts";
import { macFiles } from "../../../src/driver/simulator/mac-files.ts";
import { openStore } from "../../../src/driver/simulator/store.ts";
import { anything, mangled, fuzzRuns } from "../../support/mangle.ts";

const RUNS = fuzzRuns(300);
const folder = mkdtempSync(join(tmpdir(), "orbform-fuzz-world-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = 1_800_000_000_000;

function session(): Session {
  return openStore({ folder, now: () => NOW, faults: [], version: undefined, latency: 0 });
}

/** Runs one command line on the world in the folder. */
async function run(line: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const host: Host = {
    program: "orbctl",
    env: { HOME: folder, USER: "ada" },
    session: session(),
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
    forever: () => Promise.reject(new Error("it hangs")),
    stdin: { async *[Symbol.asyncIterator]() {} },
    pid: 2,
    startOf: (pid) => pid,
    terminal: false,
    stdout: (text) => void (said.stdout += text.toString()),
    stderr: (text) => void (said.stderr += text.toString()),
    mac: macFiles(),
  };
  return { code: await runCommandLine(line.split(" "), host), ...said };
}

for (const line of [
  "create alpine web",
  "create debian db",
  "clone web copy",
  "config set machine.db.cpu 2",
  "sim fault set list-fail=1 create-hang:x*",
  "sim fault clear list-fail",
  "default db",
]) {
  await run(line);
}
session().changeFiles("web", () => ({ boot: 1, entries: { "/etc/motd": entry() } }));

function entry() {
  return { kind: "file", mode: 0o644, owner: "root:root", mtime: NOW, content: "aGk=" } as const;
}

const WORLD = join(folder, "world.json");
const GUEST = join(folder, "files/web.json");
const valid = readFileSync(WORLD, "utf8");
const validGuest = readFileSync(GUEST, "utf8");

describe("whatever stands in a simulated world's file", { timeout: 1_200_000 }, () => {
  test("a command works on it, or says that it is no world; then nothing is written", async () => {
    let worked = 0;
    const texts = fc.oneof(
      { weight: 1, arbitrary: anything() },
      { weight: 5, arbitrary: mangled([{ text: valid, shape: "json" }]) },
    );
    const lines = fc.constantFrom(
      "list -f json",
      "list",
      "info web",
      "config show",
      "rename web www",
      "clone web new",
      "delete -f db",
      "stop web",
    );
    await fc.assert(
      fc.asyncProperty(texts, lines, async (text, line) => {
        writeFileSync(WORLD, text);
        const before = contents();
        const ran = await run(line).catch((error: unknown) => error);
        if (ran instanceof Error) {
          expect(ran.message).toBe(`${folder} holds no simulator world that this version can read`);
          expect(contents()).toEqual(before);
        } else worked += 1;
      }),
      RUNS,
    );
    expect(worked, "damage that the commands meet").toBeGreaterThan(RUNS.numRuns / 50);
  });

  test("files of a machine are what they were, or it is said that they are none", () => {
    writeFileSync(WORLD, valid);
    const texts = fc.oneof(
      { weight: 1, arbitrary: anything() },
      { weight: 5, arbitrary: mangled([{ text: validGuest, shape: "json" }]) },
    );
    fc.assert(
      fc.property(texts, (text) => {
        writeFileSync(GUEST, text);
        try {
          expect(session().readFiles("web")).toMatchObject({ entries: expect.anything() });
        } catch (error) {
          expect(String(error)).toBe(`Error: ${GUEST} holds no files of a simulated machine`);
        }
      }),
      RUNS,
    );
  });
});

describe("whatever is said of faults", { timeout: 1_200_000 }, () => {
  test("it is read as faults, or named as none", () => {
    const specs = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^(list-fail|create-hang|banner|nothing)(:[*a-z?[(]{0,9})?(=.{0,5})?$/),
    );
    fc.assert(
      fc.property(
        fc.array(specs).map((all) => all.join(",")),
        (text) => {
          try {
            const faults = new Faults(parseFaults(text), {});
            for (const name of ["list-fail", "create-hang", "banner"]) faults.strikes(name, "web");
          } catch (error) {
            expect(String(error)).toMatch(/^Error: unknown fault: /s);
          }
        },
      ),
      RUNS,
    );
  });

  test("a glob takes what the same regular expression takes, however many stars it has", () => {
    const pieces = fc.array(fc.constantFrom("*", "a", "b", "-", "."), { maxLength: 8 }).map((all) => all.join(""));
    const names = fc.array(fc.constantFrom("a", "B", "-", "."), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(pieces, names, (glob, name) => {
        const pattern = glob.replaceAll(/[.-]/g, String.raw`\$&`).replaceAll("*", ".*");
        const faults = new Faults([{ name: "create-hang", glob, value: null }], {});
        expect(faults.on("create-hang", name) !== undefined).toBe(new RegExp(`^${pattern}$`, "is").test(name));
      }),
      RUNS,
    );
    const slow = new Faults([{ name: "create-hang", glob: "*a".repeat(40), value: null }], {});
    expect(slow.on("create-hang", `${"a".repeat(60)}b`)).toBe(undefined);
  });
});

function contents(): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    files.map((each) => [join(each.parentPath, each.name), readFileSync(join(each.parentPath, each.name), "latin1")]),
  );
}
