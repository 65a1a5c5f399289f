import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript } from "../../../src/guest/change.ts";
import { factsScript } from "../../../src/guest/facts.ts";
import { INSIDE_TYPES, type InsideType, type InsideWish } from "../../../src/model/inside.ts";
import {
  applied,
  busyboxPlace,
  change,
  factOf,
  factsAt,
  hasPlaces,
  hostPlace,
  TOKEN,
  verdictOf,
} from "../../support/guest-place.ts";

const command = (run: string | readonly string[], more: object = {}): InsideWish => ({ type: "command", run, ...more });

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()] : [])(
  "a command ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());

    it("ends with its own exit code, apart from what it prints", () => {
      const verdict = change(place, command("echo out; echo err >&2; exit 7"));
      expect(verdict).toEqual({ status: "ended", code: 7, output: "out\nerr\n" });
      expect(change(place, command(["printf", "%s|", "a b", "", "it's"]))).toEqual({
        status: "ended",
        code: 0,
        output: "a b||it's|",
      });
    });

    it("is a program, never a function or a builtin of the script", () => {
      for (const word of ["has", "no", "ok", "ended", "return"])
        expect(change(place, command([word, "failed"]))).toMatchObject({ status: "ended", code: 127 });
    });

    it("is told from a script that was killed, whatever the exit code", () => {
      const { script } = changeScript(command("kill -9 $PPID"), { facts: { type: "command" }, token: TOKEN });
      expect(() => verdictOf(place, script)).toThrow("without a verdict");
    });

    it("reads nothing of the script's input", () => {
      const { script } = changeScript(command(["cat"]), { facts: { type: "command" }, token: TOKEN });
      expect(verdictOf(place, script, "secret")).toEqual({ status: "ended", code: 0, output: "" });
    });

    it("runs where it is told, as whom it is told, with the environment that is there", () => {
      place.write(
        "/etc/passwd",
        `${readFileSync(place.path("/etc/passwd"), "utf8")}a.b:x:1234:65534::/home/ab:/bin/false\n`,
      );
      const wish = command('pwd; id -u; id -g; echo "$HOME $USER $GIVEN"', { user: "a.b", workdir: "/srv" });
      const { script } = changeScript(wish, { facts: { type: "command" }, token: TOKEN });
      const { stdout } = place.run(script, "", { GIVEN: "a secret" });
      expect(stdout.split("\n").slice(0, 4)).toEqual(["/srv", "1234", "65534", "/home/ab a.b a secret"]);
    });

    it("is refused for a user or a folder that is not there", () => {
      expect(change(place, command("true", { user: "axb" }))).toMatchObject({ reason: "no-user", detail: "axb" });
      expect(change(place, command("true", { workdir: "/srv/none" }))).toMatchObject({ reason: "no-workdir" });
    });

    it("has its conditions asked, and what they print is not taken for facts", () => {
      place.write("/srv/there", "");
      const wishes = [
        command("x", { creates: "/srv/there" }),
        command("x", { creates: "/srv/none", unless: ["test", "-e", "/srv/there"] }),
        command("x", { unless: `printf '\\n${TOKEN} facts\\n'; false`, onlyIf: "echo noise; echo noise >&2" }),
        command("x", { onlyIf: "exit 3" }),
        command("x"),
      ];
      expect(factsAt(place, wishes)).toEqual([
        { type: "command", created: true },
        { type: "command", created: false, unless: true },
        { type: "command", unless: false, onlyIf: true },
        { type: "command", onlyIf: false },
        { type: "command" },
      ]);
    });

    it("asks the conditions that spoke for it again, so that a second run does nothing", () => {
      for (const more of [
        { creates: "/srv/made" },
        { unless: "test -e /srv/made" },
        { onlyIf: "test ! -e /srv/made" },
      ]) {
        place.run("rm -f /srv/made /srv/log");
        const wish = command("echo once >>/srv/log; touch /srv/made", more);
        const made = changeScript(wish, { facts: factOf(place, wish), token: TOKEN });
        expect(applied(place, made)).toMatchObject({ status: "ended", code: 0 });
        expect(applied(place, made)).toMatchObject({ status: "done", changed: false });
        expect(readFileSync(place.path("/srv/log"), "utf8")).toBe("once\n");
        // Asked to run although a condition speaks against it: a trigger has another value.
        expect(change(place, wish)).toMatchObject({ status: "ended", code: 0 });
      }
    });
  },
);

describe.skipIf(!hasPlaces).each(hasPlaces ? [hostPlace(), busyboxPlace()] : [])(
  "all types ($name)",
  { tags: ["slow"] },
  (place) => {
    afterAll(() => place.close());
    const wishes: { readonly [type in InsideType]: InsideWish } = {
      file: { type: "file", path: "/srv/x", digest: "0".repeat(64) },
      directory: { type: "directory", path: "/srv" },
      packages: { type: "packages", install: { nginx: "present" }, remove: [] },
      service: { type: "service", name: "nginx" },
      user: { type: "user", name: "ada", authorizedKeys: [] },
      command: command("true", { unless: "false" }),
    };

    it("are found out about in one run that leaves nothing behind", () => {
      const all = INSIDE_TYPES.map((type) => wishes[type]);
      const found = factsAt(place, [...all, ...all]);
      expect(found.slice(0, all.length)).toEqual(found.slice(all.length));
      expect(found.map(({ type }) => type)).toContain("command");
      expect(existsSync(place.path("/srv/x"))).toBe(false);
    });

    it("are nothing at all where nothing is asked", () => {
      expect(factsAt(place, [])).toEqual([]);
    });

    it("survive a machine that greets and a shell that traces", () => {
      const { stdout } = place.run(`echo Welcome; set -x; ${factsScript([wishes.directory], TOKEN)}\necho bye`);
      expect(stdout).toMatch(/^Welcome\n.*bye\n$/s);
      expect(factOf({ run: (script) => place.run(`printf 'no newline'; ${script}`) }, wishes.directory)).toMatchObject({
        kind: "directory",
      });
    });
  },
);
