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
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("mine\nnode_modules/\n/state/*\n!/state/README.md\n");
});

test("changes nothing the second time", async () => {
  await initProject(folder, ".");
  expect((await initProject(folder, ".")).created).toEqual([]);
});
