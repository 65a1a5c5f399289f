import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readArchive } from "../../../src/archive/read-archive.ts";
import { tarOf } from "../../support/tar-builders.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "read-archive-"));
  path = join(folder, "a.tar.zst");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const checked = (bytes: Uint8Array) =>
  zlib.zstdCompressSync(bytes, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } });
const TAR = tarOf(
  { name: "random", content: randomBytes(900_000) },
  { name: "text", content: "hello ".repeat(200_000) },
);
const SKIPPED = Buffer.concat([Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from("abc")]);

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function reading(bytes: Uint8Array) {
  writeFileSync(path, bytes);
  return (await readArchive(path)).reading;
}

test("reads an archive to its end, with its digest", async () => {
  const bytes = checked(TAR);
  writeFileSync(path, bytes);
  expect(await readArchive(path)).toEqual({
    sizeBytes: bytes.length,
    sha256: digest(bytes),
    reading: { status: "whole", contents: { entries: 2, bytes: TAR.length } },
  });
});

test("goes on after the first frame: others, and what only fills space, follow", async () => {
  const thirds = [TAR.subarray(0, 1000), TAR.subarray(1000, 500_001), TAR.subarray(500_001)];
  const [a, b, c] = thirds.map((each) => zlib.zstdCompressSync(each));
  const bytes = Buffer.concat([SKIPPED, a ?? SKIPPED, SKIPPED, b ?? SKIPPED, c ?? SKIPPED, SKIPPED]);
  expect(await reading(bytes)).toEqual({ status: "whole", contents: { entries: 2, bytes: TAR.length } });
});

test("reads what tar makes of long names, links, sparse files and pipes", async () => {
  const tree = join(folder, "tree");
  mkdirSync(join(tree, "deep/".repeat(40)), { recursive: true });
  writeFileSync(join(tree, "deep/".repeat(40), "x".repeat(120)), "x");
  writeFileSync(join(tree, "sparse"), "begin");
  truncateSync(join(tree, "sparse"), 50_000_000);
  symlinkSync("y".repeat(150), join(tree, "link"));
  for (const format of ["gnu", "pax", "posix"]) {
    const tar = execFileSync("tar", ["-cSf", "-", `--format=${format}`, "-C", tree, "."], { maxBuffer: 2 ** 28 });
    expect(await reading(checked(tar)), format).toMatchObject({ status: "whole", contents: { entries: 44 } });
  }
});

describe("of a damaged archive", () => {
  test.each([0, 3, 17, 1000, 500_000, -5, -1])("tells how far it goes when it is cut at %i", async (at) => {
    const cut = checked(TAR).subarray(0, at === 0 ? 0 : at);
    const found = await reading(cut);
    expect(found).toMatchObject({ status: "damaged", in: "file", offset: cut.length });
  });

  test("tells a changed bit, and about where", async () => {
    const whole = checked(TAR);
    for (const at of [9, 40_000, 450_000, whole.length - 40, whole.length - 2]) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 4;
      const found = await reading(bytes);
      expect(found, String(at)).toMatchObject({ status: "damaged", offset: expect.any(Number) });
    }
  });

  test("tells where what follows is not zstd", async () => {
    const whole = checked(TAR);
    const found = await reading(Buffer.concat([whole, Buffer.from("rubbish")]));
    expect(found).toMatchObject({ status: "damaged", in: "file", offset: whole.length });
  });

  test("tells a tar that was never finished, in a frame that was", async () => {
    const found = await reading(checked(TAR.subarray(0, -1024)));
    expect(found).toMatchObject({ status: "damaged", in: "tar", offset: TAR.length - 1024 });
  });

  test("has the digest of the whole file all the same", async () => {
    const bytes = Buffer.concat([checked(TAR.subarray(0, 700)), randomBytes(3_000_000)]);
    writeFileSync(path, bytes);
    const { sizeBytes, sha256 } = await readArchive(path);
    expect([sizeBytes, sha256]).toEqual([bytes.length, digest(bytes)]);
  });
});

test.each([
  ["gzip", zlib.gzipSync(TAR), "its compression is not zstd but gzip"],
  ["nothing", TAR, "its compression is not zstd"],
  ["zstd around something else", checked(randomBytes(5000)), "what is compressed in it is no tar"],
])("says that %s can't be read here", async (_, bytes, why) => {
  expect(await reading(bytes)).toEqual({ status: "unreadable", why });
});

test("keeps memory flat", { tags: ["slow"] }, async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const tar = tarOf(...Array.from({ length: 4 }, (_, n) => ({ name: `f${n}`, content: zeros })));
  const bytes = checked(tar);
  writeFileSync(path, bytes);
  const before = process.memoryUsage().rss;
  expect((await readArchive(path)).reading).toMatchObject({ status: "whole" });
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
});

test("ends when it is interrupted", async () => {
  writeFileSync(path, checked(TAR));
  await expect(readArchive(path, AbortSignal.abort(new Error("enough")))).rejects.toThrow();
});
