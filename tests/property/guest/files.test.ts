import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript } from "../../../src/guest/change.ts";
import type { FileWish, InsideFacts } from "../../../src/model/inside.ts";
import { applied, busyboxPlace, factsAt, hasPlaces, hostPlace, TOKEN } from "../../support/guest-place.ts";

const hostile = fc.constantFrom(
  "'",
  '"',
  "\n",
  "\\",
  "$",
  "`",
  "*",
  "?",
  "[",
  "-",
  " ",
  ";",
  "é",
  "#",
  "~",
  "=",
  "%s",
  "\t",
);
/** Names of files, of up to 60 bytes. */
const name = fc
  .oneof(
    fc.array(hostile, { minLength: 1, maxLength: 12 }).map((parts) => parts.join("")),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  )
  .filter(
    (each) =>
      !/[/\0]/.test(each) && each.isWellFormed() && each !== "." && each !== ".." && Buffer.byteLength(each) < 60,
  );
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 100 }).map((text) => Buffer.from(text)),
);
const files = fc.uniqueArray(fc.record({ name, content }), {
  minLength: 1,
  maxLength: 8,
  selector: ({ name }) => name.normalize(),
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What UTF-8 without NUL these bytes are, if any. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(Buffer.from(bytes)) && !text.includes("\0") ? text : undefined;
}

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()] : [])(
  "files ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());
    const fresh = (): void => {
      rmSync(place.path("/srv/x"), { recursive: true, force: true });
      mkdirSync(place.path("/srv/x"));
    };

    it("are found as they are, under any name and with any content", () => {
      fc.assert(
        fc.property(files, (given) => {
          fresh();
          for (const each of given) writeFileSync(place.path(`/srv/x/${each.name}`), each.content, { mode: 0o640 });
          const wishes = given.map((each): FileWish => ({
            type: "file",
            path: `/srv/x/${each.name}`,
            digest: "0".repeat(64),
          }));
          const expected = given.map((each): InsideFacts => {
            const text = textOf(each.content);
            const shown = text === undefined ? {} : { text };
            const digest = sha256(each.content);
            return {
              type: "file",
              kind: "file",
              mode: 0o640,
              owner: "root",
              group: "root",
              digest,
              size: each.content.length,
              ...shown,
            };
          });
          expect(factsAt(place, wishes)).toEqual(expected);
        }),
        { numRuns: 40 },
      );
    });

    it("that were changed are as wished, and a second change does nothing", () => {
      const rights = fc.record({
        mode: fc.integer({ min: 0, max: 0o7777 }),
        owner: fc.constantFrom("root", "nobody", "65534", "4321"),
      });
      fc.assert(
        fc.property(name, content, fc.option(content), rights, (name, wanted, before, { mode, owner }) => {
          fresh();
          const path = `/srv/x/${name}`;
          if (before !== null) writeFileSync(place.path(path), before);
          const wish: FileWish = { type: "file", path, digest: sha256(wanted), mode, owner };
          const [facts] = factsAt(place, [wish]);
          if (!facts) throw new Error("no facts came");
          const made = changeScript(wish, { facts, token: TOKEN });
          expect(applied(place, made, wanted)).toMatchObject({ status: "done", changed: true });
          const [after] = factsAt(place, [wish]);
          expect(after).toMatchObject({
            kind: "file",
            digest: wish.digest,
            mode,
            owner,
          });
          expect(Buffer.from(readFileSync(place.path(path)))).toEqual(Buffer.from(wanted));
          expect(applied(place, made, wanted)).toMatchObject({ status: "done", changed: false });
          expect(readdirSync(place.path("/srv/x"))).toHaveLength(1);
        }),
        { numRuns: 25 },
      );
    });
  },
);
