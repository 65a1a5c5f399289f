import { expect, test } from "vitest";
import { TarWalk } from "../../../src/archive/tar-walk.ts";
import { Unsound } from "../../../src/archive/unsound.ts";
import { entryBytes, tarOf } from "../../support/tar-builders.ts";

/** What walking it comes to, fed in chunks of this size. */
function walk(bytes: Uint8Array, chunk = bytes.length) {
  const tar = new TarWalk();
  try {
    for (let at = 0; at < bytes.length; at += chunk) tar.feed(bytes.subarray(at, at + chunk));
    return tar.finish();
  } catch (error) {
    if (error instanceof Unsound) return error.reading;
    throw error;
  }
}

const TWO = tarOf({ name: "etc/hostname", content: "web\n" }, { name: "var/", type: "5" });

test.each([1, 7, 511, 512, 513, 4096])("counts entries to the end marker in chunks of %i", (chunk) => {
  expect(walk(TWO, chunk)).toEqual({ entries: 2, bytes: TWO.length });
});

test("takes no notice of what pads the end", () => {
  expect(walk(Buffer.concat([TWO, Buffer.alloc(8192, 1)]))).toMatchObject({ entries: 2 });
});

test("takes an entry's size from its attributes, as files beyond 8 GiB have it", () => {
  const attributes = entryBytes({ name: "x", type: "x", content: "13 size=1024\n" });
  const large = entryBytes({ name: "large", size: 0 });
  const bytes = Buffer.concat([attributes, large, Buffer.alloc(1024, 7), Buffer.alloc(1024)]);
  expect(walk(bytes)).toEqual({ entries: 1, bytes: bytes.length });
});

test("expects no content after a link, whatever its header says", () => {
  expect(walk(tarOf({ name: "a", type: "1", size: 4096 }, { name: "b" }))).toMatchObject({ entries: 2 });
});

test.each([
  ["in a header", 100, 100, "the tar in it ends without its end marker"],
  ["in an entry", 514, 514, 'the tar in it ends inside "etc/hostname" without its end marker'],
  ["between entries", 1024, 1024, "the tar in it ends without its end marker"],
  ["in the end marker", 2048, 2048, 'the tar in it ends inside "var/" without its end marker'],
])("tells where it was cut: %s", (_, length, offset, why) => {
  expect(walk(TWO.subarray(0, length))).toEqual({ status: "damaged", in: "tar", offset, why });
});

test("tells a header that was changed by its offset", () => {
  const bytes = Buffer.from(TWO);
  bytes[1030] = (bytes[1030] ?? 0) ^ 1;
  const why = 'a header after "etc/hostname" has a wrong checksum';
  expect(walk(bytes)).toEqual({ status: "damaged", in: "tar", offset: 1024, why });
});

test("tells half an end marker and an empty tar", () => {
  expect(walk(Buffer.concat([entryBytes({ name: "a" }), Buffer.alloc(512), entryBytes({ name: "b" })]))).toMatchObject({
    status: "damaged",
    offset: 1024,
  });
  expect(walk(Buffer.alloc(1024))).toMatchObject({ status: "damaged", why: "the tar in it is empty" });
});

test("calls what begins like no tar unreadable, not damaged", () => {
  expect(walk(Buffer.from("{}".padEnd(2000)))).toEqual({
    status: "unreadable",
    why: "what is compressed in it is no tar",
  });
  expect(walk(tarOf({ name: "a", checksum: 1 }))).toMatchObject({ status: "damaged", offset: 0 });
});
