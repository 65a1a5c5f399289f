import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript } from "../../../src/guest/change.ts";
import { PUT_FILE, PUT_PACK } from "../../../src/guest/guest-script.ts";
import { pack } from "../../../src/guest/pack.ts";
import { quoteWords } from "../../../src/guest/quote.ts";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { ATTACKS, attacked, rootsOwn, UNTOUCHED } from "../../support/guest-attack.ts";
import { busyboxPlace, hasPlaces, hostPlace, stdinOf, TOKEN } from "../../support/guest-place.ts";

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");
const NEW = "touch /root/box/ran\n";

function packed(to: string): { readonly args: readonly string[]; readonly bytes: Uint8Array } {
  const things = [
    { entry: { kind: "folder", path: "app", mode: 0o755 }, content: new Uint8Array() },
    { entry: { kind: "file", path: "app/conf", mode: 0o644, size: NEW.length, from: "" }, content: Buffer.from(NEW) },
    { entry: { kind: "link", path: "conf", leadsTo: "app/conf" }, content: new Uint8Array() },
    { entry: { kind: "folder", path: "new", mode: 0o755 }, content: new Uint8Array() },
  ] as const;
  const { bytes, digest, scriptBlocks } = pack(things, { targetOf: (path) => `${to}/${path}` });
  return {
    bytes: Buffer.concat([Buffer.from(`${digest}\n`), bytes]),
    args: [to, "755", "", TOKEN, String(scriptBlocks)],
  };
}

interface Worked {
  readonly script: string;
  readonly stdin: Uint8Array | string;
}

const withArguments = (script: string, args: readonly string[]): string => `set -- ${quoteWords(args)}\n${script}`;

const changed = (wish: InsideWish, facts: InsideFacts, content = NEW): Worked => {
  const made = changeScript(wish, { facts, token: TOKEN });
  return { script: made.script, stdin: stdinOf(made, content) };
};

/** By what it does in nobody's folder. */
const WORK: { readonly [what: string]: Worked } = {
  "copying a file": {
    script: withArguments(PUT_FILE, ["/home/him/conf", "644", "65534:65534", TOKEN]),
    stdin: `${sha256(NEW)}\n${NEW}`,
  },
  "copying a folder": { script: withArguments(PUT_PACK, packed("/home/him").args), stdin: packed("/home/him").bytes },
  "writing a file": changed(
    { type: "file", path: "/home/him/conf", digest: sha256(NEW), owner: "nobody" },
    { type: "file", kind: "absent" },
  ),
  "writing a file further down": changed(
    { type: "file", path: "/home/him/app/conf", digest: sha256(NEW), owner: "nobody" },
    { type: "file", kind: "absent" },
  ),
  "giving a file another mode": changed(
    { type: "file", path: "/home/him/conf", digest: sha256("old\n"), owner: "nobody", mode: 0o640 },
    { type: "file", kind: "file", digest: sha256("old\n") },
  ),
  "giving a directory away": changed(
    { type: "directory", path: "/home/him/app", owner: "nobody", mode: 0o777 },
    { type: "directory", kind: "directory" },
  ),
  "making a directory": changed(
    { type: "directory", path: "/home/him/made", owner: "nobody", mode: 0o777 },
    { type: "directory", kind: "absent" },
  ),
  "writing keys": changed(
    { type: "user", name: "nobody", authorizedKeys: ["ssh-ed25519 AAAA him"] },
    { type: "user", exists: true, authorizedKeys: [] },
  ),
};

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()] : [])(
  "in a folder that is somebody else's ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());
    place.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home/him:/bin/sh\n");

    const cases = Object.keys(WORK).flatMap((what) =>
      Object.entries(ATTACKS).map(([name, attack]) => ({ what, name, attack })),
    );

    it.each(cases)("$what gives nothing of root's away while $name", ({ what, attack }) => {
      const { script, stdin } = WORK[what] ?? { script: "exit 1", stdin: "" };
      place.run(attacked(place, attack, script), stdin);
      expect(rootsOwn(place)).toBe(UNTOUCHED);
    });

    it.each(Object.keys(WORK))("%s is done where nobody disturbs it, and leaves nothing else", (what) => {
      const { script, stdin } = WORK[what] ?? { script: "exit 1", stdin: "" };
      const { exitCode, stdout } = place.run(attacked(place, ":", script), stdin);
      expect([exitCode, stdout]).toEqual([0, what.startsWith("copying") ? "" : `\n${TOKEN} verdict done-changed  .\n`]);
      expect(place.run("find /home/him -name '.orbform-*'").stdout).toBe("");
      expect(rootsOwn(place)).toBe(UNTOUCHED);
    });
  },
);
