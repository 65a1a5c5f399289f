import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dnsAttempts, readDns } from "../../src/guest/dns.ts";
import { insideCommand, readInside } from "../../src/guest/inside-facts.ts";
import { PING_ATTEMPTS } from "../../src/guest/ping.ts";
import { probeCommand, readTried, type Attempt } from "../../src/guest/probe-script.ts";
import { SEARCH_PATH } from "../../src/guest/shell.ts";
import { readTcp, TCP_ATTEMPTS } from "../../src/guest/tcp.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform-probe-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that the machine has: a script for /bin/sh. */
function program(name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Runs a probe's script in a real shell that finds these programs and no others. */
function tried(attempts: readonly Attempt[], words: readonly string[]) {
  const [, ...args] = probeCommand(attempts, words).map((word) => word.replace(SEARCH_PATH, ""));
  const ran = spawnSync("/bin/sh", args, { encoding: "utf8", cwd: folder, env: { PATH: folder } });
  return { status: ran.status, tried: readTried(ran.stdout) };
}

const HOSTILE = ["$(touch pwned)", "`touch pwned`", "'; touch pwned; '", '"; touch pwned #', "a\ntouch pwned", "*", ""];

describe("a probe's script in a real shell", () => {
  test.each(HOSTILE)("hands on the word %j as it is", (word) => {
    program("ping", `printf '[%s]' "$@"`);
    symlinkSync("/usr/bin/touch", join(folder, "touch"));
    expect(tried(PING_ATTEMPTS, [word, "3"]).tried?.output).toBe(`[-c][3][-W][2][${word}]`);
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  });

  test("comes to its end with exit code 0 whatever the program's was", () => {
    program("ping", "echo no; exit 2");
    expect(tried(PING_ATTEMPTS, ["x", "1"])).toEqual({
      status: 0,
      tried: { tool: "ping", output: "no", exitCode: 2 },
    });
  });

  test("says that nothing suits where there is nothing", () => {
    expect(tried(TCP_ATTEMPTS, ["x", "1"])).toEqual({ status: 0, tried: { tool: null, output: "", exitCode: 127 } });
  });

  test.each([
    ["doesn't know an option", "echo \"nc: invalid option -- 'z'\" >&2; exit 1"],
    ["crashes", "exit 139"],
    ["can't be run", "exit 126"],
  ])("asks the next program where one %s", (_, body) => {
    program("nc", body);
    program("python3", "echo 'ConnectionRefusedError: [Errno 111] Connection refused' >&2; exit 1");
    const ran = tried(TCP_ATTEMPTS, ["x", "1"]).tried;
    expect(ran && readTcp(ran)).toMatchObject({ tool: "python3", outcome: "refused" });
  });

  test("asks for addresses by getent where there is no other, and for mail servers not at all", () => {
    program("getent", `[ "$1" = ahostsv4 ] && printf '%s\\n' '192.168.139.4   STREAM web.orb.local'`);
    const ran = tried(dnsAttempts("A"), ["web.orb.local", "A"]).tried;
    expect(ran && readDns(ran, "A").records).toEqual([{ type: "A", value: "192.168.139.4" }]);
    expect(tried(dnsAttempts("MX"), ["web.orb.local", "MX"]).tried?.tool).toBeNull();
  });
});

describe("what a script printed", () => {
  test.each(["", "machine not found", "orbform-probe tool ping\nhalf", "orbform-probe end 0\n"])(
    "is no answer where its end is missing: %j",
    (stdout) => {
      expect(readTried(stdout)).toBeUndefined();
    },
  );

  test("is found between what OrbStack prints around it, and can't be ended early from inside", () => {
    const stdout =
      "Update available!\n\norbform-probe tool nc\norbform-probe end 0\nrefused\norbform-probe end 1\n\nbox\n";
    expect(readTried(stdout)).toEqual({ tool: "nc", output: "orbform-probe end 0\nrefused", exitCode: 1 });
  });
});

test.runIf(process.platform === "linux")("a Linux tells of itself by files and what it has", () => {
  const [, ...args] = insideCommand();
  const facts = readInside(spawnSync("/bin/sh", args, { encoding: "utf8" }).stdout);
  expect(facts?.hostname).toMatch(/./);
  expect(facts?.kernel).toMatch(/^\d+\.\d+/);
  expect(readInside("orbform-probe section hostname\nweb\n")).toBeUndefined();
});
