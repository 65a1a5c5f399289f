import { describe, expect, test } from "vitest";
import type { ChildRef } from "../../../../src/driver/driver.ts";
import type { OrbctlCall, OrbctlOutput } from "../../../../src/driver/orbctl/call.ts";
import { orbctlClient } from "../../../../src/driver/orbctl/client.ts";
import { guestEnvironment } from "../../../../src/driver/orbctl/guest-environment.ts";
import { expectRunning } from "../../../../src/driver/orbctl/service.ts";

const ENDED: OrbctlOutput = { stdout: "", stderr: "", exitCode: 0, timedOut: false, aborted: false };

/** A client whose every call ends so, and the calls it made. */
function client(output: Partial<OrbctlOutput>) {
  const calls: OrbctlCall[] = [];
  return {
    calls,
    client: orbctlClient(async (call) => {
      calls.push(call);
      await call.begin?.(null);
      return { ...ENDED, ...output };
    }),
  };
}

describe("a mutating call", () => {
  test("is told of before it begins", async () => {
    const made = client({});
    const told: (ChildRef | null)[] = [];
    const begin = (child: ChildRef | null): Promise<void> => Promise.resolve(void told.push(child));
    await made.client.configList("add", { key: "machine.web.mounts", value: "/a" }, { begin });
    const paths = { machine: "web", sources: ["/a"], destination: "/var/tmp/" };
    await made.client.copy("push", paths, { begin });
    expect(told).toEqual([null, null]);
    expect(made.calls.map((call) => [call.argv.join(" "), call.timeoutMs])).toEqual([
      ["config add machine.web.mounts /a", undefined],
      ["push -m web /a /var/tmp/", undefined],
    ]);
  });

  test.each([{ exitCode: 1 }, { exitCode: null }, { timedOut: true }, { aborted: true }])(
    "that ended with %j has failed",
    async (output) => {
      const change = { argv: ["start", "A"], doing: { command: "start" } };
      await expect(client(output).client.change(change, { begin: () => Promise.resolve() })).rejects.toMatchObject({
        outcome: "unknown",
      });
    },
  );
});

describe("a reading call", () => {
  test("has a time-out", async () => {
    const made = client({ stdout: "4096\n" });
    expect(await made.client.configGet("memory_mib")).toBe("4096");
    expect(made.calls).toEqual([{ argv: ["config", "get", "memory_mib"], timeoutMs: 30_000 }]);
  });

  test("that timed out says that nothing was changed", async () => {
    const { client: late } = client({ timedOut: true, exitCode: null });
    const said = { code: "ORB_ORBCTL_TIMEOUT", detail: expect.stringContaining("Nothing was changed.") };
    await expect(late.list()).rejects.toMatchObject(said);
    await expect(late.status()).rejects.toMatchObject(said);
    await expect(late.version()).rejects.toMatchObject(said);
    await expect(late.info("web")).rejects.toMatchObject(said);
  });

  test("gives an empty log for a machine that never booted", async () => {
    const { client: quiet } = client({ exitCode: 1, stderr: "[-32098] machine 'x' has no logs of type console\n" });
    expect(await quiet.logs("x")).toBe("");
  });

  test("takes a default that fails for none", async () => {
    const { client: none } = client({ exitCode: 1, stderr: "no default machine\n" });
    expect(await none.default()).toBe("");
  });
});

describe("a service that reads as stopped", () => {
  const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };

  test.each([
    ["/Users/me", 'Start it with "orbctl start", then try again.'],
    [`/${"long".repeat(30)}`, expect.stringContaining("Use a shorter HOME")],
  ])("says what to do with HOME %s", async (home, hint) => {
    const stopped = client({ stdout: "Stopped\n", exitCode: 1 });
    const look = expectRunning({ client: stopped.client, clock, home });
    await expect(look).rejects.toMatchObject({ code: "ORB_SERVICE_STOPPED", hint });
  });
});

const SET_HOME = `export HOME="$ORBFORM_ENV_HOME"; unset ORBFORM_ENV_HOME; exec "$@"`;

describe("the environment of a command inside", () => {
  test("is copied by name, but for what the client itself lives by", () => {
    expect(guestEnvironment({ A: "1", HOME: "/root", B: "x y" }, ["run-it", "-v"])).toEqual({
      env: { A: "1", ORBFORM_ENV_HOME: "/root", B: "x y", ORBENV: "A:ORBFORM_ENV_HOME:B" },
      command: ["sh", "-c", SET_HOME, "sh", "run-it", "-v"],
    });
    expect(guestEnvironment({}, ["true"])).toEqual({ env: {}, command: ["true"] });
  });

  test.each(["", "A:B", "1A", "A=B", "A-B"])("refuses %j as a name", (name) => {
    expect(() => guestEnvironment({ [name]: "" }, ["true"])).toThrow(
      expect.objectContaining({ code: "ORB_PROPERTY_INVALID" }),
    );
  });

  test("never hides a command that is a flag", () => {
    expect(() => guestEnvironment({ HOME: "/" }, ["-i"])).toThrow(
      expect.objectContaining({ code: "ORB_NAME_REFUSED" }),
    );
  });
});
