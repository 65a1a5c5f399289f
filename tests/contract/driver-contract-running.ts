import { expect, test } from "vitest";
import { machineId } from "../../src/model/machine.ts";
import { named } from "./asks.ts";
import type { Handled } from "./driver-handled.ts";

const NOBODY = machineId("01AAAAAAAAAAAAAAAAAAAAAAAA");
const ALL = { settings: true, default: true };
const PIECE = 65_536;

async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  for (let left = count; left > 0; left -= 1) yield await Promise.resolve(new Uint8Array(PIECE).fill(left));
}

/** What the port promises of commands inside, of boot logs and of SSH. */
export function aboutRunning(world: () => Handled): void {
  test("gives a command's streams and its exit code, and hands on what it prints", async () => {
    const { driver, create, found } = world();
    await create("web");
    const heard = { stdout: "", stderr: "" };
    const result = await driver.exec({
      machine: (await found("web")).id,
      command: ["sh", "-c", "echo out; echo err >&2; exit 7"],
      onOutput: (stream, chunk) => {
        heard[stream] += Buffer.from(chunk).toString("utf8");
      },
    });

    expect(result).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
    expect(heard).toEqual({ stdout: "out\n", stderr: "err\n" });
  });

  test("gives a command its input, its user, its folder and its environment", async () => {
    const { driver, create, found } = world();
    await create("web");
    const { id: machine } = await found("web");
    const stdin = new TextEncoder().encode("a\0b\nc");
    const printed = async (request: Omit<Parameters<typeof driver.exec>[0], "machine">): Promise<string> =>
      (await driver.exec({ machine, ...request })).stdout;

    expect(await printed({ command: ["cat"], stdin })).toBe("a\0b\nc");
    expect(await printed({ command: ["whoami"], user: "root" })).toBe("root\n");
    expect(await printed({ command: ["pwd"] })).toBe("/\n");
    expect(await printed({ command: ["pwd"], workdir: "/etc" })).toBe("/etc\n");
    expect(await printed({ command: ["printenv", "GREETING"], env: { GREETING: "hi there" } })).toBe("hi there\n");
  });

  test("hands on what is printed and keeps none of it, where that is asked for", async () => {
    const { driver, create, found } = world();
    await create("web");
    let bytes = 0;
    const result = await driver.exec({
      machine: (await found("web")).id,
      command: ["cat"],
      stdin: pieces(32),
      output: "handed on",
      onOutput: (_, chunk) => {
        bytes += chunk.length;
      },
    });

    expect([bytes, result]).toEqual([32 * PIECE, { exitCode: 0, stdout: "", stderr: "" }]);
  });

  test("waits for who takes what is printed, piece by piece and before it ends", async () => {
    const { driver, create, found } = world();
    await create("web");
    const events = new Set<string>();
    let taking = 0;
    await driver.exec({
      machine: (await found("web")).id,
      command: ["cat"],
      stdin: pieces(8),
      output: "handed on",
      onOutput: async () => {
        taking += 1;
        events.add(`${taking} at once`);
        await new Promise(setImmediate);
        taking -= 1;
      },
    });

    expect([[...events], taking]).toEqual([["1 at once"], 0]);
  });

  test("rejects where what is printed can't be taken", async () => {
    const { driver, create, found } = world();
    await create("web");
    const { id: machine } = await found("web");
    const onOutput = (): Promise<void> => Promise.reject(new Error("no room"));

    await expect(driver.exec({ machine, command: ["cat"], stdin: pieces(8), onOutput })).rejects.toMatchObject({
      outcome: "unknown",
    });
  });

  test("tells its own failure from the command's", async () => {
    const { driver } = world();

    await expect(driver.exec({ machine: NOBODY, command: ["true"] })).rejects.toMatchObject({ kind: "not found" });
  });

  test("reads the boot log, by name and by id, clean; of what never booted it is empty", async () => {
    const { driver, perform, create, found } = world();
    await create("web");
    const { id } = await found("web");
    await perform({ verb: "clone", source: id, name: named("two") });
    const byName = await driver.logs({ name: named("web") });

    expect(byName).toContain("web");
    expect(byName).not.toContain("\u001b");
    expect(await driver.logs({ id })).toBe(byName);
    expect(await driver.logs({ name: named("two") })).toBe("");
  });

  test("says how to reach a machine by SSH", async () => {
    const { driver, create, found } = world();
    await create("web");
    const { id, settings } = await found("web");

    expect(await driver.connection({ id })).toMatchObject({
      host: "127.0.0.1",
      port: 32_222,
      user: `${settings.user}@web`,
    });
    await expect(driver.connection({ id: NOBODY })).rejects.toMatchObject({ code: "ORB_MACHINE_NOT_FOUND" });
  });

  test("says how to reach all that was observed with one more call", async () => {
    const { driver, takeCalls, create } = world();
    await create("web", "db");
    const { machines } = await driver.observe(ALL);
    takeCalls();
    const all = await Promise.all(machines.map((machine) => driver.connection(machine)));

    expect(takeCalls()).toEqual(["ssh"]);
    expect(all).toEqual(await Promise.all(machines.map(({ id }) => driver.connection({ id }))));
  });

  test("lets go of everything it holds", async () => {
    const { driver } = world();

    await expect(driver.close()).resolves.toBeUndefined();
  });
}
