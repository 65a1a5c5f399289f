import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";

/** What must be seen nowhere; each holds this word. */
const WORD = "hunter2";
const SECRET = `${WORD} it's "quoted"`;

/** The stack: what stands in its resources besides the machine is a test's. */
const stack = (
  resources: string,
): string => `import { command, defineStack, file, interpolate, machine, user } from "orbform";
const inputs = { "~standard": { version: 1, vendor: "none", validate: (value: unknown) => ({ value }) } };
const web = machine({ image: "debian" });
export default defineStack({
  inputs: inputs as never,
  resources: ({ inputs }: { inputs: { token: string } }) => {
    return { web, ${resources} };
  },
});
`;

const FILES = `
      conf: file({ on: web, path: "/etc/conf", content: "password=" + inputs.token + "\\n", mode: 0o600, sensitive: true }),
      built: file({ on: web, path: "/etc/built", content: interpolate\`\${web.name} \${inputs.token}\`, sensitive: true }),
      text: file({ on: web, path: "/etc/text", source: "secret.txt", sensitive: true }),
      bytes: file({ on: web, path: "/etc/bytes", source: "secret.bin", sensitive: true }),`;

const project = new TestProject();
const here = (...names: readonly string[]): string => join(project.project, ...names);
const copies = join(project.folder, "copies");
const env = { ORB_VAR_token: SECRET };
afterAll(() => project.remove());

