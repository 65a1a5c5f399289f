import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript, removeScript } from "../../../src/guest/change.ts";
import type { PackagesWish } from "../../../src/model/inside.ts";
import { PACKAGE_MANAGERS } from "../../../src/guest/package-managers.ts";
import { installManager } from "../../support/guest-managers.ts";
import {
  applied,
  busyboxPlace,
  change,
  factOf,
  hasPlaces,
  hostPlace,
  type Place,
  TOKEN,
  verdictOf,
} from "../../support/guest-place.ts";

const CHANGED = expect.objectContaining({ status: "done", changed: true });
const UNCHANGED = expect.objectContaining({ status: "done", changed: false });
const wish = (install: PackagesWish["install"], remove: readonly string[] = []): PackagesWish => ({
  type: "packages",
  install,
  remove,
});

/** Those that remove what a package takes the place of without being told to. */
const UNASKED: ReadonlySet<string> = new Set(["dnf", "zypper", "xbps"]);

const places = hasPlaces
  ? PACKAGE_MANAGERS.flatMap((manager) =>
      [hostPlace(), busyboxPlace()].map((place) => ({ manager, name: place.name, place })),
    )
  : [];

/** What changed since, of all that its package manager was told. */
function told(place: Place, act: () => void): readonly string[] {
  const log = (): string => readFileSync(place.path("/var/fake/log"), "utf8");
  const { length } = log();
  act();
  return log()
    .slice(length)
    .split("\n")
    .filter((line) => / (?:install|upgrade|update|remove|refresh|makecache|add|del|-S|-Sy|-R|-y)(?: |$)/.test(line));
}

