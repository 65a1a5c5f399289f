import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const OURS = join(root, "bin/orb.js");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform-orb-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A folder for the PATH with a copy of ourselves in it, as npm links it. */
function linked(name: string): string {
  mkdirSync(join(folder, name));
  symlinkSync(OURS, join(folder, name, "orb"));
  return join(folder, name);
}

/** A folder for the PATH with a script called `orb`. */
function scripted(name: string, text: string): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "orb"), text);
  chmodSync(join(folder, name, "orb"), 0o755);
  return join(folder, name);
}

const THEIRS = `#!/bin/sh
case "$1" in
  exit) exit "$2" ;;
  die) kill "-$2" $$ ;;
  cat) cat ;;
  ignored) trap 'echo caught' PIPE; kill -PIPE $$ ;;
  *) echo "theirs" "$#" "$@"; echo telling >&2 ;;
esac
`;

function orb(
  path: readonly string[],
  args: readonly string[],
  options: { readonly input?: string; readonly node?: string[] } = {},
) {
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [...(options.node ?? []), OURS, ...args], {
    input: options.input ?? "",
    encoding: "utf8",
    env: { PATH: [...path, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter), HOME: folder },
  });
  return { stdout, stderr, status, signal };
}

describe("a call that isn't ours", () => {
  test.each([
    { args: ["list", "-f", "json"], said: "theirs 3 list -f json\n" },
    { args: [], said: "theirs 0\n" },
    { args: ["--version"], said: "theirs 1 --version\n" },
    { args: ["help"], said: "theirs 1 help\n" },
    { args: ["-m", "web", "apply"], said: "theirs 3 -m web apply\n" },
    { args: ["uname", "a b", "", "$x"], said: "theirs 4 uname a b  $x\n" },
  ])("$args reaches OrbStack's orb untouched", ({ args, said }) => {
    const path = [linked("a"), scripted("real", THEIRS)];
    expect(orb(path, args)).toEqual({ stdout: said, stderr: "telling\n", status: 0, signal: null });
  });

  test("gives standard input on", () => {
    expect(orb([scripted("real", THEIRS)], ["cat"], { input: "hello\n" }).stdout).toBe("hello\n");
  });

  test("ends with OrbStack's exit code", () => {
    expect(orb([scripted("real", THEIRS)], ["exit", "7"]).status).toBe(7);
  });

  test.each(["TERM", "KILL", "PIPE", "INT"])("dies of the signal that OrbStack's died of: %s", (signal) => {
    expect(orb([scripted("real", THEIRS)], ["die", signal]).signal).toBe(`SIG${signal}`);
  });

  test("does not pass on that Node ignores SIGPIPE", () => {
    expect(orb([scripted("real", THEIRS)], ["ignored"]).stdout).toBe("caught\n");
  });
});

describe("on a Node that is too old for us", () => {
  const old = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"});process.execve=undefined`;
  const node = ["--import", old];

  test("OrbStack's calls go through all the same", () => {
    const path = [linked("a"), scripted("real", THEIRS)];
    expect(orb(path, ["list"], { node })).toMatchObject({ stdout: "theirs 1 list\n", status: 0 });
  });

  test("a call of ours names the Node it needs", () => {
    const ran = orb([scripted("real", THEIRS)], ["plan"], { node });
    expect([ran.status, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toContain("Orbform needs Node 22.18 or newer; this is 20.20.2");
  });
});

describe("without execve", () => {
  const node = ["--import", "data:text/javascript,process.execve=undefined"];

  test("input, output and exit code are OrbStack's too", () => {
    const path = [linked("a"), scripted("real", THEIRS)];
    expect(orb(path, ["cat"], { input: "hello\n", node }).stdout).toBe("hello\n");
    expect(orb(path, ["exit", "7"], { node }).status).toBe(7);
    expect(orb(path, ["die", "TERM"], { node }).signal).toBe("SIGTERM");
    expect(orb(path, ["list"], { node }).stdout).toBe("theirs 1 list\n");
  });

  test("a script without an interpreter line is started all the same", () => {
    expect(orb([scripted("real", 'echo "bare $1"\n')], ["list"]).stdout).toBe("bare list\n");
  });
});

describe("other copies of Orbform on the PATH", () => {
  test("are passed over: links, pnpm's shims, and shims that hide what they start", () => {
    const shim = `#!/bin/sh\nbasedir=$(dirname "$0")\nexec node "$basedir/../../orb.js" "$@"\n`;
    symlinkSync(OURS, join(folder, "orb.js"));
    mkdirSync(join(folder, "x"));
    const pnpm = scripted("x/pnpm", shim);
    const hidden = scripted("hidden", `#!/bin/sh\np=${OURS.slice(0, -1)}\nexec "${process.execPath}" "\${p}s" "$@"\n`);
    const path = [linked("a"), linked("b"), pnpm, hidden, scripted("real", THEIRS)];
    expect(orb(path, ["list"])).toMatchObject({ stdout: "theirs 1 list\n", status: 0 });
  });

  test("alone are no OrbStack, and no loop", () => {
    const hidden = scripted("hidden", `#!/bin/sh\np=${OURS.slice(0, -1)}\n"${process.execPath}" "\${p}s" "$@"\n`);
    const ran = orb([linked("a"), hidden], ["list"]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("not found on the PATH");
  });
});

describe("without OrbStack", () => {
  test("our help is the answer to no argument", () => {
    const ran = orb([linked("a")], []);
    expect([ran.status, ran.stdout.split("\n")[0]]).toEqual([0, "Plan and apply for Linux machines on OrbStack."]);
  });

  test("a word of OrbStack's is an error, with our help", () => {
    const ran = orb([linked("a")], ["list"]);
    expect([ran.status, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).toContain("Usage: orb COMMAND");
  });
});

describe("a call that is ours", () => {
  test("never reaches OrbStack's orb", () => {
    const ran = orb([scripted("real", THEIRS)], ["plan", "--help"]);
    expect(ran.stdout).toContain("Usage: orb plan [STACK] [options]");
  });

  test("with a mistake exits 1, not oclif's 2", () => {
    const ran = orb([scripted("real", THEIRS)], ["plan", "--nonsense"]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("ORB_USAGE");
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });
});
