import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript, removeScript } from "../../../src/guest/change.ts";
import { factsScript } from "../../../src/guest/facts.ts";
import { insideDifferences } from "../../../src/diff/inside.ts";
import type { DirectoryWish, FileWish } from "../../../src/model/inside.ts";
import {
  applied,
  busyboxPlace,
  change,
  factOf,
  factsAt,
  hasPlaces,
  hostPlace,
  stdinOf,
  TOKEN,
  verdictOf,
} from "../../support/guest-place.ts";

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");
const wishFor = (path: string, content: Uint8Array | string, rights: Partial<FileWish> = {}): FileWish => ({
  type: "file",
  path,
  digest: sha256(content),
  ...rights,
});
const CHANGED = { status: "done", changed: true, output: "" };
const UNCHANGED = { status: "done", changed: false, output: "" };

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()] : [])(
  "a file ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());

    it("is written with its content, mode and owner, and is then as wished", () => {
      const content = Buffer.from([0, 255, 10, 13, 39, 92, 0]);
      const wish = wishFor("/srv/binary", content, { mode: 0o640, owner: "nobody", group: "nogroup" });
      expect(factOf(place, wish)).toEqual({ type: "file", kind: "absent" });
      expect(change(place, wish, content)).toEqual(CHANGED);
      expect(readFileSync(place.path("/srv/binary"))).toEqual(content);
      expect(factOf(place, wish)).toEqual({ ...wish, path: undefined, kind: "file", size: 7 });
      expect(change(place, wish, content)).toEqual(UNCHANGED);
    });

    it("has its content in no argument of any program that is run for it", () => {
      const content = "hunter2 of the tests\n";
      const wish = wishFor("/srv/secret", content, { mode: 0o600, owner: "nobody" });
      const made = changeScript(wish, { facts: { type: "file", kind: "absent" }, token: TOKEN });
      // The shell shows every command with its arguments before it runs it.
      const { stdout, stderr } = place.run(`set -x\n${made.script}`, stdinOf(made, content));
      expect(readFileSync(place.path("/srv/secret"), "utf8")).toBe(content);
      expect(`${stdout}${stderr}`).toContain("+ mkdir -m 700");
      expect(`${stdout}${stderr}`).not.toContain("hunter2");
    });

    it("is the same file, untouched, after the same script has run again", () => {
      const wish = wishFor("/srv/twice", "once");
      const made = changeScript(wish, { facts: { type: "file", kind: "absent" }, token: TOKEN });
      expect(applied(place, made, "once")).toEqual(CHANGED);
      const before = lstatSync(place.path("/srv/twice"));
      expect(applied(place, made, "once")).toEqual(UNCHANGED);
      const after = lstatSync(place.path("/srv/twice"));
      expect([after.ino, after.mtimeMs, after.mode & 0o777]).toEqual([before.ino, before.mtimeMs, 0o644]);
    });

    it("keeps the mode and owner that it has where none is wished", () => {
      place.write("/srv/kept", "old", 0o4711);
      expect(change(place, wishFor("/srv/kept", "new"), "new")).toEqual(CHANGED);
      expect(statSync(place.path("/srv/kept")).mode & 0o7777).toBe(0o4711);
    });

    it("gets only other rights where it has its content", () => {
      place.write("/srv/rights", "same");
      const before = statSync(place.path("/srv/rights")).ino;
      const wish = wishFor("/srv/rights", "same", { mode: 0o600, owner: "65534" });
      const made = changeScript(wish, { facts: factOf(place, wish), token: TOKEN });
      expect(made).toMatchObject({ stdin: "text", text: `${sha256("same")}\n` });
      expect(applied(place, made)).toEqual(CHANGED);
      expect(applied(place, made)).toEqual(UNCHANGED);
      const { ino, mode, uid } = statSync(place.path("/srv/rights"));
      expect([ino, mode & 0o777, uid]).toEqual([before, 0o600, 65_534]);
    });

    it("is as wished where its owner is wished by number, though that has a name", () => {
      place.write("/srv/numbered", "same");
      const wish = wishFor("/srv/numbered", "same", { owner: "0", group: "0", mode: 0o644 });
      expect(insideDifferences({ wish, facts: factOf(place, wish), prior: undefined })).toEqual([]);
      const other = { ...wish, owner: "65534" };
      expect(insideDifferences({ wish: other, facts: factOf(place, other), prior: undefined })).toEqual([
        { path: "owner", before: "root", after: "65534" },
      ]);
    });

    it("clears away what a killed script left, and nothing that is in use or somebody else's", () => {
      place.run(`mkdir -p /srv/left && cd /srv/left && mkdir -m 700 .orbform-dead.99999999 .orbform-used.1 .orbform-other.99999999
echo half >.orbform-dead.99999999/.orbform-part; chown 65534 .orbform-other.99999999`);
      expect(change(place, wishFor("/srv/left/file", "new"), "new")).toEqual(CHANGED);
      expect(readdirSync(place.path("/srv/left")).toSorted()).toEqual([
        ".orbform-other.99999999",
        ".orbform-used.1",
        "file",
      ]);
    });

    it("is written through a link on the way that only root can have put there, and through no other", () => {
      place.run(`mkdir -p /srv/real /srv/his && chown 65534 /srv/his
ln -s real /srv/roots; ln -s /srv/real /srv/his/own; chown -h 65534 /srv/his/own; ln -s /srv/his/own /srv/round`);
      expect(change(place, wishFor("/srv/roots/file", "new"), "new")).toEqual(CHANGED);
      expect(readFileSync(place.path("/srv/real/file"), "utf8")).toBe("new");
      for (const way of ["his/own", "round"])
        expect(change(place, wishFor(`/srv/${way}/other`, "new"), "new")).toMatchObject({
          status: "refused",
          reason: "is-symlink",
          detail: "/srv/his/own",
        });
      expect(readdirSync(place.path("/srv/real"))).toEqual(["file"]);
    });

    it("is put in place where mv knows no -T, if nobody but root writes to the folder", () => {
      const plain = `mv() { case $1 in *T*) echo "mv: unrecognized option: T" >&2; return 1 ;; esac; command mv "$@"; }\n`;
      place.run(
        "mkdir -p /srv/plain /srv/hers /srv/plain-target; chown 65534 /srv/hers; ln -s ../plain-target /srv/plain/f",
      );
      const made = (path: string): unknown => {
        const made = changeScript(wishFor(path, "new"), { facts: { type: "file", kind: "absent" }, token: TOKEN });
        return applied(place, { ...made, script: plain + made.script }, "new");
      };
      expect(made("/srv/plain/f")).toEqual(CHANGED);
      expect(lstatSync(place.path("/srv/plain/f")).isFile()).toBe(true);
      expect(made("/srv/hers/f")).toMatchObject({ status: "refused", reason: "unmoved" });
      expect([readdirSync(place.path("/srv/hers")), readdirSync(place.path("/srv/plain-target"))]).toEqual([[], []]);
    });

    it("leaves the old one and nothing else where what arrives is cut off", () => {
      place.write("/srv/cut/file", "old");
      const verdict = change(place, wishFor("/srv/cut/file", "all of it"), "all of");
      expect(verdict).toMatchObject({ status: "refused", reason: "cut-off" });
      expect(readdirSync(place.path("/srv/cut"))).toEqual(["file"]);
      expect(readFileSync(place.path("/srv/cut/file"), "utf8")).toBe("old");
    });

    it("leaves the old one and nothing else on a full disk", () => {
      place.write("/srv/full/x", "");
      const wish = wishFor("/srv/full/file", Buffer.alloc(200_000, 1));
      const made = changeScript(wish, { facts: { type: "file", kind: "absent" }, token: TOKEN });
      const mounted = `mount -t tmpfs -o size=64k none /srv/full; echo old >/srv/full/file; ( ${made.script}\n) ; ls -A /srv/full; cat /srv/full/file`;
      const { stdout } = place.run(mounted, stdinOf(made, Buffer.alloc(200_000, 1)));
      expect(stdout).toBe(`\n${TOKEN} verdict refused-disk-full  .\nfile\nold\n`);
    });

    it("replaces a symbolic link and leaves what it led to", () => {
      place.write("/srv/target", "target");
      mkdirSync(place.path("/srv/folder"));
      for (const to of ["target", "folder", "nothing"]) {
        symlinkSync(to, place.path(`/srv/link-${to}`));
        const wish = wishFor(`/srv/link-${to}`, "mine");
        expect(factOf(place, wish)).toEqual({ type: "file", kind: "symlink" });
        expect(change(place, wish, "mine")).toEqual(CHANGED);
        expect(lstatSync(place.path(`/srv/link-${to}`)).isFile()).toBe(true);
      }
      expect(readFileSync(place.path("/srv/target"), "utf8")).toBe("target");
      expect(readdirSync(place.path("/srv/folder"))).toEqual([]);
      expect(existsSync(place.path("/srv/nothing"))).toBe(false);
    });

    it("is refused where a directory stands, where there is no folder, and for nobody's owner", () => {
      mkdirSync(place.path("/srv/dir"));
      const reasons = [
        change(place, wishFor("/srv/dir", "x"), "x"),
        change(place, wishFor("/srv/none/file", "x"), "x"),
        change(place, wishFor("/srv/stranger", "x", { owner: "stranger" }), "x"),
      ].map((verdict) => (verdict.status === "refused" ? `${verdict.reason} ${verdict.detail}` : verdict));
      expect(reasons).toEqual(["is-directory ", "no-folder /srv/none", "no-owner stranger"]);
      expect(existsSync(place.path("/srv/stranger"))).toBe(false);
    });

    it("shows its text where it differs, is text, and is not too long", () => {
      place.write("/srv/text", "grüße\n");
      place.write("/srv/bytes", Buffer.from([0xff, 0xfe]));
      place.write("/srv/nul", "a\0b");
      place.write("/srv/longest", "x".repeat(65_536));
      place.write("/srv/too-long", "x".repeat(65_537));
      const texts = ["text", "bytes", "nul", "longest", "too-long"].map((name) => {
        const facts = factOf(place, wishFor(`/srv/${name}`, "other"));
        return "text" in facts ? facts.text : undefined;
      });
      expect(texts).toEqual(["grüße\n", undefined, undefined, "x".repeat(65_536), undefined]);
      expect(factOf(place, wishFor("/srv/text", "grüße\n"))).not.toHaveProperty("text");
    });

    it("is found and written under any name", () => {
      const names = ["-rf", "a b", "it's", '"$(id)`id`', "new\nline", "*", "\\", "é\t", "#", ";", "&&"];
      mkdirSync(place.path("/srv/names/in"), { recursive: true });
      const wishes = names.map((name) => wishFor(`/srv/names/in/../${name}`, name));
      expect(wishes.map((wish, at) => change(place, wish, names[at]))).toEqual(wishes.map(() => CHANGED));
      expect(readdirSync(place.path("/srv/names")).toSorted()).toEqual([...names, "in"].toSorted());
      const found = factsAt(place, wishes);
      expect(found).toEqual(
        wishes.map(({ digest }, at) =>
          expect.objectContaining({ kind: "file", digest, size: Buffer.byteLength(names[at] ?? "") }),
        ),
      );
    });

    it("is removed only while it holds what was put there", () => {
      place.write("/srv/removed", "mine");
      const made = removeScript({ type: "file", path: "/srv/removed", digest: sha256("mine") }, TOKEN);
      writeFileSync(place.path("/srv/removed"), "edited");
      expect(applied(place, made)).toMatchObject({ status: "refused", reason: "differs" });
      expect(readFileSync(place.path("/srv/removed"), "utf8")).toBe("edited");
      writeFileSync(place.path("/srv/removed"), "mine");
      expect(applied(place, made)).toEqual(CHANGED);
      expect(applied(place, made)).toEqual(UNCHANGED);
      symlinkSync("target", place.path("/srv/removed"));
      expect(applied(place, made)).toMatchObject({ status: "refused", reason: "differs" });
      expect(readlinkSync(place.path("/srv/removed"))).toBe("target");
    });

    it("has what it holds in no script that changes it, and is left where nothing is said of that", () => {
      place.write("/srv/unsaid", "same");
      const wish = wishFor("/srv/unsaid", "same", { mode: 0o600 });
      const absent = { type: "file", kind: "absent" } as const;
      const made = [
        changeScript(wish, { facts: absent, token: TOKEN }),
        changeScript(wish, { facts: { ...absent, kind: "file", digest: wish.digest }, token: TOKEN }),
        removeScript(wish, TOKEN),
      ];
      for (const { script } of made) {
        expect(script).not.toContain(wish.digest);
        expect(verdictOf(place, script)).toMatchObject({ status: "refused", reason: "cut-off" });
      }
      expect(readFileSync(place.path("/srv/unsaid"), "utf8")).toBe("same");
    });

    it("is never written to by looking", () => {
      const list = (): unknown => place.run("ls -lR --full-time /srv /etc 2>/dev/null || ls -lR /srv /etc").stdout;
      const before = list();
      place.run(factsScript([wishFor("/srv/text", "x"), { type: "directory", path: "/srv" }], TOKEN));
      expect(list()).toBe(before);
    });
  },
);

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()] : [])(
  "a directory ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());
    const wish: DirectoryWish = {
      type: "directory",
      path: "/srv/dir",
      mode: 0o2750,
      owner: "nobody",
      group: "nogroup",
    };

    it("is made with its rights, and is then as wished", () => {
      expect(factOf(place, wish)).toEqual({ type: "directory", kind: "absent" });
      expect(change(place, wish)).toEqual(CHANGED);
      expect(factOf(place, wish)).toEqual({ ...wish, path: undefined, kind: "directory", isEmpty: true });
      expect(change(place, wish)).toEqual(UNCHANGED);
    });

    it("is not empty with a hidden or a dangling thing in it", () => {
      const facts = ["/srv/dir/.hidden", "/srv/dir/..odd", "/srv/dir/link"].map((path) => {
        mkdirSync(place.path("/srv/dir"), { recursive: true });
        symlinkSync("nowhere", place.path(path));
        const found = factOf(place, wish);
        place.run(`rm '${path}'`);
        return "isEmpty" in found && found.isEmpty;
      });
      expect(facts).toEqual([false, false, false]);
    });

    it("is refused where a file or a link stands, or its folder is not there, and leaves nothing half made", () => {
      place.write("/srv/file", "");
      symlinkSync("dir", place.path("/srv/link"));
      const refusal = (path: string, owner = "nobody"): unknown => {
        const verdict = change(place, { type: "directory", path, owner });
        return verdict.status === "refused" ? verdict.reason : verdict;
      };
      expect([
        refusal("/srv/file"),
        refusal("/srv/link/"),
        refusal("/srv/a/b"),
        refusal("/srv/new", "stranger"),
      ]).toEqual(["not-directory", "is-symlink", "no-folder", "no-owner"]);
      expect(existsSync(place.path("/srv/new"))).toBe(false);
    });

    it("is removed only while it is empty", () => {
      const made = removeScript({ type: "directory", path: "/srv/dir" }, TOKEN);
      place.write("/srv/dir/-x", "");
      expect(applied(place, made)).toMatchObject({ reason: "not-empty" });
      place.run("rm /srv/dir/-x");
      expect(applied(place, made)).toEqual(CHANGED);
      expect(applied(place, made)).toEqual(UNCHANGED);
    });
  },
);
