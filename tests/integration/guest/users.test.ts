import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript, removeScript } from "../../../src/guest/change.ts";
import type { UserFacts, UserWish } from "../../../src/model/inside.ts";
import { installAccounts } from "../../support/guest-accounts.ts";
import {
  applied,
  busyboxPlace,
  change,
  factOf,
  hasPlaces,
  hostPlace,
  type Place,
  stdinOf,
  TOKEN,
  verdictOf,
} from "../../support/guest-place.ts";

const CHANGED = expect.objectContaining({ status: "done", changed: true });
const UNCHANGED = expect.objectContaining({ status: "done", changed: false });
const user = (name: string, more: Partial<UserWish> = {}): UserWish => ({ type: "user", name, ...more });
const KEYS = ["ssh-ed25519 AAAA ada@mac", `from="10.*",command="echo 'hi'" ssh-rsa BBBB`];

/** busybox's own programs, for the shell that has no others. */
function furnished(place: Place): Place {
  if (place.name === "busybox") installAccounts(place);
  return place;
}

/** Makes it so, finds nothing more to be done, and looks. */
function settled(place: Place, wish: UserWish): unknown {
  const made = changeScript(wish, { facts: factOf(place, wish), token: TOKEN });
  expect(applied(place, made)).toEqual(CHANGED);
  expect(change(place, wish)).toEqual(UNCHANGED);
  return factOf(place, wish);
}

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()].map(furnished) : [])(
  "a user ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());

    it("is made with a home, groups that are made too, and keys", () => {
      const wish = user("ada", { shell: "/bin/sh", groups: ["wheel", "docker"], authorizedKeys: KEYS });
      expect(factOf(place, wish)).toEqual({ type: "user", exists: false });
      expect(settled(place, wish)).toEqual({
        type: "user",
        exists: true,
        uid: statSync(place.path("/home/ada")).uid,
        shell: "/bin/sh",
        home: "/home/ada",
        groups: ["docker", "wheel"],
        authorizedKeys: KEYS,
      });
      const { uid, gid } = statSync(place.path("/home/ada"));
      const folder = statSync(place.path("/home/ada/.ssh"));
      const file = statSync(place.path("/home/ada/.ssh/authorized_keys"));
      expect([folder.mode & 0o777, folder.uid, folder.gid]).toEqual([0o700, uid, gid]);
      expect([file.mode & 0o777, file.uid, file.gid]).toEqual([0o600, uid, gid]);
      expect(uid).toBeGreaterThan(999);
      // With an exclamation mark alone the account is locked to an sshd without PAM, as Alpine has.
      expect(readFileSync(place.path("/etc/shadow"), "utf8")).toMatch(/^ada:\*:/m);
      expect(readdirSync(place.path("/home/ada/.ssh"))).toEqual(["authorized_keys"]);
    });

    it.runIf(place.name === "busybox")("whose account can't be unlocked is not made", () => {
      const chpasswd = readFileSync(place.path("/usr/local/bin/chpasswd"));
      place.write("/usr/local/bin/chpasswd", "#!/bin/sh\nexit 1\n", 0o755);
      expect(change(place, user("sam"))).toMatchObject({ status: "refused", reason: "failed", detail: "chpasswd" });
      place.write("/usr/local/bin/chpasswd", chpasswd, 0o755);
      expect(factOf(place, user("sam"))).toEqual({ type: "user", exists: false });
    });

    it("is nobody whose name only looks alike", () => {
      change(place, user("anna"));
      for (const other of ["nna", "ann", "a.na"]) expect(factOf(place, user(other))).toMatchObject({ exists: false });
    });

    it("gets another shell, home and set of groups, and nobody else does", () => {
      change(place, user("bob", { groups: ["wheel", "audio"] }));
      change(place, user("b.b", { groups: ["wheel"] }));
      const others = readFileSync(place.path("/etc/passwd"), "utf8")
        .split("\n")
        .filter((line) => !line.startsWith("bob:"));
      const wish = user("bob", { shell: "/bin/a&b", home: "/srv/bob", groups: ["video", "audio"] });
      expect(settled(place, wish)).toMatchObject({ shell: "/bin/a&b", home: "/srv/bob", groups: ["audio", "video"] });
      expect(settled(place, user("bob", { groups: [] }))).toMatchObject({ groups: [] });
      const after = readFileSync(place.path("/etc/passwd"), "utf8")
        .split("\n")
        .filter((line) => !line.startsWith("bob:"));
      expect(after).toEqual(others);
      expect(factOf(place, user("b.b"))).toMatchObject({ groups: ["wheel"] });
      expect(statSync(place.path("/etc/passwd")).mode & 0o777).toBe(0o644);
    });

    it("that is there is left as it is where nothing is wished of it", () => {
      change(place, user("eve", { shell: "/bin/sh" }));
      const before = readFileSync(place.path("/etc/passwd"), "utf8");
      expect(change(place, user("eve"))).toEqual(UNCHANGED);
      expect(readFileSync(place.path("/etc/passwd"), "utf8")).toBe(before);
      expect(factOf(place, user("eve"))).not.toHaveProperty("authorizedKeys");
    });

    it("joins a group of its own name that is there already", () => {
      change(place, user("mallory", { groups: ["zoe"] }));
      expect(settled(place, user("zoe"))).toMatchObject({ exists: true, home: "/home/zoe" });
    });

    it("has all its keys replaced, whatever stood there", () => {
      change(place, user("kim", { authorizedKeys: KEYS }));
      writeFileSync(place.path("/home/kim/.ssh/authorized_keys"), `# mine\n\n${KEYS[0]}\nssh-rsa CCCC intruder`);
      const wish = user("kim", { authorizedKeys: [KEYS[0] ?? ""] });
      expect(factOf(place, wish)).toMatchObject({ authorizedKeys: [KEYS[0], "ssh-rsa CCCC intruder"] });
      expect(settled(place, wish)).toMatchObject({ authorizedKeys: [KEYS[0]] });
      expect(settled(place, user("kim", { authorizedKeys: [] }))).toMatchObject({ authorizedKeys: [] });
    });

    it.each([{ authorizedKeys: KEYS }, { authorizedKeys: [] }])(
      "keeps its keys where those that were sent did not come whole ($authorizedKeys.length)",
      ({ authorizedKeys }) => {
        change(place, user("pat", { authorizedKeys: ["ssh-rsa OLD"] }));
        const file = place.path("/home/pat/.ssh/authorized_keys");
        const wish = user("pat", { authorizedKeys });
        const made = changeScript(wish, { facts: factOf(place, wish), token: TOKEN });
        const sent = stdinOf(made);
        const firstKey = sent.indexOf(10, 5) + 1;
        for (const length of [0, 1, 2, 3, 5, firstKey, sent.length - 1].filter((each) => each < sent.length)) {
          const verdict = verdictOf(place, made.script, sent.subarray(0, length));
          expect([length, verdict]).toEqual([length, expect.objectContaining({ reason: "cut-off" })]);
          expect(readFileSync(file, "utf8")).toBe("ssh-rsa OLD\n");
        }
        expect(readdirSync(place.path("/home/pat/.ssh"))).toEqual(["authorized_keys"]);
        expect(verdictOf(place, made.script, sent)).toEqual(CHANGED);
        expect(readFileSync(file, "utf8")).toBe(authorizedKeys.map((key) => `${key}\n`).join(""));
      },
    );

    it("has its keys in its new home, once that is there", () => {
      change(place, user("ivy", { authorizedKeys: KEYS }));
      const wish = user("ivy", { home: "/srv/ivy", authorizedKeys: KEYS });
      expect(change(place, wish)).toMatchObject({ status: "refused", reason: "no-home", detail: "/srv/ivy" });
      expect(factOf(place, wish)).toMatchObject({ home: "/home/ivy" });
      mkdirSync(place.path("/srv/ivy"));
      expect(settled(place, wish)).toMatchObject({ home: "/srv/ivy", authorizedKeys: KEYS });
    });

    it("needs no home for no keys", () => {
      change(place, user("joe", { authorizedKeys: [] }));
      expect(settled(place, user("joe", { home: "/srv/joe", authorizedKeys: [] }))).toMatchObject({
        home: "/srv/joe",
        authorizedKeys: [],
      });
    });

    it("has root read no keys through its links, and no more than a file of keys holds", () => {
      change(place, user("mal", { authorizedKeys: KEYS }));
      const wish = user("mal", { authorizedKeys: [] });
      const folder = place.path("/home/mal/.ssh");
      rmSync(`${folder}/authorized_keys`);
      symlinkSync("/etc/shadow", `${folder}/authorized_keys`);
      expect(factOf(place, wish)).toMatchObject({ authorizedKeys: [] });
      rmSync(folder, { recursive: true });
      place.write("/root/.ssh/authorized_keys", "ssh-rsa ROOT\n");
      symlinkSync("/root/.ssh", folder);
      expect(factOf(place, wish)).toMatchObject({ authorizedKeys: [] });
      rmSync(folder);
      place.write("/home/mal/.ssh/authorized_keys", `${"x".repeat(65_535)}\n`);
      expect(factOf(place, wish)).toMatchObject({ authorizedKeys: ["x".repeat(65_535)] });
      place.write("/home/mal/.ssh/authorized_keys", `${"x".repeat(65_536)}\n`);
      expect(() => factOf(place, wish)).toThrow("An answer from inside can't be read");
      rmSync(place.path("/root/.ssh"), { recursive: true });
    });

    it("does not have root follow its links", () => {
      change(place, user("trudy", {}));
      mkdirSync(place.path("/root/.ssh"), { recursive: true });
      symlinkSync("/root/.ssh", place.path("/home/trudy/.ssh"));
      const wish = user("trudy", { authorizedKeys: KEYS });
      expect(change(place, wish)).toMatchObject({ status: "refused", reason: "is-symlink" });
      expect(readdirSync(place.path("/root/.ssh"))).toEqual([]);
      rmSync(place.path("/home/trudy/.ssh"));
      mkdirSync(place.path("/home/trudy/.ssh"));
      place.write("/root/secret", "root's");
      symlinkSync("/root/secret", place.path("/home/trudy/.ssh/authorized_keys"));
      expect(change(place, wish)).toEqual(CHANGED);
      expect(readFileSync(place.path("/root/secret"), "utf8")).toBe("root's");
      expect(lstatSync(place.path("/home/trudy/.ssh/authorized_keys")).isFile()).toBe(true);
    });

    it("without a home can't have keys", () => {
      expect(change(place, user("nobody", { authorizedKeys: KEYS }))).toMatchObject({ reason: "no-home" });
    });

    it("is removed, and its home stays", () => {
      change(place, user("tom", { authorizedKeys: KEYS }));
      const { script } = removeScript({ type: "user", name: "tom" }, TOKEN);
      expect(verdictOf(place, script)).toEqual(CHANGED);
      expect(factOf(place, user("tom"))).toEqual({ type: "user", exists: false });
      expect(readdirSync(place.path("/home/tom"))).toEqual([".ssh"]);
      expect(verdictOf(place, script)).toEqual(UNCHANGED);
    });

    it("is changed only where it has the number that it was seen with, and not where it was not there", () => {
      const wish = user("ivy", { shell: "/bin/bash" });
      const changing = (facts: UserFacts) => applied(place, changeScript(wish, { facts, token: TOKEN }));
      change(place, user("ivy", { shell: "/bin/sh" }));
      const { uid } = statSync(place.path("/home/ivy"));
      const other = { status: "refused", reason: "another-user", detail: "ivy" };
      expect(changing({ type: "user", exists: false })).toMatchObject(other);
      expect(changing({ type: "user", exists: true, uid: uid + 1 })).toMatchObject(other);
      expect(factOf(place, wish)).toMatchObject({ shell: "/bin/sh" });
      expect(changing({ type: "user", exists: true, uid })).toEqual(CHANGED);
      expect(factOf(place, wish)).toMatchObject({ shell: "/bin/bash" });
    });

    it("is removed only where it has the number that it was made with", () => {
      change(place, user("uma"));
      const { uid } = statSync(place.path("/home/uma"));
      expect(applied(place, removeScript({ type: "user", name: "uma", uid: uid + 1 }, TOKEN))).toEqual(UNCHANGED);
      expect(factOf(place, user("uma"))).toMatchObject({ exists: true, uid });
      expect(applied(place, removeScript({ type: "user", name: "uma", uid }, TOKEN))).toEqual(CHANGED);
    });

    it.each([true, false])(
      "leaves the group of its name that stood there before, with its number (%s)",
      (withMembers) => {
        place.run("userdel dock; deluser dock; sed -i /^dock:/d /etc/group /etc/gshadow");
        writeFileSync(place.path("/etc/group"), `dock:x:777:${withMembers ? "ada" : ""}\n`, { flag: "a" });
        expect(change(place, user("dock"))).toEqual(CHANGED);
        expect(applied(place, removeScript({ type: "user", name: "dock" }, TOKEN))).toEqual(CHANGED);
        expect(factOf(place, user("dock"))).toEqual({ type: "user", exists: false });
        expect(readFileSync(place.path("/etc/group"), "utf8")).toMatch(/^dock:x:777:/m);
      },
    );

    it("takes the group along that was made with it, as their common number tells", () => {
      expect(change(place, user("solo"))).toEqual(CHANGED);
      place.run(`sed -i "s/^solo:x:[0-9]*:/solo:x:4567:/" /etc/group
sed -i "s/^solo:x:[0-9]*:[0-9]*:/solo:x:4567:4567:/" /etc/passwd`);
      expect(readFileSync(place.path("/etc/group"), "utf8")).toMatch(/^solo:/m);
      expect(applied(place, removeScript({ type: "user", name: "solo" }, TOKEN))).toEqual(CHANGED);
      expect(readFileSync(place.path("/etc/group"), "utf8")).not.toMatch(/^solo:/m);
    });

    it("has its keys on standard input only", () => {
      const wish = user("ann", { authorizedKeys: KEYS });
      const made = changeScript(wish, { facts: factOf(place, wish), token: TOKEN });
      expect(made).toMatchObject({ stdin: "text", text: `70\n${KEYS.join("\n")}\n` });
      expect(made.script).not.toContain("AAAA");
    });
  },
);
