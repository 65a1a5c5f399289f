import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";

const ESC = "\u001B";
const STACK = `
import { defineStack, machine } from "orbform";
const web = machine({ image: "alpine", power: "stopped" });
const api = machine({ image: "alpine", power: "stopped" });
export default defineStack({ resources: { web, api } });
`;
const READING = /^(status|version|list\b.*|info\b.*|config show|default)$/;

let project: TestProject;

/** A project for each test. */
function eachItsOwn(): void {
  beforeEach(() => begin());
  afterEach(() => project.remove());
}

/** One project, whose stack is applied, for tests that spoil its state or its orbctl and change nothing else. */
function oneApplied(): void {
  let [state, orbctl] = ["", ""];
  beforeAll(async () => {
    begin();
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    state = readFileSync(project.statePath("dev"), "utf8");
    orbctl = readFileSync(join(project.bin, "orbctl"), "utf8");
  });
  beforeEach(() => {
    writeFileSync(project.statePath("dev"), state);
    writeFileSync(join(project.bin, "orbctl"), orbctl);
    project.takeCalls();
  });
  afterAll(() => project.remove());
}

function begin(): void {
  project = new TestProject();
  project.stack("dev", STACK);
}

/** A clear error: exit 1, a code, no stack trace, no terminal escape, nothing changed. */
function expectClearError(ran: Ran, code: string): void {
  expect(ran, ran.stderr).toMatchObject({ code: 1, signal: null });
  expect(ran.stderr).toContain(code);
  expect(ran.stderr + ran.stdout).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(ran.stderr + ran.stdout).not.toContain(ESC);
  expect(project.takeCalls().filter((call) => !READING.test(call))).toEqual([]);
}

async function expectRefused(code: string, env: Record<string, string> = {}): Promise<void> {
  for (const args of [
    ["plan", "dev"],
    ["apply", "dev", "--yes"],
  ])
    expectClearError(await project.orb(args, env), code);
}

/** The simulator, but some calls answered by a script: `case "$*" in PATTERN) …;; esac`. */
function answering(pattern: string, script: string): void {
  const real = readFileSync(join(project.bin, "orbctl"), "utf8").split("\n").slice(1).join("\n");
  const [log = "", exec = ""] = real.trim().split("\n");
  project.script("orbctl", `${log}\ncase "$*" in ${pattern}) ${script};; esac\n${exec}`);
}

describe("an orbctl that is not as it should be", { tags: ["slow"] }, () => {
  eachItsOwn();

  it("is missing", async () => {
    await expectRefused("ORB_NO_ORBCTL", { PATH: "/nowhere" });
    const ran = await project.orb(["plan", "dev"], { PATH: "/nowhere" });
    expect(ran.stderr).toContain("--driver simulator");
  });

  it("stands before a stopped service, which is not started behind the user's back", async () => {
    answering("status", "echo Stopped; exit 1");
    await expectRefused("ORB_SERVICE_STOPPED");
  });

  it("prints names with escape sequences, which never reach the terminal", async () => {
    answering(
      "list*",
      `printf '[{"id":"01HZZZZZZZZZZZZZZZZZZZZZZZ","name":"web\\\\u001b[31m\\\\u202e","state":"stopped"},{"id":"01HZZZZZZZZZZZZZZZZZZZZZZY","name":"web","state":"stopped"}]'; exit 0`,
    );
    const ran = await project.orb(["plan", "dev"]);
    expect(ran.stderr + ran.stdout).not.toContain("\u202E");
    expectClearError(ran, "ORB_NAME_TAKEN");
  });

  it.each(["banner", "banner:stdout", "extra-keys", "missing-keys=2.0"])("is tolerated with %s", async (fault) => {
    const env = { ORBCTL_SIM_FAULTS: fault };
    expect(await project.orb(["apply", "dev", "--yes"], env)).toMatchObject({ code: 0 });
    expect(await project.orb(["plan", "dev", "--detailed-exitcode"], env)).toMatchObject({ code: 0 });
  });
});

describe("a list that is not as it should be", { tags: ["slow"] }, () => {
  oneApplied();

  it.each([
    ["null", "ORB_LIST_UNREADABLE", "echo null; exit 0"],
    ["nothing", "ORB_LIST_UNREADABLE", "exit 0"],
    ["rubbish", "ORB_LIST_UNREADABLE", "echo 'no \\033[31mjson'; exit 0"],
    ["half a JSON", "ORB_LIST_UNREADABLE", `printf '[{"id":"01A","name":"web"'; exit 0`],
    [
      "one id twice",
      "ORB_LIST_INCONSISTENT",
      `echo '[{"id":"01A","name":"a","state":"stopped"},{"id":"01A","name":"b","state":"stopped"}]'; exit 0`,
    ],
    [
      "one name twice",
      "ORB_LIST_INCONSISTENT",
      `echo '[{"id":"01A","name":"a","state":"stopped"},{"id":"01B","name":"A","state":"stopped"}]'; exit 0`,
    ],
    ["an error, with exit 1", "ORB_", "echo '[-32098] internal \\033]0;title\\007error' >&2; exit 1"],
  ])("is %s: unknown is not absent", async (_, code, script) => {
    const [state, machines] = [readFileSync(project.statePath("dev"), "utf8"), await project.machines()];
    answering("list*", script);
    await expectRefused(code);
    expect(readFileSync(project.statePath("dev"), "utf8")).toBe(state);
    expect(await project.machines()).toEqual(machines);
  });
});