describe.skipIf(!hasPlaces).each(places)("packages of $manager ($name)", { tags: ["slow"] }, ({ manager, place }) => {
  afterAll(() => place.close());
  const offered = { web: "1.2-r3", "lib-x": "0.9-1", tool: "2.0-1", pinned: "3.1-1" };

  it("are found: which are there, and which newer ones the index knows of", () => {
    installManager(place, manager, { offered, installed: { web: "1.1-r0", "lib-x": "0.9-1" } });
    const asked = wish({ web: "latest", "lib-x": "latest", tool: "latest", other: "present" }, ["leftover"]);
    expect(factOf(place, asked)).toEqual({
      type: "packages",
      manager,
      installed: { web: "1.1-r0", "lib-x": "0.9-1", tool: null, other: null, leftover: null },
      newer: { web: "1.2-r3" },
    });
  });

  it("become as wished by one script, which then does nothing more", () => {
    installManager(place, manager, { offered, installed: { web: "1.1-r0", "lib-x": "0.9-1", pinned: "3.0-1" } });
    const asked = wish({ web: "latest", tool: "present", pinned: "3.1-1" }, ["lib-x"]);
    const made = changeScript(asked, { facts: factOf(place, asked), token: TOKEN });
    expect(applied(place, made)).toEqual(CHANGED);
    expect(factOf(place, asked)).toEqual({
      type: "packages",
      manager,
      installed: { web: "1.2-r3", tool: "2.0-1", pinned: "3.1-1", "lib-x": null },
      newer: {},
    });
    const again = told(place, () => expect(applied(place, made)).toEqual(UNCHANGED));
    // Asked for the latest, an index that is old may be fetched; nothing else is done.
    expect(again.filter((line) => !/ (?:update|-Sy?)$/.test(line))).toEqual([]);
    expect(change(place, asked)).toEqual(UNCHANGED);
  });

  it("are replaced only where that was found before, whatever a fresh index knows", () => {
    installManager(place, manager, { offered, known: { web: "1.1-r0", tool: "2.0-1" }, installed: { web: "1.1-r0" } });
    const asked = wish({ web: "latest", tool: "latest" });
    expect(change(place, asked)).toEqual(CHANGED);
    expect(factOf(place, asked)).toMatchObject({ installed: { web: "1.1-r0", tool: "2.0-1" } });
    place.run("cp /var/fake/offered /var/fake/known");
    expect(factOf(place, asked)).toMatchObject({ newer: { web: "1.2-r3" } });
    expect(change(place, asked)).toEqual(CHANGED);
    expect(factOf(place, asked)).toMatchObject({ installed: { web: "1.2-r3" } });
  });

  it("that others depend on are not removed, nor are the others, and the refusal names those", () => {
    installManager(place, manager, {
      offered,
      installed: { web: "1.1-r0", "lib-x": "0.9-1" },
      needs: { web: "lib-x" },
    });
    const verdict = change(place, wish({}, ["lib-x"]));
    expect(verdict).toMatchObject({ status: "refused" });
    if (manager !== "pacman" && manager !== "xbps") expect(verdict).toMatchObject({ reason: "needed", detail: "web" });
    expect(JSON.stringify(verdict)).toContain("web");
    expect(factOf(place, wish({ web: "present", "lib-x": "present" }))).toMatchObject({
      installed: { web: "1.1-r0", "lib-x": "0.9-1" },
    });
    expect(change(place, wish({}, ["lib-x", "web"]))).toEqual(CHANGED);
  });

  it("that others would have to go for are not installed, and the refusal names those", () => {
    const old = { installed: { tool: "1.0_1", "lib-x": "0.8-1" }, replaces: { web: "tool", "lib-x": "tool" } };
    installManager(place, manager, { offered, ...old });
    for (const asked of [wish({ web: "present" }), wish({ web: "1.2-r3" }), wish({ "lib-x": "latest" })]) {
      const verdict = change(place, asked);
      expect(verdict).toMatchObject({ status: "refused" });
      if (UNASKED.has(manager)) expect(verdict).toMatchObject({ reason: "others-go", detail: "tool" });
      else expect(verdict).toMatchObject({ reason: "failed", output: expect.stringContaining("tool") });
    }
    expect(factOf(place, wish({ tool: "present", web: "present" }))).toMatchObject({
      installed: { tool: "1.0_1", web: null },
    });
    expect(change(place, wish({ web: "present" }, ["tool"]))).toEqual(CHANGED);
  });

  it("that are there in any version are left as they are", () => {
    installManager(place, manager, { offered, installed: { web: "1.1-r0" } });
    expect(told(place, () => expect(change(place, wish({ web: "present" }))).toEqual(UNCHANGED))).toEqual([]);
  });

  it.runIf(manager === "pacman")(
    "that an old database does not know are refused: it is fetched with all packages only",
    () => {
      for (const known of [{}, { web: "1.1-r0" }] as const) {
        installManager(place, manager, { offered, known });
        const verdict = (): unknown => change(place, wish({ web: "present" }));
        expect(
          told(place, () => expect(verdict()).toMatchObject({ reason: "too-old", detail: "pacman -Syu" })),
        ).toEqual(["pacman --noconfirm -S --needed web"]);
      }
    },
  );

  it.skipIf(manager === "pacman")(
    "are found in a fresh index where the old one does not know them, or knows what is gone",
    () => {
      installManager(place, manager, { offered, known: {} });
      expect(change(place, wish({ web: "present" }))).toEqual(CHANGED);
      installManager(place, manager, { offered, known: { web: "1.1-r0" } });
      expect(change(place, wish({ web: "present" }))).toEqual(CHANGED);
      expect(factOf(place, wish({ web: "present" }))).toMatchObject({ installed: { web: "1.2-r3" } });
    },
  );

  it("that came with another stay where they are wished and the other goes", () => {
    const old = { installed: { web: "1.1-r0", "lib-x": "0.8-1" }, needs: { web: "lib-x" }, automatic: ["lib-x"] };
    for (const asked of ["present", "0.8-1"]) {
      installManager(place, manager, { offered, ...old });
      const wished = wish({ "lib-x": asked, tool: "present" }, ["web"]);
      expect(change(place, wished)).toEqual(CHANGED);
      expect(factOf(place, wished)).toMatchObject({ installed: { web: null, "lib-x": "0.8-1", tool: "2.0-1" } });
    }
  });

  it("that nobody has are no verdict of success, and what could be done stays done", () => {
    const reason = manager === "pacman" ? "too-old" : "failed";
    installManager(place, manager, { offered, installed: { "lib-x": "0.9-1" } });
    expect(change(place, wish({ nowhere: "present" }, ["lib-x"]))).toMatchObject({
      status: "refused",
      reason: manager === "apt" ? "no-package" : reason,
    });
    expect(factOf(place, wish({ "lib-x": "present" }))).toMatchObject({ installed: { "lib-x": null } });
    expect(change(place, wish({ web: "7.7-7" }))).toMatchObject({ status: "refused", reason });
  });

  it("are removed where they are there", () => {
    installManager(place, manager, { offered, installed: { web: "1.1-r0", tool: "2.0-1" } });
    const { script } = removeScript({ type: "packages", manager, names: ["web", "lib-x"] }, TOKEN);
    expect(verdictOf(place, script)).toEqual(CHANGED);
    expect(verdictOf(place, script)).toEqual(UNCHANGED);
    expect(factOf(place, wish({ tool: "present", web: "present" }))).toMatchObject({
      installed: { tool: "2.0-1", web: null },
    });
  });
});

