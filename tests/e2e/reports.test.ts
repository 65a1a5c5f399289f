import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";
import { shapeErrors } from "../support/sarif-shape.ts";
import { readXml } from "../support/xml-check.ts";

const STACK = `import { defineStack, machine } from "orbform";
export default defineStack({
  resources: {
    web: machine({ image: "alpine", cpus: 2 }),
  },
});
`;
const BROKEN = STACK.replace("cpus: 2", "cpus: -2");
const ENDINGS = [".json", ".md", ".html", ".xml", ".sarif", ".sarif.json"] as const;
const FILES = ENDINGS.map((ending) => `reports/it${ending}`);
/** What stands where a report could, and is none. */
const OTHERS = {
  "README.md": "# Ours\n",
  "page.html": "<!doctype html>\n<title>Ours</title>\n",
  "tests.xml": '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="vitest tests"/>\n',
  "other.sarif": JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name: "CodeQL" } } }] }),
  "other.sarif.json": "{}",
  "terraform.json": JSON.stringify({ format_version: "1.2", terraform_version: "1.9.0", planned_values: {} }),
  "list.json": "[]",
  "null.json": "null",
};
const FLAGS = FILES.flatMap((file) => ["--report", file]);

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.stack("dev", STACK);
});
afterEach(() => project.remove());

const read = (ending: (typeof ENDINGS)[number]): string =>
  readFileSync(join(project.project, `reports/it${ending}`), "utf8");
const jsonOf = (ending: (typeof ENDINGS)[number]) => JSON.parse(read(ending));

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly { readonly ruleId: string; readonly locations: readonly unknown[] }[];
  }[];
}

/** What all files have in common, whatever they tell. */
function expectWhole(): void {
  expect(FILES.filter((file) => !existsSync(join(project.project, file)))).toEqual([]);
  expect(ENDINGS.filter((ending) => read(ending).includes(project.folder))).toEqual([]);
  expect(shapeErrors(jsonOf(".sarif"))).toEqual([]);
  expect(read(".sarif.json")).toBe(read(".sarif"));
  expect(read(".md").split("\n")[0]).toBe("<!-- orbform:stack=dev -->");
  expect(readXml(read(".xml")).name).toBe("testsuites");
  expect(read(".html")).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
}

const rulesIn = (sarif: Sarif) => sarif.runs[0]?.results.map(({ ruleId }) => ruleId);
const failures = () => readXml(read(".xml")).attributes["failures"];

