import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { ChildRef } from "../../../src/driver/driver.ts";
import type { OrbctlExec } from "../../../src/driver/orbctl/call.ts";
import { programExec } from "../../../src/driver/orbctl/exec.ts";
import { processStart } from "../../../src/driver/process-start.ts";
import { fakeOrbctl, type FakeOrbctl } from "../../support/fake-orbctl.ts";

const PARENT = fileURLToPath(new URL("../../support/fake-orbctl-parent.mjs", import.meta.url));
const made: FakeOrbctl[] = [];

afterEach(async () => {
  for (const fake of made.splice(0)) await fake.remove();
});

async function setUp(): Promise<{ readonly fake: FakeOrbctl; readonly exec: OrbctlExec }> {
  const fake = await fakeOrbctl();
  made.push(fake);
  return { fake, exec: programExec({ program: fake.program, scratch: fake.scratch, home: fake.folder }) };
}

const begin = (): Promise<void> => Promise.resolve();

/** Resolves when a process is gone. */
async function gone(pid: number): Promise<void> {
  while ((await processStart(pid)) !== undefined) await pause(10);
}

async function fileAppears(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return text;
    await pause(10);
  }
}

describe("a reading call", () => {
  test("settles at its time-out though a grandchild holds the streams", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("list", { script: `sleep 60 & echo $! > "$here/grandchild"; sleep 60` });
    const output = await exec({ argv: ["list"], timeoutMs: 2000 });
    expect(output).toMatchObject({ timedOut: true, exitCode: null });
    await gone(Number(await readFile(path.join(fake.folder, "grandchild"), "utf8")));
  });

  test("passes argv as it is", async () => {
    const { fake, exec } = await setUp();
    const argv = ["run", "-m", "a b", "$(id)", "'\"`", "*"];
    await exec({ argv });
    expect(await fake.calls()).toEqual([argv]);
  });

  test("is stopped by its signal", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("list", { script: "sleep 60" });
    const output = await exec({ argv: ["list"], signal: AbortSignal.timeout(200) });
    expect(output).toMatchObject({ aborted: true, timedOut: false, exitCode: null });
  });

  test("survives a program that reads no input", async () => {
    const { exec } = await setUp();
    const output = await exec({ argv: ["list"], stdin: new Uint8Array(1_000_000) });
    expect(output.exitCode).toBe(0);
  });

  test.each([
    ["bytes", new TextEncoder().encode("fed in")],
    ["a stream of bytes", Readable.from([Buffer.from("fed "), Buffer.from("in")])],
  ])("hands on its input as %s, and what is printed as it comes", async (_, stdin) => {
    const { fake, exec } = await setUp();
    await fake.answer("run", { script: "cat; echo told >&2; exit 7" });
    const heard: string[] = [];
    const onOutput = (stream: string, chunk: Uint8Array): void => {
      heard.push(`${stream} ${Buffer.from(chunk).toString()}`);
    };
    const output = await exec({ argv: ["run"], stdin, onOutput });
    expect(output).toEqual({ stdout: "fed in", stderr: "told\n", exitCode: 7, timedOut: false, aborted: false });
    expect(heard.toSorted()).toEqual(["stderr told\n", "stdout fed in"]);
  });

  test("is stopped where its input fails", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("run", { script: "cat; sleep 60" });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      throw new Error("the file is gone");
    }
    expect(await exec({ argv: ["run"], stdin: broken() })).toMatchObject({ exitCode: null, timedOut: false });
  });

  test("keeps characters whole that come in two pieces", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("list", { script: String.raw`printf '\303'; sleep 0.1; printf '\274'` });
    expect((await exec({ argv: ["list"] })).stdout).toBe("ü");
  });

  test("leaves nothing running when it is stopped, whatever ignores the first signal", async () => {
    const { fake, exec } = await setUp();
    const script = `(trap '' TERM; sleep 60 & echo $! > "$here/deaf"; wait) & sleep 60`;
    await fake.answer("list", { script });
    const stop = new AbortController();
    const call = exec({ argv: ["list"], signal: stop.signal });
    const deaf = Number(await fileAppears(path.join(fake.folder, "deaf")));
    stop.abort();
    expect(await call).toMatchObject({ aborted: true, timedOut: false });
    await gone(deaf);
  });
});

describe("a program that can't be run", () => {
  test.each([undefined, begin])("rejects, with nothing done", async (beginning) => {
    const { fake } = await setUp();
    const exec = programExec({ program: path.join(fake.folder, "nope"), scratch: fake.scratch, home: "/" });
    const call = exec({ argv: ["list"], ...(beginning && { begin: beginning }) });
    await expect(call).rejects.toMatchObject({ code: "ORB_NO_ORBCTL", outcome: "nothing" });
  });

  test("is not tried without HOME", async () => {
    const { fake } = await setUp();
    const exec = programExec({ program: fake.program, scratch: fake.scratch, home: undefined });
    await expect(exec({ argv: ["list"] })).rejects.toMatchObject({ summary: "HOME is not set" });
    expect(await fake.calls()).toEqual([]);
  });
});

