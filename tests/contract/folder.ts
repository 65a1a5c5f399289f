import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach } from "vitest";

/** The caller's folder in the lines of cases: empty before each. */
export const FOLDER = join(tmpdir(), `orbctl-contract-${process.pid}`);

/** Keeps {@link FOLDER} for the tests of one file. */
export function keepFolder(): void {
  beforeEach(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
  });
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
}
