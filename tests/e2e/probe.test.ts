import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const STACK = `
import { defineStack, machine } from "orbform";
export default defineStack({ resources: { app: machine({ image: "debian", name: "web-1" }) } });
`;

describe("orb probe", { tags: ["slow"] }, () => {
  const project = new TestProject();
  afterAll(() => project.remove());
  beforeAll(async () => {
    project.stack("dev", STACK);
    expect((await project.orb(["apply", "dev", "--yes"])).code).toBe(0);
    await project.outside("create", "alpine", "db");
    await project.outside("create", "debian", "off");
    await project.outside("stop", "off");
    await project.outside("run", "-m", "db", "-u", "root", "-w", "/", "apk", "add", "nginx");
  });

  const probe = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await project.orb(["probe", ...args, "--json"]);
    return { code, told: stdout === "" ? {} : JSON.parse(stdout.split("\n")[0] ?? ""), stderr };
  };

  it.each([
    [
      ["ping", "machine.app", "db"],
      { ok: true, outcome: "answered", from: "web-1", host: "db.orb.local", received: 3 },
    ],
    [["ping", "db", "WEB-1", "--count", "1"], { ok: true, sent: 1 }],
    [["tcp", "web-1", "db", "22"], { ok: true, outcome: "open", tool: "nc" }],
    [["http", "web-1", "db"], { ok: true, outcome: "answered", status: 200, url: "http://db.orb.local/" }],
    [["http", "web-1", "db", "80/none"], { ok: true, status: 404 }],
    [["dns", "db", "web-1"], { ok: true, tool: "nslookup", records: [{ type: "A" }] }],
    [["dns", "web-1", "db", "--type", "AAAA"], { ok: true, tool: "getent", records: [{ type: "AAAA" }] }],
  ])("%j goes well", async (args, expected) => {
    expect(await probe(...args)).toMatchObject({ code: 0, told: expected });
  });

  it.each([
    [["tcp", "web-1", "db", "81"], { ok: false, outcome: "refused" }],
    [["http", "web-1", "http://nobody.orb.local:8080/"], { ok: false, outcome: "unresolved" }],
    [["dns", "db", "web-1", "--type", "CNAME"], { ok: false, outcome: "no record" }],
    [["dns", "db", "nobody.orb.local"], { ok: false, outcome: "no such name" }],
    [["dns", "web-1", "db", "--type", "MX"], { ok: false, outcome: "no tool", tool: null }],
  ])("%j fails as a probe, not as a connection", async (args, expected) => {
    expect(await probe(...args)).toMatchObject({ code: 1, told: expected });
  });

  it("starts no machine unless it is told to", async () => {
    const state = async () => (await project.machines()).find(({ name }) => name === "off")?.state;
    expect((await project.orb(["probe", "ping", "off", "db"])).stderr).toContain('Machine "off" is stopped');
    expect((await probe("ping", "db", "off")).told).toMatchObject({ ok: false, outcome: "unresolved" });
    expect((await project.orb(["probe", "--all"])).code).toBe(0);
    expect((await project.orb(["probe", "logs", "off"])).code).toBe(0);
    expect(await state()).toBe("stopped");
    expect((await probe("ping", "db", "off", "--start")).told).toMatchObject({ ok: true });
    expect(await state()).toBe("running");
  });

  it("tells how machines are, those of the stack where none is named", async () => {
    const { code, told } = await probe();
    expect(code).toBe(0);
    expect(told.machines).toMatchObject([
      {
        address: "machine.app",
        machine: { name: "web-1" },
        inside: { hostname: "web-1", interfaces: [{ name: "eth0" }] },
      },
    ]);
  });

  it("is an error where a machine can't be asked", async () => {
    await project.outside("config", "set", "machine.web-1.username", "nobody-here");
    const { code, stderr, stdout } = await project.orb(["probe", "tcp", "web-1", "db", "22"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/Error: .*\(ORB_/);
    expect((await probe("web-1")).told.machines[0].problem).toMatch(/./);
    await project.outside("config", "set", "machine.web-1.username", "user");
  });

  it.each([
    [["ping", "nobody", "db"]],
    [["ping", "web-1", "--", "-f"]],
    [["ping", "web-1", "$(id).x"]],
    [["ping", "web-1", "db", "--count", "0"]],
    [["logs", "web-1", "--lines", "-1"]],
    [["tcp", "web-1", "db", "0"]],
    [["tcp", "web-1", "db", "70000"]],
    [["http", "web-1", "http://user:secret@db/"]],
    [["http", "web-1", "file:///etc/passwd"]],
    [["http", "web-1", "db", "80;id"]],
    [["dns", "web-1", "db", "--type", "ANY"]],
  ])("%j is refused before anything is run", async (args) => {
    project.takeCalls();
    expect((await project.orb(["probe", ...args])).code).toBe(1);
    expect(project.takeCalls().filter((line) => line.startsWith("run"))).toEqual([]);
  });

  it("prints how to connect", async () => {
    const { told } = await probe("ssh", "machine.app");
    expect(told.command).toMatch(/^ssh -i \S+ -p 32222 -l \S+@web-1 127\.0\.0\.1$/);
  });
});