describe("a mutating call", () => {
  test("runs only after begin has resolved, in the process that begin was told of", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("create", { script: `echo $$`, stderr: "err\n", exit: 3 });
    const told: (ChildRef | null)[] = [];
    const output = await exec({
      argv: ["create", "ubuntu", "web"],
      begin: async (child) => {
        told.push(child);
        expect(child?.startedAt).toBe(await processStart(child?.pid ?? 0));
        expect(await fake.calls()).toEqual([]);
      },
    });
    expect(output).toEqual({
      stdout: `${told[0]?.pid}\n`,
      stderr: "err\n",
      exitCode: 3,
      timedOut: false,
      aborted: false,
    });
  });

  test("keeps the last megabyte of what is printed, and its exit code", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("create", { script: "yes 123456789 | head -n 200000; echo the end" });
    const { stdout, exitCode } = await exec({ argv: ["create", "ubuntu", "web"], begin });
    expect([stdout.length, stdout.slice(-18), exitCode]).toEqual([1_000_000, "123456789\nthe end\n", 0]);
  });

  test("never runs where begin rejects", async () => {
    const { fake, exec } = await setUp();
    let pid = 0;
    const call = exec({
      argv: ["create", "ubuntu", "web"],
      begin: (child) => {
        pid = child?.pid ?? 0;
        return Promise.reject(new Error("no room for the intent"));
      },
    });
    await expect(call).rejects.toThrow("no room for the intent");
    expect([await processStart(pid), await fake.calls(), await readdir(fake.scratch)]).toEqual([undefined, [], []]);
  });

  test("never runs where it was aborted while held", async () => {
    const { fake, exec } = await setUp();
    const stop = new AbortController();
    const call = exec({
      argv: ["create", "ubuntu", "web"],
      signal: stop.signal,
      begin: () => Promise.resolve(stop.abort()),
    });
    await expect(call).rejects.toMatchObject({ outcome: "nothing" });
    expect(await fake.calls()).toEqual([]);
  });

  test("says in its file that it is held, and no longer once it runs", async () => {
    const { fake, exec } = await setUp();
    let held = "";
    const told: string[] = [];
    await fake.answer("create", { script: `echo 1 > "$here/ready"; while [ ! -e "$here/seen" ]; do sleep 0.05; done` });
    const call = exec({
      argv: ["create", "ubuntu", "web"],
      begin: async (child) => {
        held = child?.held ?? "";
        told.push(await readFile(held, "utf8"));
      },
    });
    await fileAppears(path.join(fake.folder, "ready"));
    told.push(await readFile(held, "utf8"));
    await writeFile(path.join(fake.folder, "seen"), "");
    expect([(await call).exitCode, told]).toEqual([0, ["held\n", ""]]);
  });

  test("that dies while it is held is no crash of ours", async () => {
    const { fake, exec } = await setUp();
    const output = await exec({
      argv: ["create", "ubuntu", "web"],
      begin: async (child) => {
        process.kill(child?.pid ?? 0, "SIGKILL");
        await gone(child?.pid ?? 0);
      },
    });
    expect([output.exitCode, output.aborted, await fake.calls()]).toEqual([null, false, []]);
  });

  test("is gone when an abort settles it", async () => {
    const { fake, exec } = await setUp();
    await fake.answer("create", { script: `trap 'sleep 0.3; exit 9' TERM; echo 1 > "$here/ready"; sleep 60 & wait` });
    const stop = new AbortController();
    let pid = 0;
    const call = exec({
      argv: ["create", "ubuntu", "web"],
      signal: stop.signal,
      begin: (child) => Promise.resolve(void (pid = child?.pid ?? 0)),
    });
    await fileAppears(path.join(fake.folder, "ready"));
    stop.abort();
    expect(await call).toMatchObject({ aborted: true, timedOut: false, exitCode: 9 });
    expect(await processStart(pid)).toBeUndefined();
  });
});

async function parent(fake: FakeOrbctl, moment: "hold" | "go"): Promise<[ChildProcess, number]> {
  const child = spawn(process.execPath, [PARENT, fake.program, fake.scratch, moment], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line]: unknown[] = await once(child.stdout, "data");
  return [child, Number(String(line))];
}

describe("when Orbform is killed", () => {
  test("a held program never runs", async () => {
    const { fake } = await setUp();
    const [orbform, held] = await parent(fake, "hold");
    orbform.kill("SIGKILL");
    await gone(held);
    expect(await fake.calls()).toEqual([]);
  });

  test("a program that was let go finishes, and may print", async () => {
    const { fake } = await setUp();
    await fake.answer("create", {
      script: `echo begun > "$here/begun"; while [ ! -e "$here/killed" ]; do sleep 0.05; done; echo printed; echo done > "$here/finished"`,
    });
    const [orbform] = await parent(fake, "go");
    await fileAppears(path.join(fake.folder, "begun"));
    orbform.kill("SIGKILL");
    await once(orbform, "exit");
    await writeFile(path.join(fake.folder, "killed"), "");
    expect(await fileAppears(path.join(fake.folder, "finished"))).toBe("done\n");
  });
});

describe("when Orbform is interrupted", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("a reading call ends with it at %s", async (signal) => {
    const { fake } = await setUp();
    await fake.answer("list", { script: `echo $$ > "$here/reader"; sleep 60` });
    const orbform = spawn(process.execPath, [PARENT, fake.program, fake.scratch, "read"], { stdio: "ignore" });
    const reader = Number(await fileAppears(path.join(fake.folder, "reader")));
    orbform.kill(signal);
    expect(await once(orbform, "exit")).toEqual([null, signal]);
    await gone(reader);
  });
});
