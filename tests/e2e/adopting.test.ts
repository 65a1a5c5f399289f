import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const stackOf = (resources: string): string => `import { component, defineStack, machine } from "orbform";
const small = (more: object = {}) => machine({ image: "alpine", power: "stopped", ...more });
const tier = (resources: Parameters<typeof component>[0]["resources"]) => component({ resources });
export default defineStack({ resources: ${resources} });
`;

describe("adopting what is in state already", { tags: ["slow"] }, () => {
  it("says so once, and claims nothing", async () => {
    const project = new TestProject();
    project.stack("dev", stackOf("{ web: small() }"));
    expect(await project.orb(["apply", "--yes"])).toMatchObject({ code: 0 });
    for (const words of [["--all"], ["machine.web", "web"]]) {
      const ran = await project.orb(["adopt", ...words]);
      expect([ran.code, ran.stdout, ran.stderr.match(/Nothing to adopt/g)?.length]).toEqual([0, "", 1]);
    }
    project.remove();
  });
});

describe("a key that is renamed", { tags: ["slow"] }, () => {
  let project: TestProject;
  beforeAll(async () => {
    project = new TestProject();
    project.stack("dev", stackOf('{ web: small({ name: "one" }), db: small() }'));
    expect(await project.orb(["apply", "--yes"])).toMatchObject({ code: 0 });
  });
  afterAll(() => project.remove());

  const ids = async () => (await project.machines()).map(({ id }) => id).toSorted();
  const idAt = (address: string) => project.state("dev")?.resources[address]?.["id"];

  it("is told with both ways to keep the machine, and the one by hand leaves nothing to do", async () => {
    const before = [await ids(), idAt("machine.web")];
    project.stack("dev", stackOf('{ front: small({ name: "one" }), db: small() }'));
    const planned = await project.orb(["plan", "dev"]);
    expect(planned.stderr).toContain("Looks moved, not deleted and made anew (ORB_LOOKS_MOVED)");
    const [, command = ""] = /run: orb (state mv \S+ \S+)/.exec(planned.stderr.replaceAll("\n", " ")) ?? [];
    expect(command).toBe("state mv machine.web machine.front");
    expect(await project.orb(command.split(" "))).toMatchObject({ code: 0 });
    const after = await project.orb(["plan", "dev", "--detailed-exitcode"]);
    expect(after, after.stdout).toMatchObject({ code: 0, stderr: "" });
    expect([await ids(), idAt("machine.front")]).toEqual(before);
  });

  it("is followed by an alias, and by a chain of them, into a component too", async () => {
    const before = [await ids(), idAt("machine.front")];
    const chain = 'aliases: ["machine.web", "machine.front", "machine.elsewhere"]';
    project.stack(
      "dev",
      stackOf(`{ db: small(), edge: tier({ gate: small({ name: "one", lifecycle: { ${chain} } }) }) }`),
    );
    const planned = await project.orb(["plan", "dev"]);
    expect(planned.stdout).toContain("edge/machine.gate has moved from machine.front");
    expect(planned.stdout).toContain("0 to add, 0 to change, 0 to destroy");
    expect(planned.stderr).toBe("");
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    expect([await ids(), idAt("edge/machine.gate")]).toEqual(before);
    project.stack("dev", stackOf('{ db: small(), edge: tier({ gate: small({ name: "one" }) }) }'));
    expect(await project.orb(["plan", "dev", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });

  it("that is taken out while it is retained is forgotten, and its machine stays", async () => {
    const before = await ids();
    const kept = 'small({ name: "one", lifecycle: { retain: true } })';
    project.stack("dev", stackOf(`{ db: small(), edge: tier({ gate: ${kept} }) }`));
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    project.stack("dev", stackOf("{ db: small() }"));
    const applied = await project.orb(["apply", "dev", "--yes"]);
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain(
      "edge/machine.gate will no longer be managed by Orbform, but will not be destroyed",
    );
    expect([await ids(), idAt("edge/machine.gate")]).toEqual([before, undefined]);
  });
});

describe("two stacks", { tags: ["slow"] }, () => {
  it("are told apart in the command that was typed, and in the one that comes next", async () => {
    const project = new TestProject();
    for (const name of ["dev", "found"]) project.stack(name, stackOf(`{ a: small({ name: "${name}-a" }) }`));
    const adopt = await project.orb(["adopt", "machine.a", "a"]);
    expect([adopt.code, adopt.stderr]).toEqual([
      1,
      expect.stringContaining("Name one of them: orb adopt --stack dev machine.a a\n"),
    ]);
    const restore = await project.orb(["state", "restore", "1"]);
    expect(restore.stderr).toContain("Name one of them: orb state restore --stack dev 1\n");
    const apply = await project.orb(["apply", "--driver=simulator", "--yes"]);
    expect(apply.stderr).toContain("Name one of them: orb apply dev --driver=simulator --yes\n");

    const simulated = ["--driver", "simulator"];
    expect(await project.orb(["apply", "found", "--yes", ...simulated])).toMatchObject({ code: 0 });
    project.stack("found", stackOf("{}"));
    expect(await project.orb(["apply", "found", "--yes", ...simulated])).toMatchObject({ code: 0 });
    const done = await project.orb(["state", "restore", "1", "--stack", "found", "--yes", ...simulated]);
    expect(done.stdout).toBe("Snapshot 1 is the state again, as serial 3. See: orb plan found --driver simulator\n");
    project.remove();
  });
});

describe("the history of a state", { tags: ["slow"] }, () => {
  let project: TestProject;
  beforeAll(async () => {
    project = new TestProject();
    project.stack("dev", stackOf("{ a: small(), b: small() }"));
    await project.orb(["apply", "--yes"]);
    project.stack("dev", stackOf('{ a: small(), c: small({ name: "sea", cpus: 2 }) }'));
    expect(await project.orb(["apply", "--yes"])).toMatchObject({ code: 0 });
  });
  afterAll(() => project.remove());

  it("says what was applied when, by whom, and what it changed", async () => {
    const { stdout, code, stderr } = await project.orb(["history"]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(lines.map(([serial, , , ...rest]) => [serial, ...rest])).toEqual([
      ["serial", "operation", "resources", "changes"],
      ["2", "apply", "2", "+machine.c -machine.b"],
      ["1", "apply", "2", "+machine.a +machine.b"],
    ]);
    expect(lines[1]?.[1]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    expect(lines[1]?.[2]).toMatch(/^\S+@\S+$/);
  });

  it("says it to programs, and what is in one and what one changed to both", async () => {
    const { history } = JSON.parse((await project.orb(["history", "dev", "--json"])).stdout);
    expect(history[0]).toMatchObject({ serial: 2, added: ["machine.c"], removed: ["machine.b"], changed: [] });
    expect(history[0].plan_digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await project.orb(["history", "1"])).stdout).toContain('machine "b" {');
    const diff = await project.orb(["history", "dev", "2", "--diff"]);
    expect(diff.stdout).toMatch(/^# machine\.b\n- \{/);
    expect(await project.orb(["history", "9"])).toMatchObject({ code: 1, stdout: "" });
  });

  it("has each snapshot put back once that is agreed to; no machine is touched", async () => {
    const machines = await project.machines();
    const asked = await project.orb(["state", "restore", "1"]);
    expect(asked).toMatchObject({ code: 1, stdout: "" });
    expect(asked.stderr).toMatch(/No longer managed; nothing is done to it:\n {2}machine\.c \(sea\)/);
    expect(asked.stderr).toMatch(
      /the next apply makes what is gone by now, and deletes what the stack does not have:\n {2}machine\.b \(b\)/,
    );
    expect(asked.stderr).toContain("ORB_NOT_APPROVED");
    expect(asked.stderr).toContain("Add --yes to approve that it is put back as it is shown.");
    expect(project.state("dev")?.serial).toBe(2);

    const done = await project.orb(["state", "restore", "1", "--yes", "--json"]);
    expect(JSON.parse(done.stdout)).toEqual({
      format_version: "1.0",
      serial: 3,
      restored: 1,
      operation: "restore",
      moved: [],
      no_longer_managed: ["machine.c"],
      managed_again: ["machine.b"],
      another_machine: [],
      as_it_was: [],
    });
    expect(Object.keys(project.state("dev")?.resources ?? {})).toEqual(["machine.a", "machine.b"]);
    expect(await project.machines()).toEqual(machines);
    project.stack("dev", stackOf("{ a: small(), b: small() }"));
    const planned = await project.orb(["plan"]);
    expect(planned.stdout).toContain("Plan: 1 to add, 0 to change, 0 to destroy.");
    expect((await project.orb(["history"])).stdout).toMatch(/\n3 .* state restore .* \+machine\.b -machine\.c\n/);
  });
});