describe("files of every format", { tags: ["slow"] }, () => {
  it("tell of a plan, with the commit and the run that CI names", async () => {
    const env = { GITHUB_SHA: "a".repeat(40), ORBFORM_REPORT_LINK: "https://ci.example/1" };
    const ran = await project.orb(["plan", "dev", ...FLAGS], env);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expectWhole();
    expect(read(".md")).toContain("**Plan: 1 to add, 0 to change, 0 to destroy.**");
    expect(read(".md")).toContain(`- Commit: \`${"a".repeat(40)}\``);
    expect(read(".md")).toContain("[The whole report](<https://ci.example/1>)");
    expect([failures(), rulesIn(jsonOf(".sarif"))]).toEqual(["0", []]);
  });

  it("are written to standard output instead of the text", async () => {
    await project.orb(["plan", "dev", ...FLAGS]);
    for (const [format, ending] of [
      ["markdown", ".md"],
      ["html", ".html"],
      ["junit", ".xml"],
      ["sarif", ".sarif"],
    ] as const) {
      const ran = await project.orb(["plan", "dev", "--format", format]);
      // Before the first apply each plan draws a lineage of its own, which its digest leaves out.
      expect([ran.code, ran.stderr, ran.stdout]).toEqual([0, "", read(ending)]);
    }
  });

  it("tell of an apply what it warned of", async () => {
    project.stack("dev", STACK.replace('image: "alpine"', 'image: "debian:bookworm", cloudInit: "#cloud-config"'));
    const ran = await project.orb(["apply", "dev", "--yes", ...FLAGS], {
      ORBCTL_SIM_FAULTS: "create-cloud-init=degraded",
    });
    expect([ran.code, ran.stderr], ran.stderr).toEqual([0, expect.stringContaining("recoverable errors")]);
    for (const ending of ENDINGS) expect(read(ending)).toContain("recoverable errors");
  });

  it("tell why a plan could not be made, with the place seen from the folder of the call", async () => {
    project.stack("dev", BROKEN);
    const ran = await project.orb(["plan", "dev", ...FLAGS]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("ORB_PROPERTY_INVALID");
    expectWhole();
    expect(read(".md")).toContain("**Nothing could be planned: 1 error.**");
    expect(failures()).toBe("1");
    expect(jsonOf(".json")).toMatchObject({ valid: false, error_count: 1 });
    expect(jsonOf(".sarif").runs[0].results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "stacks/dev.ts", uriBaseId: "%SRCROOT%" },
      region: { startLine: 4 },
    });
  });

  it("tell places as the repository has them, also where CI names it by a link", async () => {
    const repository = join(project.folder, "link");
    symlinkSync(project.folder, repository);
    project.stack("dev", BROKEN);
    await project.orb(["plan", "dev", ...FLAGS], { GITHUB_WORKSPACE: repository });
    expectWhole();
    const [result] = jsonOf(".sarif").runs[0].results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe("project/stacks/dev.ts");
    const texts = [".md", ".xml", ".html"] as const;
    expect(texts.filter((ending) => !read(ending).includes("project/stacks/dev.ts"))).toEqual([]);
  });

  it("tell that nothing can drive the machines, where the stack itself is right", async () => {
    const ran = await project.orb(["drift", "dev", ...FLAGS], { PATH: "/nowhere" });
    expect(ran.code).toBe(1);
    expectWhole();
    expect(rulesIn(jsonOf(".sarif"))).toEqual(["ORB_NO_ORBCTL"]);
  });

  it("tell what validate finds", async () => {
    const right = await project.orb(["validate", "dev", ...FLAGS]);
    expect([right.code, right.stderr]).toEqual([0, ""]);
    expectWhole();
    expect(read(".md")).toContain("**The stack is valid.**");
    project.stack("dev", BROKEN);
    const wrong = await project.orb(["validate", "dev", "--format", "junit", ...FLAGS]);
    expect(wrong.code).toBe(1);
    expectWhole();
    expect(wrong.stdout).toBe(read(".xml"));
    expect([failures(), rulesIn(jsonOf(".sarif"))]).toEqual(["1", ["ORB_PROPERTY_INVALID"]]);
  });

  it("tell of drift", async () => {
    const applied = await project.orb(["apply", "dev", "--yes"]);
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    await project.outside("rename", "web", "other");
    const ran = await project.orb(["drift", "dev", ...FLAGS]);
    expect([ran.code, ran.stderr]).toEqual([2, ""]);
    expectWhole();
    expect(read(".md")).toContain("**1 resource changed outside of Orbform.**");
    expect([failures(), rulesIn(jsonOf(".sarif"))]).toEqual(["1", ["drift/changed"]]);
    expect(jsonOf(".sarif").runs[0].results[0].locations[0].physicalLocation.region.startLine).toBe(4);
  });

  it("tell of an apply in which an action failed", async () => {
    const ran = await project.orb(["apply", "dev", "--yes", ...FLAGS], { ORBCTL_SIM_FAULTS: "create-crash" });
    expect(ran.code).toBe(1);
    expectWhole();
    expect(read(".md")).toContain("## Orbform apply of `dev`");
    expect(read(".md")).toContain("**Apply incomplete. Resources: 0 added, 0 changed, 0 destroyed; actions: ");
    expect(readXml(read(".xml")).children.map((suite) => suite.attributes["name"])).toContain("orbform dev: actions");
    expect(rulesIn(jsonOf(".sarif"))).toHaveLength(1);
  });

  it("are looked at first: where one can't be written, nothing is done", async () => {
    const ran = await project.orb(["apply", "dev", "--yes", ...FLAGS, "--report", "/dev/null/it.md"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("/dev/null/it.md could not be written: a part of the path is a file.");
    expect(await project.machines()).toEqual([]);
    expect(await project.orb(["apply", "dev", "--yes", "--report", "it.md"])).toMatchObject({ code: 0 });
    mkdirSync(join(project.project, "folder.md"));
    const other = await project.orb(["destroy", "dev", "--yes", "--report", "folder.md"]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("could not be written: it is a folder.")]);
    expect(await project.machines()).toHaveLength(1);
  });

  it("are written over reports of their format, and over nothing else", async () => {
    expect(await project.orb(["apply", "dev", "--yes", ...FLAGS])).toMatchObject({ code: 0 });
    expect(await project.orb(["plan", "dev", "--out", "plan.json", ...FLAGS])).toMatchObject({ code: 0 });
    symlinkSync("state/dev.json", join(project.project, "link.json"));
    for (const [name, text] of Object.entries(OTHERS)) writeFileSync(join(project.project, name), text);
    for (const file of ["state/dev.json", "package.json", "plan.json", "link.json", ...Object.keys(OTHERS)]) {
      const before = readFileSync(join(project.project, file), "utf8");
      const ran = await project.orb(["plan", "dev", "--report", file]);
      expect([file, ran.code, ran.stdout, ran.stderr]).toEqual([file, 1, "", expect.stringContaining("FILE_EXISTS")]);
      expect(readFileSync(join(project.project, file), "utf8")).toBe(before);
    }
  });

  it("are written over what was there to say that a plan could not be made, and over what is empty", async () => {
    project.stack("dev", BROKEN);
    await project.orb(["validate", "dev", ...FLAGS]);
    project.stack("dev", STACK);
    for (const ending of [".json", ".md"]) writeFileSync(join(project.project, `empty${ending}`), "");
    const ran = await project.orb(["plan", "dev", ...FLAGS, "--report", "empty.json", "--report", "empty.md"]);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(project.project, "empty.md"), "utf8")).toBe(read(".md"));
  });

  it("are not put among the states, nor is a plan that is kept", async () => {
    symlinkSync("state", join(project.project, "elsewhere"));
    for (const words of [
      ["apply", "dev", "--yes", "--report", "state/other.json"],
      ["plan", "dev", "--report", "elsewhere/plan.md"],
      ["plan", "dev", "--out", "state/dev.prod.json"],
      ["plan", "dev", "--out", "state/dev.history/9.json"],
    ]) {
      const ran = await project.orb(words);
      expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("The state folder is for states only")]);
    }
    expect(await project.machines()).toEqual([]);
    expect(readdirSync(join(project.project, "state"), { recursive: true })).toEqual(["dev.history"]);
  });

  it("of a plan that can't be made are what it is written as, too", async () => {
    project.stack("dev", BROKEN);
    for (const [format, word] of [
      ["json", '"error_count": 1'],
      ["markdown", "Nothing could be planned"],
      ["junit", "<failure"],
      ["sarif", "ORB_PROPERTY_INVALID"],
      ["html", "ORB_PROPERTY_INVALID"],
    ] as const) {
      const ran = await project.orb(["plan", "dev", "--format", format]);
      expect([format, ran.code, ran.stdout]).toEqual([format, 1, expect.stringContaining(word)]);
    }
  });

  it("tell of an apply that nobody could approve, and why it was none", async () => {
    const ran = await project.orb(["apply", "dev", ...FLAGS]);
    expect(ran.code).toBe(1);
    expectWhole();
    expect(rulesIn(jsonOf(".sarif"))).toEqual(["ORB_NOT_APPROVED"]);
  });
});
