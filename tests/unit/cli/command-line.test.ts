import { describe, expect, test } from "vitest";
import { apart, normaliseArgv, partCommand } from "../../../src/cli/argv.ts";
import { wantsColour, wantsLive } from "../../../src/cli/colour.ts";
import { failureOf } from "../../../src/cli/exit.ts";
import { durationMs, varsOf } from "../../../src/cli/flags.ts";
import { isTooDeep, ledBack, readGuard, writeGuard } from "../../../src/cli/loop-guard.ts";
import { requestOf } from "../../../src/cli/request.ts";
import { isOurs, ORBSTACK_WORDS, OUR_WORDS } from "../../../src/cli/words.ts";
import { COMMANDS, findCommand } from "../../../src/commands/table.ts";
import { InvariantError, OrbformError } from "../../../src/model/errors.ts";

describe("words", () => {
  test("are never OrbStack's", () => {
    const theirs: readonly string[] = ORBSTACK_WORDS;
    expect(OUR_WORDS.filter((word) => theirs.includes(word))).toEqual([]);
  });

  test("are those of the commands that exist", () => {
    const first = new Set([...COMMANDS.keys()].map((id) => id.split(" ")[0]));
    expect(new Set<string | undefined>(OUR_WORDS)).toEqual(first);
  });

  test.each([
    [["plan"], true],
    [["plan", "dev"], true],
    [[], false],
    [["--json", "plan"], false],
    [["-m", "web", "apply"], false],
    [["help", "plan"], false],
    [["--version"], false],
    [["Plan"], false],
    [["plan "], false],
    [["list"], false],
  ])("%j is ours: %j", (args, ours) => {
    expect(isOurs(args)).toBe(ours);
  });

  test("find the longer command first", () => {
    expect(findCommand(["state", "mv", "a", "b"])).toMatchObject({ id: "state mv", rest: ["a", "b"] });
    expect(findCommand(["state"])).toBeUndefined();
    expect(findCommand(["plan", "state"])).toMatchObject({ id: "plan", rest: ["state"] });
  });
});

describe("arguments", () => {
  test("are never read from standard input", () => {
    const args = [...COMMANDS.values()].flatMap((command) => Object.values(command.args ?? {}));
    expect(args.filter((arg) => !("ignoreStdin" in arg && arg.ignoreStdin === true))).toEqual([]);
    expect(args.length).toBeGreaterThan(10);
  });

  const flags = {
    yes: { type: "boolean", aliases: ["auto-approve"] },
    target: { type: "option" },
    json: { type: "boolean" },
  };

  test.each([
    [["-auto-approve"], ["--auto-approve"]],
    [["-target=machine.a"], ["--target=machine.a"]],
    [
      ["-target", "machine.a"],
      ["--target", "machine.a"],
    ],
    [["--yes=true"], ["--yes"]],
    [["--yes=false", "-json=false"], []],
    [
      ["--", "-json"],
      ["--", "-json"],
    ],
    [
      ["-nope", "-h", "dev"],
      ["-nope", "-h", "dev"],
    ],
  ])("%j read as %j", (argv, read) => {
    expect(normaliseArgv(argv, flags)).toEqual(read);
  });

  test("refuse a switch with a value that is neither true nor false", () => {
    expect(() => normaliseArgv(["--yes=maybe"], flags)).toThrow(expect.objectContaining({ code: "ORB_USAGE" }));
  });

  test("give inputs by the first equals sign", () => {
    expect(varsOf(["a=1", "b=x=y", "a=2"])).toEqual({ a: "2", b: "x=y" });
    expect(() => varsOf(["nothing"])).toThrow(expect.objectContaining({ code: "ORB_USAGE" }));
  });

  test.each([
    ["30s", 30_000],
    ["1m30s", 90_000],
    ["500ms", 500],
    ["2h", 7_200_000],
    ["5", 5000],
  ])("read the duration %s", (text, ms) => {
    expect(durationMs(text, "timeout")).toBe(ms);
  });

  test.each(["", "s", "-1s", "1 m", "1d"])("refuse %j as a duration", (text) => {
    for (const flag of ["timeout", "lock-timeout"]) {
      const told = { code: "ORB_USAGE", hint: `Write --${flag}=30s.` };
      expect(() => durationMs(text, flag)).toThrow(expect.objectContaining(told));
    }
  });

  test("refuse what is no address", () => {
    expect(() => requestOf({ target: ["web"] })).toThrow(expect.objectContaining({ code: "ORB_USAGE" }));
    expect(requestOf({ target: ["machine.web"], destroy: true })).toMatchObject({
      mode: "destroy",
      targets: ["machine.web"],
    });
  });
});

