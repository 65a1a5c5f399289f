import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findOrbctl } from "../../../src/driver/orbctl/find.ts";

let cwd = "";

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "find-"));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

async function program(folder: string, mode = 0o755): Promise<string> {
  const file = path.join(cwd, folder, "orbctl");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, mode);
  return file;
}

test("takes the first on the PATH that can be run", async () => {
  await program("plain", 0o644);
  await mkdir(path.join(cwd, "folder", "orbctl"), { recursive: true });
  const found = await program("b");
  await program("c");
  const folders = ["nowhere", "", "plain", "folder", "b", "c"].map((each) => each && path.join(cwd, each));
  expect(await findOrbctl({ env: { PATH: folders.join(path.delimiter) }, cwd })).toBe(found);
});

test.each([(file: string) => file, (file: string) => path.relative(cwd, file)])(
  "takes ORBFORM_ORBCTL before the PATH",
  async (spelled) => {
    const asked = await program("asked");
    await program("b");
    const env = { ORBFORM_ORBCTL: spelled(asked), PATH: path.join(cwd, "b") };
    expect(await findOrbctl({ env, cwd })).toBe(asked);
  },
);

test("never falls back where ORBFORM_ORBCTL names nothing", async () => {
  await program("b");
  const env = { ORBFORM_ORBCTL: "./nope", PATH: path.join(cwd, "b") };
  await expect(findOrbctl({ env, cwd })).rejects.toMatchObject({ code: "ORB_NO_ORBCTL" });
});

test("names the simulator where there is none", async () => {
  await expect(findOrbctl({ env: {}, cwd })).rejects.toMatchObject({
    code: "ORB_NO_ORBCTL",
    hint: expect.stringContaining("--driver simulator"),
  });
});
