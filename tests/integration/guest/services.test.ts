import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { changeScript, removeScript, restartScript } from "../../../src/guest/change.ts";
import type { ServiceManager, ServiceWish } from "../../../src/model/inside.ts";
import {
  applied,
  busyboxPlace,
  change,
  factOf,
  hasPlaces,
  hostPlace,
  TOKEN,
  verdictOf,
} from "../../support/guest-place.ts";
import { installServices } from "../../support/guest-services.ts";

const MANAGERS: readonly ServiceManager[] = ["systemd", "openrc", "runit"];
const CHANGED = expect.objectContaining({ status: "done", changed: true });
const UNCHANGED = expect.objectContaining({ status: "done", changed: false });
const wish = (more: Partial<ServiceWish> = {}): ServiceWish => ({ type: "service", name: "web", ...more });

const places = hasPlaces
  ? MANAGERS.flatMap((manager) => [hostPlace(), busyboxPlace()].map((place) => ({ manager, name: place.name, place })))
  : [];

describe.skipIf(!hasPlaces).each(places)("a service of $manager ($name)", { tags: ["slow"] }, ({ manager, place }) => {
  installServices(place, manager);
  // What runit watches for itself here: a runsv that has come up.
  mkdirSync(place.path("/etc/sv/web/supervise"), { recursive: true });
  place.write("/etc/sv/web/supervise/ok", "");
  afterAll(() => place.close());
  const facts = (running: boolean, enabled: boolean): object => ({
    type: "service",
    manager,
    exists: true,
    running,
    enabled,
  });
  const log = (): string =>
    existsSync(place.path("/var/fake/log")) ? readFileSync(place.path("/var/fake/log"), "utf8") : "";

  it("becomes every wish from every state, and then nothing more is done", () => {
    const states = [true, false].flatMap((running) => [true, false].map((enabled) => ({ running, enabled })));
    for (const before of states) {
      for (const after of states) {
        change(place, wish(before));
        expect(factOf(place, wish())).toEqual(facts(before.running, before.enabled));
        const made = changeScript(wish(after), { facts: factOf(place, wish()), token: TOKEN });
        const same = before.running === after.running && before.enabled === after.enabled;
        expect(applied(place, made)).toEqual(same ? UNCHANGED : CHANGED);
        expect(factOf(place, wish())).toEqual(facts(after.running, after.enabled));
        const { length } = log();
        expect(applied(place, made)).toEqual(UNCHANGED);
        expect(log().slice(length)).not.toMatch(/ (?:re)?start| stop|enable web|disable web|add|del|daemon-reload/);
      }
    }
  });

  it("has only that changed which is asked for", () => {
    change(place, wish({ running: true, enabled: false }));
    expect(change(place, wish({ enabled: true }))).toEqual(CHANGED);
    expect(factOf(place, wish())).toEqual(facts(true, true));
    expect(change(place, wish({ running: false }))).toEqual(CHANGED);
    expect(factOf(place, wish())).toEqual(facts(false, true));
    expect(change(place, wish())).toEqual(UNCHANGED);
  });

  it("is restarted, and started where it does not run", () => {
    change(place, wish({ running: false }));
    const script = restartScript({ name: "web", manager }, TOKEN);
    expect(verdictOf(place, script)).toEqual(CHANGED);
    expect(factOf(place, wish())).toMatchObject({ running: true });
    expect(verdictOf(place, script)).toEqual(CHANGED);
    expect(log()).toContain("restart");
  });

  it("is put back to how it was", () => {
    change(place, wish({ running: true, enabled: true }));
    const { script } = removeScript({ type: "service", manager, name: "web", running: false, enabled: false }, TOKEN);
    expect(verdictOf(place, script)).toEqual(CHANGED);
    expect(factOf(place, wish())).toEqual(facts(false, false));
    expect(verdictOf(place, script)).toEqual(UNCHANGED);
    expect(applied(place, removeScript({ type: "service", manager, name: "gone", running: false }, TOKEN))).toEqual(
      UNCHANGED,
    );
  });

  it("that is not there is found out, and is no verdict of success", () => {
    const none = wish({ name: "no-such", running: true });
    expect(factOf(place, none)).toEqual({ type: "service", manager, exists: false, running: false, enabled: false });
    expect(change(place, none)).toMatchObject({ status: "refused", reason: "no-service", detail: "no-such" });
    expect(verdictOf(place, restartScript({ name: "no-such", manager }, TOKEN))).toMatchObject({
      reason: "no-service",
    });
  });

  it("that will not start says so", () => {
    if (manager !== "systemd") return;
    change(place, wish({ running: false }));
    place.write("/var/fake/broken", "");
    expect(change(place, wish({ running: true }))).toMatchObject({ reason: "failed", detail: "start" });
    rmSync(place.path("/var/fake/broken"));
  });

  it("that can be neither enabled nor disabled counts as enabled, and says no to being disabled", () => {
    if (manager !== "systemd") return;
    const fixed = wish({ name: "fixed" });
    expect(factOf(place, fixed)).toMatchObject({ exists: true, enabled: true });
    expect(change(place, { ...fixed, enabled: true })).toEqual(UNCHANGED);
    expect(change(place, { ...fixed, enabled: false })).toMatchObject({ reason: "not-so", detail: "disable" });
  });
});

describe.skipIf(!hasPlaces)("a machine without a service manager that runs", () => {
  const place = busyboxPlace();
  afterAll(() => place.close());

  it("says that there is none, also where a systemctl lies about", () => {
    place.write("/usr/local/bin/systemctl", "#!/bin/sh\n", 0o755);
    expect(factOf(place, wish())).toEqual({
      type: "unavailable",
      why: "None of the known service managers runs there (systemd, openrc, runit).",
    });
  });
});
