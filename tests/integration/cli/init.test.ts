import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROJECT_FILES } from "../../../src/cli/init-files.ts";
import { initProject } from "../../../src/cli/init-project.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform-init-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("writes a whole project", async () => {
  const { created, kept } = await initProject(folder, "new");
  expect([created, kept]).toEqual([[...Object.keys(PROJECT_FILES), ".gitignore"], []]);
  expect(readFileSync(join(folder, "new", "stacks/dev.ts"), "utf8")).toBe(PROJECT_FILES["stacks/dev.ts"]);
});

test("overwrites nothing", async () => {
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "stacks/dev.ts"), "mine");
  writeFileSync(join(folder, ".gitignore"), "mine");
  const { kept } = await initProject(folder, ".");
  expect(kept).toEqual(["stacks/dev.ts"]);
  expect(readFileSync(join(folder, "stacks/dev.ts"), "utf8")).toBe("mine");
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(
    "mine\nnode_modules/\n/.orbform/\n/state/*\n!/state/README.md\n",
  );
});

test.each([
  ["{}", '{\n  "type": "module"\n}\n', "added"],
  ['{ "name": "a" }\n', '{\n  "type": "module", "name": "a" }\n', "added"],
  ['{\n    "name": "a"\n}\n', '{\n    "type": "module",\n    "name": "a"\n}\n', "added"],
  ['{ "type": "module" }', '{ "type": "module" }', "left as it is"],
  ['{ "type": "commonjs" }', '{ "type": "commonjs" }', 'it says "commonjs"'],
])("makes a package of modules of %j", async (before, after, said) => {
  writeFileSync(join(folder, "package.json"), before);
  const { text } = await initProject(folder, ".");
  expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(after);
  expect(text).toContain(said);
});

test("says to install the library only where it is not", async () => {
  expect((await initProject(folder, ".")).text).toContain("npm install --save-dev orbform");
  mkdirSync(join(folder, "node_modules/orbform"), { recursive: true });
  writeFileSync(join(folder, "node_modules/orbform/package.json"), "{}");
  expect((await initProject(folder, "below")).text).not.toContain("npm install");
});

test("refuses a file in place of a folder", async () => {
  writeFileSync(join(folder, "file"), "");
  for (const where of ["file", "file/below"])
    await expect(initProject(folder, where)).rejects.toMatchObject({ code: "ORB_FILE_EXISTS" });
});

test("changes nothing the second time", async () => {
  await initProject(folder, ".");
  expect((await initProject(folder, ".")).created).toEqual([]);
});
