import { readFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { onEach } from "../../../src/guest/each.ts";
import { run } from "../../../src/guest/run.ts";
import { hostOrbctl, type HostOrbctl } from "../../support/host-orbctl.ts";

const made: HostOrbctl[] = [];

afterEach(async () => {
  for (const each of made.splice(0)) await each.remove();
});

async function host(around?: string): Promise<HostOrbctl> {
  const orbctl = await hostOrbctl(around);
  made.push(orbctl);
  return orbctl;
}

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing",
    (error: unknown) => error,
  );

describe("a command", () => {
  test("gives its streams and its exit code, and nothing else", async () => {
    const { machine } = await host();
    const result = await run(machine(), ["sh", "-c", "printf out; printf err >&2; exit 7"], { success: [7] });
    expect(result).toEqual({ machine: "web", exitCode: 7, stdout: "out", stderr: "err" });
  });

  test("that fails is told from a connection that fails, though both exit 1", async () => {
    const { machine } = await host();
    const words = "echo \"[-32098] machine not found: 'web'\" >&2; exit 1";
    expect(await thrown(run(machine(), ["sh", "-c", words]))).toMatchObject({
      code: "ORB_COMMAND_FAILED",
      result: { exitCode: 1, stderr: "[-32098] machine not found: 'web'\n" },
    });
    expect(await thrown(run(machine("gone"), ["false"]))).toMatchObject({ code: "ORB_CONNECTION" });
  });

  test("is told from a client that crashes in its words", async () => {
    const { machine } = await host("echo 'panic: orbstack/macvirt' >&2; exit 2");
    expect(await thrown(run(machine(), ["true"]))).toMatchObject({ code: "ORB_CONNECTION" });
  });

  test.each([
    ["exit", "3"],
    ["set", "-e"],
    ["trap", "-"],
  ])("is a program, never a word of the shell: %s", async (...command) => {
    const { machine } = await host();
    expect(await run(machine(), command, { success: "any" })).toMatchObject({ exitCode: 127, stdout: "" });
  });

  test("ended by a signal has 128 and its number", async () => {
    const { machine } = await host();
    expect((await run(machine(), ["sh", "-c", "kill -9 $$"], { success: "any" })).exitCode).toBe(137);
  });

  test("that closes one of its streams still has an end", async () => {
    const { machine } = await host();
    expect((await run(machine(), ["sh", "-c", "exec >&- 2>&-; exit 3"], { success: "any" })).exitCode).toBe(3);
  });

  test("gets words, input and variables as they are", async () => {
    const { machine } = await host();
    const words = ["a b", "'\"$x`", "-n", "*", "line\nend", "ü"];
    const printed = await run(machine(), ["sh", "-c", 'printf "<%s>" "$@" "$A" "$HOME"; cat', "sh", ...words], {
      env: { A: "it's; $x\n", HOME: "/a b" },
      stdin: "in\0\u00ff",
    });
    expect(printed.stdout).toBe(`<${words.join("><")}><it's; $x\n></a b>in\0\u00ff`);
  });

  test("gets input of any length as it comes, and one that reads none ends all the same", async () => {
    const { machine } = await host();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let left = 20; left > 0; left -= 1) yield await Promise.resolve(new Uint8Array(100_000));
    }
    expect((await run(machine(), ["wc", "-c"], { stdin: pieces() })).stdout.trim()).toBe("2000000");
    expect((await run(machine(), ["true"], { stdin: pieces() })).exitCode).toBe(0);
  });

  test("runs where it is told to, or not at all", async () => {
    const { machine, inside } = await host();
    expect((await run(machine(), ["pwd"], { workdir: inside })).stdout).toBe(`${inside}\n`);
    const missing = run(machine(), ["touch", `${inside}/made`], { workdir: `${inside}/nope` });
    expect(await thrown(missing)).toMatchObject({ summary: "The working directory can't be entered" });
    expect((await run(machine(), ["ls", inside])).stdout).toBe("");
  });

  test("is handed on as it comes", async () => {
    const { machine, inside } = await host();
    const go = path.join(inside, "go");
    const waits = `echo first; while [ ! -e "${go}" ]; do sleep 0.05; done; echo second`;
    const heard: string[] = [];
    const result = await run(machine(), ["sh", "-c", waits], {
      keep: false,
      onOutput: async (_, chunk) => {
        heard.push(Buffer.from(chunk).toString());
        if (heard.length === 1) await run(machine("db"), ["touch", go]);
      },
    });
    expect([heard.join(""), result.stdout]).toEqual(["first\nsecond\n", ""]);
  });

  test("whose time is up says so, and so does one that was interrupted", async () => {
    const { machine } = await host();
    expect(await thrown(run(machine(), ["sleep", "60"], { timeoutMs: 300 }))).toMatchObject({
      code: "ORB_ORBCTL_TIMEOUT",
    });
    expect(await thrown(run(machine(), ["sleep", "60"], { signal: AbortSignal.timeout(300) }))).toMatchObject({
      code: "ORB_INTERRUPTED",
    });
  });

  test("whose machine stops half way is a lost connection", async () => {
    const { machine, folder } = await host();
    const running = thrown(
      run(machine(), ["sh", "-c", "echo begun; sleep 60"], {
        onOutput: async () =>
          process.kill(-Number(await readFile(path.join(folder, "pid.web"), "utf8")), "SIGKILL") && undefined,
      }),
    );
    expect(await running).toMatchObject({ code: "ORB_CONNECTION", summary: "Connection to a machine was lost" });
  });

  test("with an error of who takes its output fails with that error", async () => {
    const { machine } = await host();
    const failing = run(machine(), ["echo", "x"], { onOutput: () => Promise.reject(new TypeError("no room")) });
    await expect(failing).rejects.toThrow(TypeError);
  });

  test("keeps what it is given and prints out of argument lists and errors", async () => {
    const { machine, calls } = await host();
    const secret = "hunter2-secret";
    const failing = run(machine(), ["sh", "-c", 'cat >&2; printf %s "$TOKEN$PATH"; exit 1'], {
      stdin: secret,
      env: { TOKEN: secret, PATH: `/usr/bin:/bin:${secret}` },
    });
    const error = await thrown(failing);
    expect(error).toMatchObject({ code: "ORB_COMMAND_FAILED", result: { stderr: secret } });
    expect(String(error) + (await calls()).join("")).not.toContain(secret);
  });

  test.each([
    [["ls"], { workdir: "etc" }],
    [["ls"], { user: "me", sudo: true }],
    [[], {}],
  ])("is refused before anything runs: %j %j", async (command, options) => {
    const { machine, calls } = await host();
    expect(await thrown(run(machine(), command, options))).toMatchObject({ code: "ORB_USAGE" });
    expect(await calls()).toEqual([""]);
  });
});

describe("fifty machines", () => {
  const names = Array.from({ length: 50 }, (_, at) => ({ name: `m${at}` }));

  test("run one command each, ten at once at most", { tags: ["slow"] }, async () => {
    const { machine } = await host();
    let most = 0;
    let now = 0;
    const results = await onEach(
      names,
      async ({ name }) => {
        now += 1;
        most = Math.max(most, now);
        const { stdout } = await run(machine(name), ["echo", name]);
        now -= 1;
        return stdout.trim();
      },
      { limit: 10 },
    );
    expect(most).toBe(10);
    expect(results).toEqual(names.map(({ name }) => ({ machine: name, status: "done", value: name })));
  });

  test("go on where one fails, unless told to stop", async () => {
    const work = async ({ name }: { readonly name: string }): Promise<string> => {
      await turn();
      if (name === "m3") throw new Error("no");
      return name;
    };
    const all = await onEach(names, work, { limit: 2 });
    expect(all.filter(({ status }) => status === "done")).toHaveLength(49);
    const fast = await onEach(names, work, { limit: 2, failFast: true });
    expect(fast.filter(({ status }) => status === "skipped").length).toBeGreaterThan(40);
    expect(fast[3]).toMatchObject({ machine: "m3", status: "failed" });
  });
});
