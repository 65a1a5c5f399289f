import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const GUIDE = readFileSync(fileURLToPath(new URL("../../docs/guides/drift.md", import.meta.url)), "utf8");
const fenced = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(GUIDE)?.[1] ?? "";

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.stack(
    "dev",
    `import { defineStack, machine } from "orbform";
export default defineStack({ resources: { web: machine({ image: "alpine", cpus: 2 }), db: machine({ image: "alpine" }) } });`,
  );
});
afterEach(() => project.remove());

/** The strings of the plist's arguments, and whether its elements nest as XML has it. */
function plist(text: string): { readonly isNested: boolean; readonly strings: readonly string[] } {
  const open: string[] = [];
  let isNested = true;
  for (const [, closing, name = ""] of text.matchAll(/<(\/?)([a-zA-Z]+)[^>]*>/g)) {
    if (closing !== "/") open.push(name);
    else isNested &&= open.pop() === name;
  }
  const strings = [...text.matchAll(/<string>([^<]*)<\/string>/g)].map(([, each = ""]) => each);
  return { isNested: isNested && open.length === 0, strings };
}

describe("drift", { tags: ["slow"] }, () => {
  it("is told whole where a machine was deleted and another made under its name: that is drift, too", async () => {
    expect((await project.orb(["apply", "--yes"])).code).toBe(0);
    await project.outside("stop", "web");
    await project.outside("delete", "-f", "db");
    await project.outside("create", "alpine", "db");
    const { code, stdout, stderr } = await project.orb(["drift", "--report", "drift.md"]);
    expect([code, stdout, stderr]).toEqual([
      2,
      expect.stringMatching(/machine\.db has been replaced[^]*machine\.web has changed/),
      expect.stringMatching(/^\nWarning: Machine was replaced outside[^]*orb adopt machine\.db db/),
    ]);
    expect(readFileSync(join(project.project, "drift.md"), "utf8")).toContain("Changed outside of Orbform (2)");
    expect((await project.orb(["plan"])).code).toBe(1);
  });

  it("is told with both sides, exit 2 and as JSON; without any it is 0", async () => {
    expect((await project.orb(["apply", "--yes"])).code).toBe(0);
    const none = await project.orb(["drift"]);
    expect([none.code, none.stderr]).toEqual([0, ""]);
    await project.outside("stop", "web");
    await project.outside("delete", "-f", "db");
    const text = await project.orb(["drift"]);
    expect(text.code).toBe(2);
    expect(text.stdout).toMatch(/power\s+= "running" -> "stopped"/);
    const json = await project.orb(["drift", "--json"]);
    const lines: readonly {
      readonly type: string;
      readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
    }[] = json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(json.code).toBe(2);
    const drifted = lines.flatMap(({ type, change }) =>
      type === "resource_drift" && change ? [[change.resource.addr, change.action]] : [],
    );
    expect(drifted).toEqual([
      ["orbstack_machine.db", "delete"],
      ["orbstack_machine.web", "update"],
    ]);
    expect(lines.at(-1)?.type).toBe("change_summary");
    expect((await project.orb(["drift", "--refresh-only"])).code).toBe(1);
    project.stack("dev", "export default 1;");
    expect((await project.orb(["drift"])).code).toBe(1);
  });

  it("is looked for by the guide's recipes: a plist that is XML, and a line of cron", async () => {
    const { isNested, strings } = plist(fenced("xml"));
    expect(isNested).toBe(true);
    // An ampersand of a shell would have to be written as an entity.
    expect(fenced("xml").match(/&(?!amp;|lt;|gt;)/g)).toBeNull();
    expect((await project.orb(["apply", "--yes"])).code).toBe(0);
    await project.outside("stop", "web");
    project.script("orbform", `exec "${process.execPath}" "${TestProject.ORBFORM}" "$@"`);
    project.script("osascript", `echo "$*" > "${project.folder}/told"`);
    const shell = strings[strings.indexOf("-c") + 1] ?? "";
    project.script("job", shell.replace("$HOME/Library/Logs", project.folder));
    const ran = await run("job");
    expect([ran, readFileSync(join(project.folder, "told"), "utf8")]).toEqual([
      2,
      expect.stringContaining("not as the stack says"),
    ]);
    expect(readFileSync(join(project.folder, "orbform-drift.md"), "utf8")).toContain("machine.web");
    const line = fenced("cron").trimEnd().split("\n").at(-1) ?? "";
    project.script("cron", line.replace(/^(?:\S+ ){5}/, "").replace("$HOME/machines", project.project));
    expect(await run("cron")).toBe(0);
  });
});

async function run(name: string): Promise<number | null> {
  const { spawnSync } = await import("node:child_process");
  return spawnSync(join(project.bin, name), { cwd: project.project, env: project.env }).status;
}
