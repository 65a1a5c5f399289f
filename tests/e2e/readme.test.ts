import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const README = join(resolve(dirname(fileURLToPath(import.meta.url)), "../.."), "README.md");
const SESSION = /(<!-- session:[^>]*-->\n\n)(```console\n[\s\S]*?```\n\n)?/;

/** What the README shows: commands typed one after the other, and an edit of the stack between two of them. */
const STEPS = [
  { type: "apply dev --yes" },
  { edit: ['"web-1"', '"www-1"'], say: 'name: "web-1" becomes name: "www-1" in the stack' },
  { type: "apply dev --yes" },
  { type: "plan dev" },
] as const;

describe("the README", { tags: ["slow"] }, () => {
  const project = new TestProject();
  afterAll(() => project.remove());

  it("shows a session as it really goes", async () => {
    const readme = readFileSync(README, "utf8");
    const session = `\`\`\`console\n${await play(stackOf(readme))}\`\`\`\n\n`;
    if (process.env["README_UPDATE"] === "1") writeFileSync(README, readme.replace(SESSION, `$1${session}`));
    expect(SESSION.exec(readFileSync(README, "utf8"))?.[2]).toBe(session);
  });

  async function play(stack: string): Promise<string> {
    project.stack("dev", stack);
    const lines: string[] = [];
    let text = stack;
    for (const step of STEPS) {
      if ("edit" in step) {
        text = text.replace(step.edit[0], step.edit[1]);
        project.stack("dev", text);
        lines.push(`# ${step.say}\n`);
        continue;
      }
      const ran = await project.orb(step.type.split(" "));
      expect(ran).toMatchObject({ code: 0 });
      lines.push(`$ orb ${step.type}\n${plain(ran.stdout)}`);
    }
    return lines.join("\n");
  }
});

function stackOf(readme: string): string {
  return /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
}

/** Without what differs from run to run: ids, addresses, how long it took; what ran side by side in a fixed order. */
function plain(text: string): string {
  return text
    .trim()
    .replaceAll(/\b01[0-9A-HJKMNP-TV-Z]{24}\b/g, "01M82Y27YHCJN9HRPNTCRQ8RBJ")
    .replaceAll(/192\.168\.139\.\d+/g, "192.168.139.4")
    .replaceAll(/after \d+s/g, "after 1s")
    .concat("\n");
}
