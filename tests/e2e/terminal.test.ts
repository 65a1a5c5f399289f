import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";
import { Terminal } from "../support/terminal.ts";

const STACK = `
import { defineStack, machine } from "orbform";
const web = machine({ image: "alpine", power: "stopped" });
const api = machine({ clone: web });
export default defineStack({ resources: { web, api } });
`;
const QUESTION = "Enter a value:";
const [CTRL_C, CTRL_D, ESC] = ["\u0003", "\u0004", "\u001B"];
const SLOW = { ORBCTL_SIM_LATENCY: "0.1" };

let project: TestProject;
let open: Terminal[];
beforeEach(() => {
  open = [];
  project = new TestProject();
  project.stack("dev", STACK);
});
afterEach(() => {
  for (const each of open) each.close();
  project.remove();
});

function terminal(args: readonly string[], env: Record<string, string> = {}): Terminal {
  const { ORBFORM } = TestProject;
  const opened = new Terminal([process.execPath, ORBFORM, ...args], project.project, { ...project.env, ...env });
  open.push(opened);
  return opened;
}

describe("the question before an apply", { tags: ["slow"] }, () => {
  it("goes on after yes", async () => {
    const shown = terminal(["apply", "dev"]);
    await shown.until(QUESTION);
    expect(await project.machines()).toEqual([]);
    shown.type("yes\r");
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.text()).toContain("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.");
    expect((await project.machines()).map((each) => each.name)).toEqual(["api", "web"]);
  });

  it.each([
    ["no", "no\r"],
    ["y, which is not yes", "y\r"],
    ["an empty line", "\r"],
    ["the end of input", CTRL_D],
  ])("does nothing after %s", async (_, keys) => {
    const shown = terminal(["apply", "dev"]);
    await shown.until(QUESTION);
    shown.type(keys);
    expect(await shown.ended).toMatchObject({ exitCode: 1 });
    expect(shown.text()).toContain("ORB_NOT_APPROVED");
    expect(await project.machines()).toEqual([]);
  });

  it("is named in what is said of a destroy that nobody wanted", async () => {
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    const shown = terminal(["destroy", "dev"]);
    await shown.until(QUESTION);
    shown.type("no\r");
    expect(await shown.ended).toMatchObject({ exitCode: 1 });
    expect(shown.text()).toContain("Destroy was not approved (ORB_NOT_APPROVED)");
    expect(shown.text()).toContain("Run `orb destroy dev` again and answer `yes`");
  });

  it("is left with 130 by Ctrl-C, and nothing was done", async () => {
    const shown = terminal(["apply", "dev"]);
    await shown.until(QUESTION);
    shown.type(CTRL_C);
    expect(await shown.ended).toMatchObject({ exitCode: 130 });
    expect(shown.text()).toContain("ORB_INTERRUPTED");
    expect(await project.machines()).toEqual([]);
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
  });

  it("is not asked where --input=false forbids it", async () => {
    const shown = terminal(["apply", "dev", "--input=false"]);
    expect(await shown.ended).toMatchObject({ exitCode: 1 });
    expect(shown.text()).toContain("--yes");
    expect(shown.text()).not.toContain(QUESTION);
  });

  it("is another one before a destroy", async () => {
    await project.orb(["apply", "dev", "--yes"]);
    const shown = terminal(["destroy", "dev"]);
    await shown.until(QUESTION);
    expect(shown.text()).toContain("There is no undo.");
    shown.type("yes\r");
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.text()).toContain("Destroy complete! Resources: 2 destroyed.");
    expect(await project.machines()).toEqual([]);
  });
});

