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

const locked = (entry: object, own: object = {}) => {
  const root = { name: "p", version: "1.0.0", ...own };
  const packages = { "": root, ...entry };
  writeFileSync(join(folder, "pull/package.json"), JSON.stringify(root));
  writeFileSync(join(folder, "pull/package-lock.json"), JSON.stringify({ ...root, lockfileVersion: 3, packages }));
};
const WHOLE = { version: "1.0.0", resolved: "https://registry.example/x-1.0.0.tgz", integrity: "sha512-aaaa" };

test.each([
  ["a folder of this computer", { ...WHOLE, resolved: "file:../victim" }],
  ["a link", { resolved: "../victim", link: true }],
  ["an address without encryption", { ...WHOLE, resolved: "http://internal.example/x.tgz" }],
  ["a repository", { ...WHOLE, resolved: "git+ssh://git@example/x.git#abc" }],
  ["what nothing pins", { version: "1.0.0" }],
  ["what is asked for by a path", { ...WHOLE, dependencies: { y: "file:../victim" } }],
])("%s is not installed", (_, entry) => {
  writeFileSync(join(folder, "victim/package.json"), '{"name":"x","version":"1.0.0"}');
  locked({ "node_modules/x": entry }, { dependencies: { x: "1.0.0" } });
  const ran = install();
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("only packages of the registry are.")]);
  expect(existsSync(join(folder, "pull/node_modules"))).toBe(false);
});

test.each([
  ["a path of a workspace", {}, { workspaces: ["../victim"] }],
  ["a path in place of a version", {}, { dependencies: { x: "../victim" } }],
  ["a path in place of somebody's dependency", {}, { overrides: { y: { x: "link:../victim" } } }],
  ["a place outside of node_modules", { "node_modules/../../victim": WHOLE }, {}],
])("%s is refused", (_, entry, own) => {
  locked(entry, own);
  expect(install()).toMatchObject({ status: 1, stderr: expect.stringContaining("is not installed") });
});

test("what npm prints of it is no command to a runner", () => {
  locked({ "node_modules/x": { ...WHOLE, resolved: "x\n::error::owned" } });
  const env = {
    ...process.env,
    GITHUB_ACTIONS: "true",
    ORB_CI_CHECKOUT: join(folder, "pull"),
    ORB_CI_FRESH: join(folder, "fresh"),
  };
  const { stdout } = spawnSync("bash", [SCRIPT], { cwd: join(folder, "pull"), env, encoding: "utf8" });
  expect(stdout).toMatch(/^::stop-commands::([0-9a-f]{32})\n[^]*\n::\1::\n$/);
});
