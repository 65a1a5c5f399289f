import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMetadata, encodeMetadata } from "../../../src/archive/metadata.ts";
import type { ArchiveMetadata } from "../../../src/model/archive.ts";

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const count = fc.maxSafeNat();

const metadata: fc.Arbitrary<ArchiveMetadata> = fc.record(
  {
    format: fc.constant(1 as const),
    archive: text,
    machine: fc.record({ id: text, name: text }),
    address: text,
    series: text,
    image: fc.record({ distro: text, version: text, arch: text, variant: text }),
    sizeBytes: count,
    sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex")),
    createdAt: fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString()),
    madeBy: text,
    exportedBy: text,
    contents: fc.option(fc.record({ entries: count, bytes: count })),
  },
  {
    requiredKeys: [
      "format",
      "archive",
      "machine",
      "image",
      "sizeBytes",
      "sha256",
      "createdAt",
      "madeBy",
      "exportedBy",
      "contents",
    ],
  },
);
const runs = { numRuns: 300 };

test("reads what it wrote, and what a later version added to it", () => {
  fc.assert(
    fc.property(metadata, (value) => {
      expect(decodeMetadata(encodeMetadata(value))).toEqual({ status: "read", metadata: value });
      const more = { ...value, later: 1, machine: { ...value.machine, later: [] } };
      expect(decodeMetadata(JSON.stringify(more))).toEqual({ status: "read", metadata: value });
    }),
    runs,
  );
});

test("refuses a newer format, and takes nothing that lacks a part for its own", () => {
  fc.assert(
    fc.property(metadata, fc.nat(), (value, which) => {
      expect(decodeMetadata(JSON.stringify({ ...value, format: 2 }))).toEqual({ status: "newer", format: 2 });
      const required = Object.keys(value).filter((key) => key !== "address" && key !== "series");
      const lacking = Object.fromEntries(
        Object.entries(value).filter(([key]) => key !== required[which % required.length]),
      );
      expect(decodeMetadata(JSON.stringify(lacking)).status).toBe("not ours");
    }),
    runs,
  );
});

test("makes no error of whatever else stands there", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (any) => {
      expect(["not ours", "newer"]).toContain(decodeMetadata(any).status);
    }),
    runs,
  );
});