describe("progress", { tags: ["slow"] }, () => {
  it("is redrawn in place on a terminal: what runs, what waits, how long it may take", async () => {
    const shown = terminal(["apply", "dev", "--yes"], SLOW);
    await shown.until(/machine\.web: creating .*\n.*\d of \d+ done, 1 running, \d waiting; about \d+s left/);
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.text()).not.toMatch(/ running, \d+ waiting/);
    expect(shown.text()).toMatch(/machine\.web: Creating\.\.\.\nmachine\.web: Creation complete after \d+s \[id=/);
    expect(shown.raw.endsWith(`${ESC}[?25h`) || !shown.raw.includes(`${ESC}[?25l`)).toBe(true);
  });

  it.each([
    ["CI", { CI: "true" }],
    ["a dumb terminal", { TERM: "dumb" }],
    ["a terminal that the log goes to", { ORBFORM_LOG: "info" }],
  ])("is plain lines in %s", async (_, env) => {
    const shown = terminal(["apply", "dev", "--yes"], env);
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.raw).not.toMatch(/ running, \d+ waiting/);
    expect(shown.raw).not.toContain(`${ESC}[?25l`);
  });

  it("is waited for after the first Ctrl-C, which exits 130; the next apply goes on", async () => {
    const shown = terminal(["apply", "dev", "--yes"], SLOW);
    await shown.until("machine.web: Creating...");
    shown.type(CTRL_C);
    expect(await shown.ended).toMatchObject({ exitCode: 130 });
    expect(shown.text()).toContain("Interrupt received.");
    expect(shown.text()).toContain("Apply interrupted.");
    expect((await project.machines()).map((each) => each.name)).toEqual(["web"]);
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    expect((await project.machines()).map((each) => each.name)).toEqual(["api", "web"]);
  });
});

describe("colour", { tags: ["slow"] }, () => {
  it.each([
    ["a terminal", [], {}, true],
    ["a terminal with NO_COLOR", [], { NO_COLOR: "1" }, false],
    ["a terminal with an empty NO_COLOR", [], { NO_COLOR: "" }, true],
    ["a terminal with --no-color", ["--no-color"], { FORCE_COLOR: "1" }, false],
    ["a dumb terminal", [], { TERM: "dumb" }, false],
    ["a dumb terminal with FORCE_COLOR", [], { TERM: "dumb", FORCE_COLOR: "1" }, true],
    ["CI on a terminal", [], { CI: "true" }, true],
  ])("on %s with %j and %j: %j", async (...[, flags, env, coloured]) => {
    const shown = terminal(["plan", "dev", ...flags], env);
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.raw.includes(`${ESC}[32m`)).toBe(coloured);
  });

  it("is not in a pipe unless FORCE_COLOR asks for it", async () => {
    expect((await project.orb(["plan", "dev"])).stdout).not.toContain(ESC);
    expect((await project.orb(["plan", "dev"], { FORCE_COLOR: "1" })).stdout).toContain(`${ESC}[32m`);
    expect((await project.orb(["plan", "dev", "--json"], { FORCE_COLOR: "1" })).stdout).not.toContain(ESC);
  });
});

describe("OrbStack's own orb, called through ours", { tags: ["slow"] }, () => {
  const OURS = TestProject.ORBFORM.replace("orbform.js", "orb.js");
  const through = (script: string, node: readonly string[] = []) => {
    project.script("orb", script);
    const opened = new Terminal([process.execPath, ...node, OURS, "shell"], project.project, project.env);
    open.push(opened);
    return opened;
  };
  const without = ["--import", "data:text/javascript,process.execve=undefined"];

  it.each([
    ["replacing us", []],
    ["beside us", without],
  ])("has the terminal, its size and its keys, %s", async (_, node) => {
    const shown = through(
      `[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "tty $(stty size)"; read -r line; echo "got $line"`,
      node,
    );
    await shown.until("tty 40 120");
    shown.type("hello\r");
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.text()).toContain("got hello");
  });

  it.each([
    ["replacing us", []],
    ["beside us", without],
  ])("gets Ctrl-C once and decides how to end, %s", async (_, node) => {
    const shown = through(`trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.05; done`, node);
    await shown.until("ready");
    shown.type(CTRL_C);
    expect(await shown.ended).toMatchObject({ exitCode: 9 });
    expect(shown.text().match(/^.*caught$/gm)).toHaveLength(1);
  });
});
