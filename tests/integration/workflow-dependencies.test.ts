/** Installing what an untrusted checkout imports: nothing of it may lead npm elsewhere. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../ci/dependencies.sh", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform-"));
  for (const each of ["pull", "victim"]) mkdirSync(join(folder, each));
  writeFileSync(join(folder, "victim/file"), "theirs");
  writeFileSync(join(folder, "pull/package.json"), '{"name":"p","version":"1.0.0"}');
  const lock = { name: "p", version: "1.0.0", lockfileVersion: 3, packages: { "": { name: "p", version: "1.0.0" } } };
  writeFileSync(join(folder, "pull/package-lock.json"), JSON.stringify(lock));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(cwd = "pull") {
  const env = { ...process.env, ORB_CI_CHECKOUT: join(folder, "pull"), ORB_CI_FRESH: join(folder, "fresh") };
  return spawnSync("bash", [SCRIPT], { cwd: join(folder, cwd), env, encoding: "utf8" });
}

test("a plain project is installed in a folder of its own", () => {
  const ran = install();
  expect([ran.status, ran.stderr]).toEqual([0, ""]);
  expect(existsSync(join(folder, "fresh/package.json"))).toBe(true);
});

test("a .npmrc of the checkout says nothing to npm", () => {
  writeFileSync(join(folder, "pull/.npmrc"), `cache=${join(folder, "victim")}\nlogs-dir=${join(folder, "victim")}\n`);
  const ran = install();
  expect([ran.status, ran.stderr, readdirSync(join(folder, "victim"))]).toEqual([0, "", ["file"]]);
});

test("a link in place of node_modules is not followed", () => {
  symlinkSync("../victim", join(folder, "pull/node_modules"));
  const ran = install();
  expect([ran.status, ran.stderr]).toEqual([1, "node_modules is in the checkout.\n"]);
  expect(readFileSync(join(folder, "victim/file"), "utf8")).toBe("theirs");
});

test("a link in place of a manifest, or of the folder, is not followed", () => {
  rmSync(join(folder, "pull/package.json"));
  symlinkSync("../victim/file", join(folder, "pull/package.json"));
  expect(install()).toMatchObject({ status: 1, stderr: "package.json is no plain file.\n" });
  symlinkSync("../victim", join(folder, "pull/sub"));
  expect(install("pull/sub")).toMatchObject({ status: 1, stderr: "The folder leads out of the checkout.\n" });
});
