import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeScript, removeScript } from "../../../src/guest/change.ts";
import { refusalSentence, type Verdict } from "../../../src/guest/verdict.ts";
import type { PackagesWish } from "../../../src/model/inside.ts";
import {
  applied,
  change,
  factOf,
  hasPlaces,
  hostPlace,
  type Place,
  TOKEN,
  verdictOf,
} from "../../support/guest-place.ts";
import {
  beginWith,
  fetchIndex,
  furnishManager,
  installedAt,
  type RealManager,
  type RealPackage,
  REAL_MANAGERS,
  unmetTools,
} from "../../support/real-managers.ts";

const CHANGED = expect.objectContaining({ status: "done", changed: true });
const UNCHANGED = expect.objectContaining({ status: "done", changed: false });
const wish = (install: PackagesWish["install"], remove: readonly string[] = []): PackagesWish => ({
  type: "packages",
  install,
  remove,
});

const BUILT: readonly RealPackage[] = [
  { name: "web", version: "1.0-1", needs: "lib-x" },
  { name: "web", version: "1.2-1", needs: "lib-x" },
  { name: "web", version: "2.0-1", needs: "nothing-has-it" },
  { name: "lib-x", version: "0.9-1" },
  { name: "lib-x", version: "1.0-1" },
  { name: "tool", version: "1:1.0-1" },
  { name: "tool", version: "1:2.0-1" },
  { name: "rival", version: "1.0-1", conflicts: "tool" },
  { name: "heir", version: "1.0-1", replaces: "tool" },
  { name: "broken", version: "1.0-1", needs: "nothing-has-it" },
  { name: "node-js", version: "1.0-1", provides: "java-script", group: "engines" },
];
const NEW = ["web-1.2-1", "lib-x-0.9-1", "tool-1:2.0-1", "broken-1.0-1"];

/** What a user reads where a machine refused. */
function told(verdict: Verdict): string {
  if (verdict.status !== "refused") throw new Error(`not refused, but ${JSON.stringify(verdict)}`);
  return `${refusalSentence(verdict.reason, verdict.detail)}\n${verdict.output}`;
}

function furnished(manager: RealManager): Place {
  const place = hostPlace();
  furnishManager(place, manager, BUILT);
  return place;
}