/** An orbctl that keeps its argument lists, and what is on Orbform's disk whenever something is run in a machine. */
beforeAll(async () => {
  const real = readFileSync(join(project.bin, "orbctl"), "utf8").replace(/^#!.*\n/, "");
  const copy = `mkdir -p "${copies}"; cp -r "${project.home}" "${copies}/home.$$"; cp -r "${here("state")}" "${copies}/state.$$"`;
  mkdirSync(here("state"));
  project.script("orbctl", `if [ "$1" = run ]; then ${copy}; fi\n${real}`);
  mkdirSync(here("folder"));
  for (const name of ["secret.txt", "folder/a", "folder/b"]) writeFileSync(here(name), `${SECRET}\n`);
  writeFileSync(here("secret.bin"), BYTES);
  project.stack("dev", stack(""));
  expect(await project.orb(["apply", "dev", "--yes"], env)).toMatchObject({ code: 0 });
});

beforeEach(() => {
  rmSync(copies, { recursive: true, force: true });
  project.takeCalls();
});

/** Every file below a folder, as one text. */
function allIn(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}\n${readFileSync(path, "latin1")}`)
    .join("\n");
}

const BYTES = Buffer.concat([Buffer.from([0, 255]), Buffer.from(SECRET), Buffer.from([0])]);

/** All that sensitive files hold here: a digest of one, unsalted, lets everybody try guesses. */
const CONTENTS = [`password=${SECRET}\n`, `web ${SECRET}`, `${SECRET}\n`, `other ${WORD}\n`, BYTES];

const FORMS = [
  WORD,
  Buffer.from(WORD).toString("hex"),
  ...[0, 1, 2].map(inBase64),
  ...CONTENTS.flatMap((each) => [hash("sha256", each, "hex"), hash("sha256", each, "base64")]),
];

/** The part of a word in Base64 that does not hang on what stands before and after it. */
function inBase64(before: number): string {
  return Buffer.from(`${" ".repeat(before)}${WORD}`)
    .toString("base64")
    .slice(Math.ceil((before * 4) / 3), -3);
}

/** Nowhere: in no argument list, in nothing that was said, in no file of Orbform's, then or now. */
function expectUnseen(...ran: readonly Ran[]): void {
  const places = {
    "argument lists": project.takeCalls().join("\n"),
    "what was said": ran.map(({ stdout, stderr }) => stdout + stderr).join("\n"),
    "files of Orbform's": allIn(here("state")) + allIn(project.home),
    "files of Orbform's while it ran": allIn(copies),
  };
  expect(places["argument lists"]).toMatch(/^run /m);
  expect(places["files of Orbform's while it ran"]).not.toBe("");
  for (const [place, text] of Object.entries(places)) {
    expect(
      FORMS.filter((form) => text.includes(form)),
      `${place}: ${text.slice(Math.max(0, text.indexOf(WORD) - 300)).slice(0, 600)}`,
    ).toEqual([]);
  }
}

const orb = (...args: readonly string[]): Promise<Ran> => project.orb(args, env);

/** Runs Orbform with something on its standard input. */
function given(input: string, ...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [TestProject.ORBFORM, ...args], { cwd: here(), env: project.env });
  const out: { stdout: string; stderr: string } = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (out.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (out.stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ ...out, code, signal })));
}

async function inside(script: string): Promise<string> {
  return (await project.outside("run", "-m", "web", "-u", "root", "-w", "/", "sh", "-c", script)).stdout;
}

describe("a secret on standard input", { tags: ["slow"] }, () => {
  test.each([[[]], [["--json"]]])("reaches the command and nothing else: %j", async (flags) => {
    const ran = await given(SECRET, "on", "web", "--stdin", "--sudo", ...flags, "sh", "-c", "cat >/etc/got; exit 3");
    expect(ran.code).toBe(3);
    expect(await inside("cat /etc/got")).toBe(SECRET);
    expectUnseen(ran);
  });

  test("that the command prints back as it fails is its output, and no error of ours", async () => {
    const ran = await given(SECRET, "on", "web", "--stdin", "--json", "sh", "-c", "cat >&2; exit 3");
    const lines = ran.stdout.trimEnd().split("\n");
    const output = lines.filter((line) => JSON.parse(line).type === "command_output");
    expect(output.map((line) => JSON.parse(line).text.trim())).toEqual([SECRET]);
    expectUnseen({ ...ran, stdout: lines.filter((line) => !output.includes(line)).join("\n") });
  });

  test("of a machine that can't be reached is in no error", async () => {
    await project.outside("config", "set", "machine.web.username", "nobody-here");
    const ran = await given(SECRET, "on", "web", "--stdin", "cat");
    await project.outside("config", "set", "machine.web.username", "user");
    expect(ran).toMatchObject({ code: 255, stdout: "" });
    expectUnseen(ran);
  });
});

describe("a secret in a variable", { tags: ["slow"] }, () => {
  test("reaches the command and nothing else", async () => {
    const script = 'printf %s "$ORB_VAR_token" >/var/tmp/got; exit 3';
    const ran = await orb("on", "web", "--pass-env", "ORB_VAR_token", "sh", "-c", script);
    expect(ran.code).toBe(3);
    expect(await inside("cat /var/tmp/got")).toBe(SECRET);
    expectUnseen(ran);
  });
});

describe("a secret in a file that is copied", { tags: ["slow"] }, () => {
  test.each([[[]], [["--json"]]])("goes in and out and is seen nowhere: %j", async (flags) => {
    const put = await orb("copy", ...flags, "secret.txt", "folder", "web:/srv/in/");
    const got = await orb("copy", ...flags, "web:/srv/in", "./out/");
    expect([put.code, got.code]).toEqual([0, 0]);
    expect(readFileSync(here("out/in/folder/a"), "utf8")).toBe(`${SECRET}\n`);
    rmSync(here("out"), { recursive: true });
    expectUnseen(put, got);
  });

  test("and can't be put in place is in no error", async () => {
    await inside("mkdir -p /srv/stands/secret.txt /srv/stands/folder/a");
    const file = await orb("copy", "secret.txt", "web:/srv/stands/");
    const folder = await orb("copy", "folder", "web:/srv/stands/", "--json");
    expect([file.code, file.stderr, folder.code]).toEqual([1, expect.stringContaining("ORB_FILE_EXISTS"), 1]);
    expectUnseen(file, folder);
  });
});

describe("a sensitive file of the stack", { tags: ["slow"] }, () => {
  const LOOKS = [
    ["plan", "dev"],
    ["plan", "dev", "--json"],
    ["plan", "dev", "--format", "json"],
    ["drift", "dev"],
  ];
  const LATER = [
    ["drift", "dev", "--json"],
    ["show", "dev"],
    ["show", "dev", "--json"],
    ["state", "show", "file.conf"],
  ];

  async function looks(calls: readonly (readonly string[])[]): Promise<readonly Ran[]> {
    const ran: Ran[] = [];
    for (const each of calls) ran.push(await orb(...each));
    return ran;
  }

  test("is planned, written, changed by hand, written again and taken away, and seen nowhere", async () => {
    project.stack("dev", stack(FILES));
    const planned = await looks(LOOKS);
    const applied = await orb("apply", "dev", "--yes", "--json");
    expect(applied.code, applied.stdout).toBe(0);
    expect(await inside("cat /etc/conf /etc/built /etc/text")).toBe(`password=${SECRET}\nweb ${SECRET}${SECRET}\n`);
    expect(readdirSync(copies, { recursive: true, encoding: "utf8" }).join("\n")).toMatch(/\.journal$/m);
    expectUnseen(...planned, applied);
    await inside(`for each in conf built text bytes; do echo other ${WORD} > /etc/$each; done`);
    const drifted = await looks([...LOOKS, ...LATER]);
    expect(drifted[0]?.stdout).toContain("# file.conf has changed");
    const again = await orb("apply", "dev", "--yes");
    expect(again.code, again.stderr).toBe(0);
    expectUnseen(...drifted, again);
    project.stack("dev", stack(""));
    const gone = [await orb("plan", "dev"), await orb("apply", "dev", "--yes")];
    expect(await inside("ls /etc/conf /etc/bytes 2>/dev/null")).toBe("");
    expectUnseen(...gone);
  });

  test("that can't be written is in no error", async () => {
    const conf = `conf: file({ on: web, path: "/nowhere/conf", content: inputs.token, sensitive: true }),`;
    project.stack("dev", stack(conf));
    const ran = await orb("apply", "dev", "--yes");
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("The folder it is to be in is not there")]);
    expectUnseen(ran);
  });

  test.each([
    ["a command", `run: "cat /etc/conf; cat /etc/conf >&2; exit 3"`],
    ["a command's condition", `run: "cat /etc/conf; exit 3", unless: "cat /etc/conf; exit 1"`],
  ])("that %s prints as it fails is in no error, and the error says why", async (_, how) => {
    const conf = `conf: file({ on: web, path: "/etc/conf", content: inputs.token + "\\n", sensitive: true }),`;
    project.stack("dev", stack(conf));
    expect(await orb("apply", "dev", "--yes")).toMatchObject({ code: 0 });
    project.stack("dev", stack(`${conf} fails: command({ on: web, ${how} }),`));
    const human = await orb("apply", "dev", "--yes");
    const json = await orb("apply", "dev", "--yes", "--json");
    expect([human.code, json.code]).toEqual([1, 1]);
    expect(human.stderr).toContain("It ended with exit code 3. What it printed is not shown");
    expectUnseen(human, json);
  });
});

test("a private key in the place of a public one is in no error", { tags: ["slow"] }, async () => {
  project.stack("dev", stack(`ada: user({ on: web, name: "bob", authorizedKeys: ["-----BEGIN\\n" + inputs.token] }),`));
  const ran = await orb("apply", "dev", "--yes");
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("it may be a private key")]);
  await orb("on", "web", "true");
  expectUnseen(ran);
});

describe("what is no secret", { tags: ["slow"] }, () => {
  test("stands in a plan, and yet in no argument list, state or journal: a plain file", async () => {
    project.stack("dev", stack(`plain: file({ on: web, path: "/etc/plain", content: inputs.token }),`));
    const planned = await orb("plan", "dev");
    expect(planned.stdout).toContain(WORD);
    const applied = await orb("apply", "dev", "--yes");
    expect(applied.code, applied.stderr).toBe(0);
    expectUnseen();
  });

  test("goes in on standard input all the same: a user's keys", async () => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH ada@mac";
    project.stack("dev", stack(`ada: user({ on: web, name: "ada", authorizedKeys: ["${key}"] }),`));
    expect(await orb("apply", "dev", "--yes")).toMatchObject({ code: 0 });
    expect(await inside("cat /home/ada/.ssh/authorized_keys")).toBe(`${key}\n`);
    expect(project.takeCalls().join("\n")).not.toContain("AAAAC3");
  });
});
