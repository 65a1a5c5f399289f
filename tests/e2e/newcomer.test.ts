import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
});
afterEach(() => project.remove());

/** Runs a line as a shell without OrbStack would, with something on standard input. */
function run(args: readonly string[], input = "") {
  const env = { ...project.env, PATH: "/usr/bin:/bin" };
  const ran = spawnSync(process.execPath, [TestProject.ORBFORM, ...args], {
    cwd: project.project,
    env,
    input,
    encoding: "utf8",
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

it("goes from an empty folder over a rename to nothing left, with no OrbStack about", { tags: ["slow"] }, () => {
  rmSync(project.project, { recursive: true });
  const began = spawnSync("mkdir", ["-p", project.project]);
  expect(began.status).toBe(0);
  expect(run(["init"])).toMatchObject({ code: 0, err: "" });
  const plan = run(["plan"]);
  expect(plan.code).toBe(1);
  expect(plan.err).toContain("--driver simulator");
  const driver = ["--driver", "simulator"];
  expect(run(["apply", "--yes", ...driver]).out).toContain(
    "Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
  );
  const stack = join(project.project, "stacks/dev.ts");
  writeFileSync(stack, readFileSync(stack, "utf8").replace("clone: base,", 'clone: base, name: "www",'));
  expect(run(["plan", ...driver]).out).toContain("# machine.web will be updated in-place\n  # ~ rename\n");
  expect(run(["apply", "--yes", ...driver]).out).toContain(
    "Apply complete! Resources: 0 added, 1 changed, 0 destroyed.",
  );
  expect(run(["plan", "--detailed-exitcode", ...driver])).toMatchObject({ code: 0 });
  expect(run(["outputs", "dev", "address", ...driver]).out).toMatch(/^192\.168\.\d+\.\d+\n$/);
  expect(run(["show", ...driver]).out).toContain('memory    = "2G"');
  expect(run(["destroy", "--yes", ...driver]).out).toContain("Destroy complete! Resources: 2 destroyed.");
  expect(run(["state", "list", ...driver])).toEqual({ code: 0, out: "", err: "" });
});

it("takes nothing for an argument that a script happens to pipe in", () => {
  project.stack("dev", 'import { defineStack } from "orbform";\nexport default defineStack({ resources: {} });\n');
  expect(run(["validate"], "yes\nmachine.web\n")).toMatchObject({ code: 0, err: "" });
  expect(run(["state", "rm"], "machine.web\n").err).toContain("Missing 1 required arg");
});

it("names the simulator's program in a hint where the project's configuration says that it is driven", () => {
  const config = 'import { defineConfig } from "orbform";\nexport default defineConfig({ driver: "simulator" });\n';
  writeFileSync(join(project.project, "orb.config.ts"), config);
  const odd = 'machine({ image: "debian:odd" })';
  project.stack(
    "dev",
    `import { defineStack, machine } from "orbform";\nexport default defineStack({ resources: { web: ${odd} } });\n`,
  );
  const ran = run(["apply", "--yes"]);
  expect(ran.code, ran.out).toBe(1);
  expect(ran.err).toContain("npx orbctl-sim create --help");
  expect(run(["apply", "--yes", "--json"]).out).toContain("npx orbctl-sim create --help");
});

it("says in a hint what was said in the call", () => {
  project.stack("dev", 'import { defineStack } from "orbform";\nexport default defineStack({ resources: {} });\n');
  const ran = run(["state", "show", "machine.web", "--stack", "dev", "--driver", "simulator"]);
  expect(ran).toMatchObject({ code: 1, out: "" });
  expect(ran.err).toContain("`orb state list dev --driver simulator`");
  expect(run(["state", "list", "dev", "--driver", "simulator"])).toMatchObject({ code: 0 });
});

it("shows every mistake of a stack at once, in text and in JSON", () => {
  project.stack(
    "dev",
    `import { defineStack, machine } from "orbform";
    const a = machine({ image: "alpine", name: "docker" });
    const b = machine({ image: "alpine", name: "-rf" });
    const c = machine({ image: "alpine", cpus: -1 });
    export default defineStack({ resources: { a, b, c } });`,
  );
  const text = run(["plan"]);
  expect(text.code).toBe(1);
  expect(text.err.match(/^Error: /gm)).toHaveLength(3);
  expect(text.err).toContain("  on stacks/dev.ts line 2, in machine.a:\n  2: ");
  const lines = run(["apply", "--yes", "--json"]).out.trimEnd().split("\n");
  const places = lines.map((line) => JSON.parse(line)).flatMap((line) => line.diagnostic?.range.start.line ?? []);
  expect(new Set(places)).toEqual(new Set([2, 3, 4]));
});