describe.skipIf(!hasPlaces)("a machine's package manager", { tags: ["slow"] }, () => {
  const place = busyboxPlace();
  afterAll(() => place.close());

  it("is none that is known, or the configuration of NixOS", () => {
    expect(factOf(place, wish({ web: "present" }))).toMatchObject({
      why: expect.stringContaining("None of the known"),
    });
    installManager(place, "pacman", { offered: {} });
    place.write("/etc/os-release", 'ID=nixos\nID_LIKE=""\n');
    expect(factOf(place, wish({ web: "present" }))).toEqual({
      type: "unavailable",
      why: "The packages of a NixOS machine are declared in its own configuration.",
    });
  });

  it("is the distribution's own where there are several", () => {
    installManager(place, "apt", { offered: {} });
    installManager(place, "dnf", { offered: {} });
    expect(factOf(place, wish({}))).toMatchObject({ manager: "dnf" });
    place.write("/etc/os-release", "ID=unheard-of\n");
    expect(factOf(place, wish({}))).toMatchObject({ manager: "apt" });
  });

  it("that says yes and does nothing is found out", () => {
    installManager(place, "apk", { offered: { web: "1.0-r0" }, installed: { tool: "1-r0" } });
    const facts = { type: "packages", manager: "apk", installed: {}, newer: {} } as const;
    const lie = (): void => {
      const lies = "sed -i 's/^\\(take\\|drop\\)() {/\\1() { exit 0/' /usr/local/bin/apk";
      place.run(`${lies}; sed -i 's/^drop().*/drop() { exit 0; }/' /usr/local/bin/apk`);
    };
    lie();
    const verdictFor = (asked: PackagesWish): unknown => applied(place, changeScript(asked, { facts, token: TOKEN }));
    expect(verdictFor(wish({ web: "present" }))).toMatchObject({ reason: "not-installed", detail: "web" });
    expect(verdictFor(wish({ web: "1.0-r0" }))).toMatchObject({ reason: "not-installed", detail: "web 1.0-r0" });
    expect(verdictFor(wish({}, ["tool"]))).toMatchObject({ reason: "still-installed", detail: "tool" });
    installManager(place, "apk", { offered: { tool: "2-r0" }, installed: { tool: "1-r0" } });
    lie();
    const newer = { ...facts, installed: { tool: "1-r0" }, newer: { tool: "2-r0" } };
    const { script } = changeScript(wish({ tool: "latest" }), { facts: newer, token: TOKEN });
    expect(verdictOf(place, script)).toMatchObject({ reason: "not-installed", detail: "tool 2-r0" });
  });

  it("is never given an option for a package", () => {
    const facts = { type: "packages", manager: "apt", installed: {}, newer: {} } as const;
    for (const name of ["-y", "@base", "a b", "a*", "$(id)", "", "a\nb"]) {
      expect(() => changeScript(wish({ [name]: "present" }), { facts, token: TOKEN })).toThrow("can't be a package");
      expect(() => changeScript(wish({ ok: name }), { facts, token: TOKEN })).toThrow("can't be a package");
      expect(() => removeScript({ type: "packages", manager: "apt", names: [name] }, TOKEN)).toThrow(
        "can't be a package",
      );
    }
  });
});
