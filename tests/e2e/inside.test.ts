import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";

const STACK = `import { defineStack, machine } from "orbform";
const web = machine({ image: "debian:bookworm", name: "web-1", labels: { team: "web" }, groups: ["front"] });
const two = machine({ image: "debian:bookworm", name: "web-2", labels: { team: "web" }, groups: ["front", "spare"] });
const db = machine({ image: "debian:bookworm", labels: { team: "data" }, power: "stopped" });
export default defineStack({ resources: { web, two, db } });
`;

describe("inside machines", { tags: ["slow"] }, () => {
  const project = new TestProject();
  const here = (...names: readonly string[]): string => join(project.project, ...names);
  const on = (...words: readonly string[]): Promise<Ran> => project.orb(["on", ...words]);

  beforeAll(async () => {
    project.stack("dev", STACK);
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    await project.outside("create", "debian", "web-9");
  });
  afterAll(() => project.remove());

  test.each([
    ["machine.web", ["web-1"]],
    ["web-9", ["web-9"]],
    ["WEB-9", ["web-9"]],
    ["web-*", ["web-1", "web-2"]],
    ["machine.*,!", []],
    ["team=web", ["web-1", "web-2"]],
    ["@spare,web-1", ["web-2", "web-1"]],
    ["front", ["web-1", "web-2"]],
    ["web-1,machine.web", ["web-1"]],
    ["nope", []],
    ["team=nobody", []],
  ])("%s means %j", async (selector, names) => {
    const { stdout, stderr, code } = await on(selector, "hostname");
    const said = names.length > 1 ? names.map((name) => `${name} | ${name}`) : names;
    expect(new Set(stdout.split("\n").filter(Boolean)), stderr).toEqual(new Set(said));
    expect(code).toBe(names.length === 0 ? 255 : 0);
  });

  test("a command's streams and exit code are ours", async () => {
    const script = String.raw`printf 'out\000'; printf err >&2; exit 7`;
    expect(await on("web-1", "sh", "-c", script)).toEqual({ stdout: "out\0", stderr: "err", code: 7, signal: null });
  });

  test("a command's own flags are its own", async () => {
    const ran = await on("web-1", "--workdir", "/etc", "printf", "<%s>", "--json", "-h", "--", "--user");
    expect(ran).toMatchObject({ stdout: "<--json><-h><--><--user>", code: 0 });
    expect((await on("web-1", "--sudo", "--", "whoami")).stdout).toBe("root\n");
  });

  test("a command that fails is told from a machine that can't be reached", async () => {
    expect(await on("web-1", "false")).toMatchObject({ code: 1, stderr: "" });
    const stopped = await on("db", "true");
    expect([stopped.code, stopped.stderr]).toEqual([255, expect.stringContaining("ORB_CONNECTION")]);
    const several = await on("web-1,db,web-2", "sh", "-c", "[ $(hostname) = web-1 ]");
    expect(several.code).toBe(255);
    expect(several.stderr).toContain("web-2: failed with exit code 1\n");
    expect(several.stderr).toContain("3 machines: 1 succeeded, 1 failed, 1 unreachable.\n");
    expect((await on("team=web", "sh", "-c", "[ $(hostname) = web-1 ]")).code).toBe(1);
  });

  test("time that is up, variables by name, and input", async () => {
    expect((await on("web-1", "--timeout", "1s", "sleep", "30")).code).toBe(124);
    const secret = "hunter2-secret";
    const ran = await project.orb(["on", "web-1", "--pass-env", "TOKEN", "printenv", "TOKEN"], { TOKEN: secret });
    expect(ran).toMatchObject({ stdout: `${secret}\n`, code: 0 });
    expect(project.takeCalls().join("\n")).not.toContain(secret);
  });

  test("JSON lines tell of each machine and end with a summary", async () => {
    const { stdout, code } = await on("--json", "team=web", "sh", "-c", "echo a; [ $(hostname) = web-1 ]");
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect([lines[0]?.["type"], lines.at(-1)]).toEqual([
      "version",
      expect.objectContaining({ type: "machines_summary", operation: "on", succeeded: 1, failed: 1 }),
    ]);
    expect(lines.filter(({ type }) => type === "machine_complete")).toHaveLength(2);
    expect(lines.find(({ type }) => type === "command_output")).toMatchObject({ stream: "stdout", text: "a\n" });
    expect(code).toBe(1);
  });

  test.each([[[]], [["web-1"]], [["web-1", "--nope", "true"]], [["--user", "a", "--sudo", "web-1", "true"]]])(
    "%j is not written right, and nothing is run",
    async (words) => {
      project.takeCalls();
      const ran = await on(...words);
      expect([ran.code, ran.stderr]).toEqual([255, expect.stringContaining("ORB_USAGE")]);
      expect(project.takeCalls().filter((call) => call.startsWith("run"))).toEqual([]);
    },
  );

  test("files go into machines and come out of each into a folder of its own", async () => {
    mkdirSync(here("site", "sub dir"), { recursive: true });
    writeFileSync(here("site", "a:b"), "one");
    writeFileSync(here("site", "sub dir", "it's"), Buffer.from([0, 255, 10]));
    const put = await project.orb(["copy", "site", "./site/a:b", "team=web:/root/in/", "--mode", "600"]);
    expect(put, put.stderr).toMatchObject({ code: 0, stdout: "" });
    expect(put.stderr).toContain("web-1: /root/in/site/a:b\n");
    const got = await project.orb(["copy", "team=web:/root/in", "out/"]);
    expect(got, got.stderr).toMatchObject({ code: 0 });
    for (const name of ["web-1", "web-2"]) {
      expect(readdirSync(here("out", name, "in"))).toEqual(["a:b", "site"]);
      expect([...readFileSync(here("out", name, "in/site/sub dir/it's"))]).toEqual([0, 255, 10]);
    }
  });

  test("a copy that fails on one machine is done on the others", async () => {
    writeFileSync(here("f"), "x");
    await on("--sudo", "web-2", "mkdir", "/srv/f");
    const ran = await project.orb(["copy", "f", "team=web:/srv/f"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_FILE_EXISTS")]);
    expect(ran.stderr).toContain("web-1: /srv/f\n");
    expect(ran.stderr).not.toContain("web-2: /srv/f\n");
    expect((await on("--sudo", "web-1", "cat", "/srv/f")).stdout).toBe("x");
  });

  test.each([
    ["f"],
    ["f g"],
    ["web-1:/a web-2:/b"],
    ["f f web-1:/a"],
    ["f web-1:a"],
    ["nope web-1:/a"],
    ["f web-1:/a --mode 9"],
    [" web-1:/tmp/"],
    ["f  web-1:/tmp/"],
    ["web-1:/etc/hostname "],
  ])("copy %s is refused", async (line) => {
    const ran = await project.orb(["copy", ...line.split(" ")]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_USAGE")]);
  });

  test("a copy of what is not there says that", async () => {
    const { stderr } = await project.orb(["copy", "nope", "web-1:/tmp/"]);
    expect(stderr).toContain("Error: What is to be copied is not there (ORB_USAGE)");
  });

  test("a stopped machine is started where that is asked for", async () => {
    expect(await on("db", "--start", "hostname")).toMatchObject({ stdout: "db\n", code: 0 });
  });
});

/** Where no one stack is meant: beside another one, and in a project without any. */
describe("a machine that is written wrong", { tags: ["slow"] }, () => {
  const project = new TestProject();
  beforeAll(async () => {
    await project.outside("create", "debian", "web-1");
    writeFileSync(join(project.project, "f"), "x");
  });
  afterAll(() => project.remove());

  const calls = (machine: string): readonly (readonly string[])[] => [
    ["on", machine, "ls"],
    ["copy", "f", `${machine}:/etc/`],
    ["probe", machine],
  ];

  test("is told of as that where there is no stack, with the machines that there are", async () => {
    for (const words of calls("nomachine")) {
      const { stderr } = await project.orb(words);
      expect(stderr, words.join(" ")).toContain("ORB_MACHINE_NOT_FOUND");
      expect(stderr, words.join(" ")).toContain("There are: web-1.");
    }
    expect((await project.orb(["on", "machine.web", "ls"])).stderr).toContain("ORB_MACHINE_NOT_FOUND");
    const backup = await project.orb(["backup", "create", "machine.db", "--dir", "backups"]);
    expect([backup.code, backup.stderr]).toEqual([1, expect.stringContaining("ORB_ADDRESS_UNKNOWN")]);
  });

  test("is told of as that where there are several stacks; what needs one's state says how it is named", async () => {
    for (const name of ["dev", "live"]) project.stack(name, STACK);
    for (const words of calls("nomachine"))
      expect((await project.orb(words)).stderr, words.join(" ")).toContain("There are: web-1.");
    expect((await project.orb(["on", "wbe-1", "ls"])).stderr).toContain("Did you mean web-1?");
    const needing = [...calls("machine.web").slice(0, 2), ["on", "team=web", "ls"]];
    for (const words of [...needing, ["backup", "create", "machine.db", "--dir", "backups"]]) {
      const { stderr } = await project.orb(words);
      expect(stderr, words.join(" ")).toContain("ORB_STACK_AMBIGUOUS");
      expect(stderr, words.join(" ")).toContain("--stack dev");
    }
    expect((await project.orb(["on", "nomachine", "ls", "--stack", "nope"])).code).toBe(255);
    const misnamed = await project.orb(["on", "--stack", "nope", "nomachine", "ls"]);
    expect(misnamed.stderr).toContain("ORB_STACK_NOT_FOUND");
  });
});
