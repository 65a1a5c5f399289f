import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONFINE, kept, letGo } from "../../../src/desired/untrusted/keep.ts";

const UNSHARE = ["-rnmpf", "--kill-child"];
/** Where no namespace of mounts may be had, there is none to make read-only. */
const hasMounts = spawnSync("unshare", [...UNSHARE, "mount", "-t", "tmpfs", "none", "/run"]).status === 0;
const hasSetpriv = spawnSync("sh", ["-c", "setpriv --version"]).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform keep-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a shell prints that is confined; `$1` is the folder of the test. */
function confined(script: string): string {
  const { stdout } = spawnSync("unshare", [...UNSHARE, "sh", "-c", CONFINE, "sh", "sh", "-c", script, "sh", folder], {
    encoding: "utf8",
    env: {},
  });
  return stdout.trim();
}

describe.runIf(hasMounts)("a confined program", { tags: ["slow"] }, () => {
  it("can write no file, and sees none of /run", () => {
    const script =
      '(echo > "$1/owned") 2>/dev/null || echo denied; (echo > /run/owned) 2>/dev/null || echo denied; ls /run | grep -v "^mount"; cat /dev/null';
    expect(confined(script)).toBe("denied\ndenied");
    expect(existsSync(join(folder, "owned"))).toBe(false);
  });

  it.runIf(hasSetpriv)("can't undo that", () => {
    const undone = "mount -o remount,bind,rw / || unshare -rm mount -o remount,bind,rw /";
    expect(confined(`(${undone}) 2>/dev/null || echo denied; grep CapEff /proc/self/status`)).toBe(
      "denied\nCapEff:\t0000000000000000",
    );
  });

  it("is given its words as they are", () => {
    expect(confined(`printf '%s|' "$1" 'a  "b"'`)).toBe(`${folder}|a  "b"|`);
  });
});

/** A program that is kept and prints the processes of its group when it is asked for anything. */
function start(script: string) {
  const [program = "", ...words] = kept(["sh", "-c", script], 64);
  const stdio = Array.from({ length: 4 }, () => "pipe" as const);
  const child = spawn(program, words, { stdio, detached: true });
  letGo(child);
  return child;
}

describe("a kept program", { tags: ["slow"] }, () => {
  it("ends when nobody holds it any more, though it is busy", async () => {
    const child = start("echo begun; while :; do :; done");
    await once(child.stdout ?? child, "data");
    child.stdio[3]?.destroy();
    expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
  });

  it("ends as it likes, and what it left behind with it", async () => {
    const child = start("sleep 600 & exit 3");
    expect(await once(child, "close")).toEqual([3, null]);
  });

  it("doesn't have the descriptor by which it is held", async () => {
    const child = start("(: <&3) 2>/dev/null || echo none");
    const [text] = await once(child.stdout?.setEncoding("utf8") ?? child, "data");
    await once(child, "close");
    expect(text).toBe("none\n");
  });
});