const managers = REAL_MANAGERS.map((manager) => ({ manager, unmet: hasPlaces ? unmetTools(manager) : ["unshare"] }));
for (const { manager, unmet } of managers) {
  const without = unmet.length === 0 ? "" : ` (skipped: no ${unmet.join(", ")} here)`;
  describe.skipIf(unmet.length > 0)(`packages of the real ${manager}${without}`, { tags: ["slow"] }, () => {
    let place: Place;
    beforeAll(() => {
      place = furnished(manager);
    });
    afterAll(() => place?.close());
    const begin = (machine: Parameters<typeof beginWith>[2]): void => beginWith(place, manager, machine);
    const installed = (): readonly string[] => installedAt(place, manager);

    it("are found: which are there, and which newer ones the index knows of", () => {
      begin({ installed: ["web-1.0-1", "lib-x-0.9-1", "tool-1:1.0-1"], offered: NEW });
      const asked = wish({ web: "latest", "lib-x": "latest", tool: "latest", broken: "latest", other: "present" }, [
        "leftover",
      ]);
      const before = installed();
      expect(factOf(place, asked)).toEqual({
        type: "packages",
        manager,
        installed: { web: "1.0-1", "lib-x": "0.9-1", tool: "1:1.0-1", broken: null, other: null, leftover: null },
        newer: { web: "1.2-1", tool: "1:2.0-1" },
      });
      expect(installed()).toEqual(before);
    });

    it.runIf(manager === "zypper")("are found while another process has the lock", () => {
      begin({ installed: ["web-1.0-1", "lib-x-0.9-1"], offered: NEW });
      place.write("/run/zypp.pid", `${process.pid}\n`);
      try {
        expect(factOf(place, wish({ web: "latest" }))).toMatchObject({ newer: { web: "1.2-1" } });
      } finally {
        place.run("rm /run/zypp.pid");
      }
    });

    it("become as wished by one script, which then does nothing more", () => {
      begin({ installed: ["web-1.0-1", "lib-x-0.9-1", "heir-1.0-1"], offered: NEW });
      const asked = wish({ web: "latest", tool: "1:2.0-1", "lib-x": "present" }, ["heir"]);
      const made = changeScript(asked, { facts: factOf(place, asked), token: TOKEN });
      expect(applied(place, made)).toEqual(CHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:2.0-1", "web 1.2-1"]);
      expect(factOf(place, asked)).toMatchObject({ newer: {} });
      expect(applied(place, made)).toEqual(UNCHANGED);
      expect(change(place, asked)).toEqual(UNCHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:2.0-1", "web 1.2-1"]);
    });

    it("come with what they need, and those that are there in any version are left as they are", () => {
      begin({ installed: ["tool-1:1.0-1"], offered: NEW });
      expect(change(place, wish({ tool: "present" }))).toEqual(UNCHANGED);
      expect(change(place, wish({ tool: "present", web: "present" }))).toEqual(CHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:1.0-1", "web 1.2-1"]);
    });

    it("are replaced by the version that is asked for, an older one too", () => {
      begin({ installed: ["web-1.2-1", "lib-x-0.9-1", "tool-1:1.0-1"], offered: ["web-1.0-1", "tool-1:2.0-1"] });
      const asked = wish({ web: "1.0-1", tool: "1:2.0-1" });
      expect(change(place, asked)).toEqual(CHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:2.0-1", "web 1.0-1"]);
      expect(change(place, asked)).toEqual(UNCHANGED);
    });

    it("are replaced only where that was found before, whatever a fresh index knows", () => {
      begin({
        installed: ["web-1.0-1", "lib-x-0.9-1"],
        known: ["web-1.0-1", "lib-x-0.9-1", "tool-1:2.0-1"],
        offered: NEW,
      });
      const asked = wish({ web: "latest", tool: "latest" });
      expect(change(place, asked)).toEqual(CHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:2.0-1", "web 1.0-1"]);
      fetchIndex(place, manager);
      expect(factOf(place, asked)).toMatchObject({ newer: { web: "1.2-1" } });
      expect(change(place, asked)).toEqual(CHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:2.0-1", "web 1.2-1"]);
    });

    it("that others depend on are not removed, nor are the others, and the refusal names those", () => {
      begin({ installed: ["web-1.0-1", "lib-x-0.9-1", "tool-1:1.0-1"], offered: NEW });
      const verdict = change(place, wish({}, ["tool", "lib-x"]));
      expect(told(verdict)).toContain("web");
      if (manager === "apt") expect(verdict).toMatchObject({ reason: "needed", detail: "web" });
      else if (manager !== "pacman") expect(verdict).toMatchObject({ reason: "needed", detail: "web-1.0-1.noarch" });
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:1.0-1", "web 1.0-1"]);
      expect(change(place, wish({}, ["lib-x", "web"]))).toEqual(CHANGED);
      expect(installed()).toEqual(["tool 1:1.0-1"]);
    });

    it("that can't be beside others are not installed, and the refusal names those", () => {
      begin({ installed: ["tool-1:1.0-1"], offered: [...NEW, "rival-1.0-1"] });
      const verdict = change(place, wish({ rival: "present" }));
      expect(verdict).toMatchObject({ reason: "failed" });
      expect(told(verdict)).toContain("tool");
      expect(installed()).toEqual(["tool 1:1.0-1"]);
      expect(change(place, wish({ rival: "present" }, ["tool"]))).toEqual(CHANGED);
      expect(installed()).toEqual(["rival 1.0-1"]);
    });

    // pacman asks for that only where it upgrades everything.
    it.skipIf(manager === "pacman")(
      "that take the place of others are not installed, and the refusal names those",
      () => {
        begin({ installed: ["tool-1:1.0-1"], offered: [...NEW, "heir-1.0-1"] });
        for (const asked of ["present", "1.0-1"]) expect(told(change(place, wish({ heir: asked })))).toContain("tool");
        expect(installed()).toEqual(["tool 1:1.0-1"]);
        expect(change(place, wish({ heir: "present" }, ["tool"]))).toEqual(CHANGED);
        expect(installed()).toEqual(["heir 1.0-1"]);
      },
    );

    it("that another is to take the place of are not replaced by it where the latest is asked for", () => {
      begin({ installed: ["tool-1:1.0-1"], offered: NEW });
      const asked = wish({ tool: "latest" });
      const made = changeScript(asked, { facts: factOf(place, asked), token: TOKEN });
      begin({ installed: ["tool-1:1.0-1"], offered: [...NEW, "heir-1.0-1"] });
      applied(place, made);
      expect(installed().map((each) => each.split(" ")[0])).toEqual(["tool"]);
    });

    it("that nothing can be installed with are refused, and the refusal says why", () => {
      begin({ installed: ["tool-1:1.0-1"], offered: NEW });
      expect(told(change(place, wish({ broken: "present" })))).toContain("nothing-has-it");
      expect(installed()).toEqual(["tool 1:1.0-1"]);
    });

    it("of which a newer version can't be installed stay, and that is no success", () => {
      begin({ installed: ["web-1.0-1", "lib-x-0.9-1"], offered: ["web-2.0-1", "lib-x-0.9-1"] });
      const asked = wish({ web: "latest" });
      // Some leave out of their lists what they could not install.
      const found = { type: "packages", manager, installed: { web: "1.0-1" }, newer: { web: "2.0-1" } } as const;
      const verdict = applied(place, changeScript(asked, { facts: found, token: TOKEN }));
      if (manager === "zypper") expect(verdict).toEqual(UNCHANGED);
      else expect(told(verdict)).toContain("nothing-has-it");
      expect(installed()).toEqual(["lib-x 0.9-1", "web 1.0-1"]);
    });

    it("that nobody has are refused by name, and what could be done stays done", () => {
      begin({ installed: ["tool-1:1.0-1"], offered: NEW });
      expect(told(change(place, wish({ nowhere: "present" }, ["tool"])))).toContain("nowhere");
      expect(told(change(place, wish({ web: "7.7-7" })))).toContain("7.7-7");
      expect(installed()).toEqual([]);
    });

    it("that no package is called are refused, and nothing is installed that the word might stand for", () => {
      begin({ installed: ["tool-1:1.0-1"], offered: [...NEW, "node-js-1.0-1"] });
      const words = ["node.js", "java-script", "engines", "pattern:engines", "main-repo:node-js", "node-", "tool+"];
      const asked = words.map((name) => [name, "present"] as const);
      for (const [name, version] of [...asked, ["node.js", "1.0-1"] as const]) {
        const verdict = change(place, wish({ "lib-x": "present", [name]: version }));
        const there = installed().filter((each) => !each.startsWith("lib-x"));
        expect([name, version, there]).toEqual([name, version, ["tool 1:1.0-1"]]);
        expect(told(verdict)).toContain(name);
      }
      expect(change(place, wish({ "node-js": "present" }))).toEqual(CHANGED);
    });

    it("that an old index does not know, or knows in a version that is gone, are found in a fresh one", () => {
      for (const known of ["never fetched", ["lib-x-0.9-1"], ["lib-x-0.9-1", "web-1.0-1"]] as const) {
        begin({ known, offered: NEW });
        const verdict = change(place, wish({ web: "present" }));
        // pacman's is fetched with all packages only.
        if (manager === "pacman") expect(verdict).toMatchObject({ reason: "too-old", detail: "pacman -Syu" });
        else expect(verdict).toEqual(CHANGED);
        expect(installed()).toEqual(manager === "pacman" ? [] : ["lib-x 0.9-1", "web 1.2-1"]);
      }
    });

    it.runIf(["dnf", "zypper"].includes(manager))("are removed in all versions that are there at once", () => {
      begin({ installed: ["lib-x-0.9-1", "lib-x-1.0-1", "tool-1:1.0-1"], offered: NEW });
      expect(factOf(place, wish({ "lib-x": "0.9-1" }))).toMatchObject({ installed: { "lib-x": "0.9-1" } });
      expect(change(place, wish({}, ["lib-x"]))).toEqual(CHANGED);
      expect(installed()).toEqual(["tool 1:1.0-1"]);
    });

    it("are removed where they are there", () => {
      begin({ installed: ["web-1.0-1", "lib-x-0.9-1", "tool-1:1.0-1"], offered: NEW });
      const { script } = removeScript({ type: "packages", manager, names: ["web", "heir"] }, TOKEN);
      expect(verdictOf(place, script)).toEqual(CHANGED);
      expect(verdictOf(place, script)).toEqual(UNCHANGED);
      expect(installed()).toEqual(["lib-x 0.9-1", "tool 1:1.0-1"]);
    });
  });
}
