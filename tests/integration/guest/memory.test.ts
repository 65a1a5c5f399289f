import { execFile } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "guest memory-"));
const child = fileURLToPath(new URL("../../support/guest-memory-child.ts", import.meta.url));
const GIB = 2 ** 30;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of one GiB with something to tell its parts by, most of it not on the disk. */
function bigFile(): string {
  const path = join(folder, "big");
  const file = openSync(path, "w");
  ftruncateSync(file, GIB);
  for (let at = 0; at < GIB; at += 2 ** 24) writeSync(file, `at ${at}\0\u00ff`, at + 12_345);
  closeSync(file);
  return path;
}

test("a GiB goes in and comes out, digest equal, in flat memory", { tags: ["slow"] }, async () => {
  const args = ["--conditions=@orbform/source", child, bigFile()];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { grownMB, ...rest } = JSON.parse(stdout);
  expect(rest).toEqual({ digests: 1, told: true });
  expect(grownMB).toBeLessThan(150);
});