describe("a command that is passed on", () => {
  const flags = { user: { type: "option" }, sudo: { type: "boolean" }, json: { type: "boolean" } };

  test.each([
    [
      ["web", "ls", "--json", "--help"],
      ["web", "--", "ls", "--json", "--help"],
    ],
    [
      ["--user", "me", "web", "--sudo", "ls"],
      ["--user", "me", "web", "--sudo", "--", "ls"],
    ],
    [
      ["--user=me", "web", "ls", "--", "x"],
      ["--user=me", "web", "--", "ls", "--", "x"],
    ],
    [
      ["web", "--", "ls"],
      ["web", "--", "ls"],
    ],
    [
      ["-user", "-x", "web", "-", "y"],
      ["-user", "-x", "web", "--", "-", "y"],
    ],
    [
      ["web", "--help"],
      ["web", "--help"],
    ],
    [[], []],
  ])("%j is parted as %j", (argv, parted) => {
    expect(partCommand(argv, flags)).toEqual(parted);
  });

  test("is taken apart from our flags and our words", () => {
    expect(apart(["--user", "me", "a", "--json", "b", "--", "c", "--d"], flags)).toEqual({
      own: ["--user", "me", "--json"],
      words: ["a", "b"],
      rest: ["c", "--d"],
    });
  });
});

describe("failures", () => {
  const facts = { summary: "s", detail: "d" };

  test.each([
    [new OrbformError("ORB_NAME_TAKEN", facts), "ORB_NAME_TAKEN", 1],
    [new OrbformError("ORB_STATE_LOCKED", facts), "ORB_STATE_LOCKED", 4],
    [new OrbformError("ORB_PLAN_STALE", facts), "ORB_PLAN_STALE", 5],
    [new InvariantError("broken"), "ORB_BUG", 70],
    [new TypeError("x is undefined"), "ORB_BUG", 70],
    ["a string", "ORB_BUG", 70],
    [
      Object.assign(new Error("Nonexistent flag: --x\nSee more help with --help"), { oclif: { exit: 2 } }),
      "ORB_USAGE",
      1,
    ],
  ])("%o exits as its kind says", (error, code, exit) => {
    const failure = failureOf(error);
    expect([failure.diagnostics[0].code, failure.exit]).toEqual([code, exit]);
  });

  test("never show a stack", () => {
    const [told] = failureOf(new TypeError("x")).diagnostics;
    expect(JSON.stringify(told)).not.toMatch(/\.ts:\d+/);
  });

  test("are known by their code, not by their class", () => {
    const copy = { code: "ORB_PLAN_STALE", summary: "s", detail: "d", oclif: { exit: 5 } };
    expect(failureOf(copy)).toMatchObject({ exit: 5, diagnostics: [{ code: "ORB_PLAN_STALE" }] });
  });
});

describe("colour", () => {
  test.each([
    { env: {}, isTTY: true, refused: false, coloured: true },
    { env: {}, isTTY: false, refused: false, coloured: false },
    { env: { NO_COLOR: "1" }, isTTY: true, refused: false, coloured: false },
    { env: { NO_COLOR: "" }, isTTY: true, refused: false, coloured: true },
    { env: { FORCE_COLOR: "1" }, isTTY: false, refused: false, coloured: true },
    { env: { FORCE_COLOR: "1", NO_COLOR: "1" }, isTTY: false, refused: false, coloured: true },
    { env: { FORCE_COLOR: "0" }, isTTY: true, refused: false, coloured: false },
    { env: { FORCE_COLOR: "1" }, isTTY: true, refused: true, coloured: false },
    { env: { TERM: "dumb" }, isTTY: true, refused: false, coloured: false },
  ])("with $env, terminal $isTTY, --no-color $refused: $coloured", ({ coloured, ...facts }) => {
    expect(wantsColour(facts)).toBe(coloured);
  });

  test("lines are redrawn on a terminal only, and never in CI", () => {
    expect(wantsLive({ env: {}, isTTY: true, refused: false })).toBe(true);
    expect(wantsLive({ env: { CI: "true" }, isTTY: true, refused: false })).toBe(false);
    expect(wantsLive({ env: {}, isTTY: false, refused: false })).toBe(false);
  });
});

describe("the loop guard", () => {
  test("skips what led straight back, replaced or as a child", () => {
    const handed = readGuard(writeGuard(readGuard(undefined), 10, ["/a/orb"]));
    expect(ledBack(handed, { pid: 10, ppid: 1 })).toEqual(["/a/orb"]);
    expect(ledBack(handed, { pid: 11, ppid: 10 })).toEqual(["/a/orb"]);
  });

  test("skips nothing for a call that OrbStack itself makes", () => {
    const handed = readGuard(writeGuard(readGuard(undefined), 10, ["/a/orb"]));
    expect(ledBack(handed, { pid: 30, ppid: 20 })).toEqual([]);
  });

  test("gives up at some depth, and reads nonsense as nothing", () => {
    let text: string | undefined;
    for (let depth = 0; depth < 16; depth++) text = writeGuard(readGuard(text), 1, []);
    expect(isTooDeep(readGuard(text))).toBe(true);
    expect(readGuard("x|y|z")).toEqual({ depth: 0, pid: 0, paths: [] });
  });
});