describe("a stack that is not as it should be", { tags: ["slow"] }, () => {
  eachItsOwn();

  it.each([
    "",
    "docker",
    "k8s",
    "K8S",
    "none",
    "-rf",
    "--all",
    "a b",
    "a/b",
    "../a",
    "a;b",
    "$(reboot)",
    `a${ESC}[31m`,
    "ä".repeat(3),
    "x".repeat(64),
  ])("names a machine %j, which never reaches an argv", async (name) => {
    project.stack("dev", STACK.replace('{ image: "alpine"', `{ name: ${JSON.stringify(name)}, image: "alpine"`));
    await expectRefused("ORB_PROPERTY_INVALID");
  });

  it.each([
    ["a syntax error", "ORB_STACK_SYNTAX", "export default defineStack({", /dev\.ts line 1:/],
    ["no default export", "ORB_STACK_NO_EXPORT", "export const a = 1;", /dev\.ts/],
    ["a duplicate name", "ORB_DUPLICATE_NAME", STACK.replaceAll("{ image", '{ name: "same", image'), /dev\.ts line 4,/],
    [
      "a reference to what is not in the stack",
      "ORB_UNKNOWN_REFERENCE",
      STACK.replace("{ web, api }", "{ api }").replace(
        'machine({ image: "alpine", power: "stopped" });\nexport',
        "machine({ clone: web });\nexport",
      ),
      /dev\.ts line 4,/,
    ],
    ["a throw", "ORB_STACK_FAILED", `throw new Error("no \\u001b[31m luck")`, /dev\.ts line 1:/],
    ["an enum", "ORB_STACK_SYNTAX", "enum A { B }\nexport default 1;", /enum/],
  ])("has %s: a clear error with the place", async (...[, code, text, place]) => {
    project.stack("dev", text);
    expectClearError(await project.orb(["validate", "dev"]), code);
    const ran = await project.orb(["plan", "dev"]);
    expect(ran.stderr).toMatch(place);
    expectClearError(ran, code);
  });

  it("lies outside or does not exist", async () => {
    expectClearError(await project.orb(["plan", "../../etc/passwd"]), "ORB_STACK_NOT_FOUND");
    expectClearError(await project.orb(["plan", `no${ESC}[31mpe`]), "ORB_STACK_NOT_FOUND");
  });
});

describe("a state that is not as it should be", { tags: ["slow"] }, () => {
  oneApplied();

  it.each([
    ["corrupt", "ORB_STATE_CORRUPT", (text: string) => text.slice(0, text.length / 2)],
    ["empty", "ORB_STATE_CORRUPT", () => ""],
    ["newer", "ORB_STATE_NEWER", (text: string) => text.replace('"format": 1', '"format": 99')],
    [
      "foreign",
      "ORB_STATE_FOREIGN",
      () => JSON.stringify({ version: 4, terraform_version: "1.11.4", serial: 1, lineage: "x", resources: [] }),
    ],
    [
      "of another OrbStack",
      "ORB_OTHER_WORLD",
      (text: string) => text.replace(/"host": "[^"]+"/, '"host": "00000000-0000-4000-8000-000000000000"'),
    ],
  ])("is %s", async (_, code, edit) => {
    const text = edit(readFileSync(project.statePath("dev"), "utf8"));
    writeFileSync(project.statePath("dev"), text);
    const machines = await project.machines();
    await expectRefused(code);
    expect(readFileSync(project.statePath("dev"), "utf8")).toBe(text);
    expect(await project.machines()).toEqual(machines);
  });
});

describe("a folder of states that is not as it should be", { tags: ["slow"] }, () => {
  eachItsOwn();

  it.each(["read-only", "on a full disk"])("is %s: nothing is begun", async (kind) => {
    const folder = join(project.project, "state");
    mkdirSync(folder, { recursive: true });
    const mount =
      kind === "read-only"
        ? `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`
        : `mount -t tmpfs -o size=4k tmpfs ${folder} && head -c 4096 /dev/zero > ${folder}/filler`;
    const ran = await project.orbUnder(`${mount} && exec "$@"`, ["apply", "dev", "--yes"]);
    expectClearError(ran, "ORB_STATE_UNWRITABLE");
    expect(await project.machines()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
