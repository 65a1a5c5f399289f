import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeScript, removeScript } from "../../../src/guest/change.ts";
import { fateScript, holding, readWord, unlessAtWork } from "../../../src/guest/hold.ts";
import { PRELUDE } from "../../../src/guest/shell.ts";
import { busyboxPlace, hasPlaces, hostPlace, type Place } from "../../support/guest-place.ts";

const [FIRST, SECOND, ASKING] = ["token-of-the-first", "token-of-the-second", "token-of-who-asks"] as const;
const PLACES = [
  { name: "host sh", open: hostPlace, proc: true },
  { name: "busybox", open: busyboxPlace, proc: false },
];

const commandScript = (run: string): string =>
  changeScript({ type: "command", run }, { facts: { type: "command" }, token: FIRST }).script;

describe.runIf(hasPlaces).each(PLACES)("a script that holds its machine ($name)", ({ open, proc }) => {
  let place: Place;
  const begun: ChildProcess[] = [];
  beforeEach(() => {
    place = open();
  });
  afterEach(() => {
    for (const each of begun.splice(0))
      if (each.exitCode === null && each.signalCode === null) process.kill(-(each.pid ?? 0), "SIGKILL");
    place.close();
  });

  const wordOf = (script: string, token: string): string | undefined => readWord(place.run(script).stdout, token)?.word;
  const isFree = (): string | undefined => wordOf(`${PRELUDE}${unlessAtWork(ASKING)}`, ASKING);
  const fateOf = (token: string): string | undefined => wordOf(fateScript(token, ASKING), ASKING);

  /** Begins a script that goes on until `/srv/go` is there, and waits until it is at work. */
  async function begin(token: string): Promise<ChildProcess> {
    const child = place.begin(
      holding(": >/srv/began; while ! [ -e /srv/go ]; do sleep 0.1; done\nleave done\n", token),
    );
    begun.push(child);
    while (!existsSync(place.path("srv/began"))) await pause(20);
    return child;
  }

  async function ended(child: ChildProcess): Promise<void> {
    while (child.exitCode === null && child.signalCode === null) await pause(20);
  }

  test("is the only one at work, and whoever looks is told", async () => {
    const child = await begin(FIRST);
    expect([isFree(), fateOf(FIRST)]).toEqual(["busy", "busy"]);
    expect(wordOf(holding("touch /srv/second\n", SECOND), SECOND)).toBe("busy");
    expect(existsSync(place.path("srv/second"))).toBe(false);
    place.write("srv/go", "");
    await ended(child);
    expect([isFree(), fateOf(FIRST)]).toEqual(["free", "done"]);
    expect(wordOf(holding("touch /srv/second\n", SECOND), SECOND)).toBeUndefined();
    expect(existsSync(place.path("srv/second"))).toBe(true);
    expect(fateOf(FIRST)).toBe("done");
    expect(readdirSync(place.path("run/orbform"))).toEqual([`${FIRST}.end`, `${SECOND}.end`]);
  });

  test("that was killed leaves the machine free, and nobody who could tell its end", async () => {
    const child = await begin(FIRST);
    // With all that it has started, as a machine that is stopped ends it.
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended(child);
    expect([isFree(), fateOf(FIRST)]).toEqual(["free", "lost"]);
    expect(wordOf(holding("touch /srv/second\n", SECOND), SECOND)).toBeUndefined();
    expect(existsSync(place.path("srv/second"))).toBe(true);
    expect(isFree()).toBe("free");
  });

  // What tells it is /proc, which every machine has, and the root of bare programs has not.
  test.runIf(proc)("is at work as long as anything that it started in its group", async () => {
    const child = await begin(FIRST);
    process.kill(child.pid ?? 0, "SIGKILL");
    await ended(child);
    expect([isFree(), fateOf(FIRST)]).toEqual(["busy", "busy"]);
    place.write("srv/go", "");
    while (isFree() === "busy") await pause(20);
    expect(fateOf(FIRST)).toBe("lost");
  });

  test.each([
    ["leave done; exit 0", "done"],
    ["leave refused; exit 0", "refused"],
    ["exit 1", "refused"],
    ["leave ended-7; exit 0", "ended-7"],
    ["kill -15 $$; exit 1", "cut"],
  ])("that ends by %s leaves word of it", (script, word) => {
    place.run(holding(`${script}\n`, FIRST));
    expect(fateOf(FIRST)).toBe(word);
    expect(isFree()).toBe("free");
  });

  test.each([
    ["removes nothing", removeScript({ type: "directory", path: "/srv/none" }, FIRST).script, "done"],
    ["refuses", removeScript({ type: "directory", path: "/srv/full" }, FIRST).script, "refused"],
    ["runs a command that ends well", commandScript("exit 0"), "done"],
    ["runs a command that does not", commandScript("exit 3"), "ended-3"],
  ])("that %s leaves word of it, though its own exit code is 0", (_name, script, word) => {
    place.write("srv/full/theirs", "");
    expect(place.run(script).exitCode).toBe(0);
    expect([fateOf(FIRST), isFree()]).toEqual([word, "free"]);
  });

  test.each([
    ["before it leaves its word", "fill; leave done; exit 0", "lost"],
    ["before a command leaves its word", "fill; leave ended-3; exit 0", "lost"],
    ["after it left its word", "leave done; fill; exit 0", "done"],
    ["and it leaves none", "fill; exit 1", "lost"],
  ])("that finds its disk full %s is never taken for one that was not begun or did nothing", (_name, body, word) => {
    const fill = "fill() { yes >/run/filler 2>/dev/null; }\n";
    place.write("srv/hold", holding(`${fill}${body}\n`, FIRST));
    place.write("srv/fate", fateScript(FIRST, ASKING));
    place.write("srv/next", holding("touch /srv/second; leave done; exit 0\n", SECOND));
    const { stdout } = place.run(
      "mount -t tmpfs -o size=16k tmpfs /run && sh /srv/hold; sh /srv/fate; rm /run/filler; sh /srv/next; ls /run/orbform/*.end",
    );
    expect([readWord(stdout, ASKING)?.word, stdout.split("\n").at(-2)]).toEqual([word, `/run/orbform/${SECOND}.end`]);
    expect(existsSync(place.path("srv/second"))).toBe(true);
  });

  test("that nobody has heard of is kept from beginning", () => {
    expect(fateOf(FIRST)).toBe("never");
    expect(wordOf(holding("touch /srv/first\n", FIRST), FIRST)).toBe("void");
    expect(existsSync(place.path("srv/first"))).toBe(false);
    expect(isFree()).toBe("free");
  });

  test("that can't be kept from beginning is lost, and whoever asks is told", () => {
    mkdirSync(place.path("run/orbform"), { mode: 0o700 });
    mkdirSync(place.path(`run/orbform/${FIRST}.void`));
    expect(fateOf(FIRST)).toBe("lost");
  });

  test("of an earlier boot is not at work any more", () => {
    mkdirSync(place.path("run/orbform"), { mode: 0o700 });
    writeFileSync(place.path("run/orbform/lock"), `${process.pid} 1 another-boot ${FIRST}\n`);
    expect(isFree()).toBe("free");
    expect(wordOf(holding("touch /srv/second\n", SECOND), SECOND)).toBeUndefined();
    expect(readFileSync(place.path("srv/second"), "utf8")).toBe("");
  });
});
