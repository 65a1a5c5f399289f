import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Applied } from "../../../src/engine-types.ts";
import { actionId } from "../../../src/model/action.ts";
import { DEFAULT_LIFECYCLE, type Lifecycle } from "../../../src/model/lifecycle.ts";
import type { DesiredArchive, DesiredResource } from "../../../src/model/resource.ts";
import { applyStack } from "../../../src/engine.ts";
import { APPLY, type Fleetyard } from "../../support/applied-fleet.ts";
import { engineWorld, stackOf } from "../../support/engine-world.ts";
import { at, desired, inside } from "../../support/execute-builders.ts";
import { fleetyards } from "../../support/fleet-yards.ts";
import { desiredArchive } from "../../support/plan-builders.ts";

const newYard = fleetyards();

const web = desired("web");
const ADDRESS = "archive.backup" as DesiredArchive["address"];
const backup = (given: Partial<DesiredArchive> = {}) => desiredArchive("backup", at("web"), given);
const triggered = (triggers: number, given: Partial<DesiredArchive> = {}) => backup({ triggers, ...given });
const life = (given: Partial<Lifecycle>) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });

/** Where archives of a yard lie. */
const folder = ({ home }: Fleetyard, dir = "backups"): string => join(home, dir);

function files(yard: Fleetyard, dir?: string): readonly string[] {
  const path = folder(yard, dir);
  return existsSync(path) ? readdirSync(path).toSorted() : [];
}

const archives = (yard: Fleetyard, dir?: string) => files(yard, dir).filter((name) => name.endsWith(".tar.zst"));

async function applied(yard: Fleetyard, resources: readonly DesiredResource[]): Promise<Applied> {
  const done = await yard.apply(resources);
  for (const [id, result] of done.results) expect(result.status, `${id}: ${JSON.stringify(result)}`).toBe("succeeded");
  return done;
}

function made({ snapshot }: Pick<Applied, "snapshot">) {
  const state = snapshot.resources[ADDRESS];
  if (state?.type !== "archive" || state.made === undefined) throw new Error("there is no archive in state");
  return state.made;
}

async function planned(yard: Fleetyard, resources: readonly DesiredResource[]) {
  const { plan } = await yard.plan(resources);
  const errors = plan.diagnostics.filter(({ severity }) => severity === "error");
  return {
    changes: plan.changes.map(({ address, action }) => `${address} ${action}`),
    drift: plan.drift.map(({ address, kind }) => `${address} ${kind}`),
    errors: errors.map(({ code }) => code),
  };
}

/** Changes one byte and nothing else. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(8) ^ 1, 8);
  writeFileSync(path, bytes);
}

/** The same content, but by way of a link. */
function link(path: string): void {
  renameSync(path, `${path}.real`);
  symlinkSync(`${path}.real`, path);
}

const QUIET = { changes: [], drift: [], errors: [] };

describe("an archive", () => {
  test("is exported once, after what lies inside its machine, with all that is known of it in state and beside it", async () => {
    const yard = newYard();
    const page = inside("file", "page", { path: "/srv-page", content: "hello\n" });
    const stack = [web, page, backup({ keep: { last: 2 } })];
    const done = await applied(yard, stack);
    expect(await planned(yard, stack)).toEqual(QUIET);
    const { file, sha256, sizeBytes, createdAt, madeBy, machine } = made(done);
    expect(files(yard)).toEqual([file.replace(".tar.zst", ".json"), file]);
    const metadata = JSON.parse(readFileSync(join(folder(yard), file.replace(".tar.zst", ".json")), "utf8"));
    expect(metadata).toMatchObject({ archive: file, sha256, sizeBytes, createdAt, madeBy, address: "machine.web" });
    expect(metadata.machine).toEqual({ id: machine, name: "web" });
    expect(done.planned.plan.actions.find(({ kind }) => kind === "export")?.after).toContain("file.page:write");
    expect([...yard.calls].find(([call]) => call === "export")).toEqual(["export", 1]);
  });

  test("is exported again where its triggers change, and only as many are kept as are asked for", async () => {
    const yard = newYard();
    const seen: string[] = [];
    for (const trigger of [1, 2, 3, 4]) {
      seen.push(made(await applied(yard, [web, triggered(trigger, { keep: { last: 2 } })])).file);
      // Within one second the name of one that went is free again, so they need not sort by age.
      expect(archives(yard)).toEqual(seen.slice(-2).toSorted());
    }
    expect(await planned(yard, [web, triggered(4, { keep: { last: 2 } })])).toEqual(QUIET);
  });

  test("lets older ones go with the next export, once fewer are to be kept", async () => {
    const yard = newYard();
    for (const trigger of [1, 2, 3]) await applied(yard, [web, triggered(trigger)]);
    const before = archives(yard);
    const done = await applied(yard, [web, triggered(3, { keep: { last: 1 } })]);
    expect(done.planned.plan.changes).toMatchObject([{ address: ADDRESS, action: "update", actions: [] }]);
    expect(archives(yard)).toEqual(before);
    expect(await planned(yard, [web, triggered(3, { keep: { last: 1 } })])).toEqual(QUIET);
    const { file } = made(await applied(yard, [web, triggered(4, { keep: { last: 1 } })]));
    expect([before.length, archives(yard)]).toEqual([3, [file]]);
  });

  test("is exported again where its machine is another one, whose predecessor's archive stays", async () => {
    const yard = newYard();
    const first = made(await applied(yard, [web, backup()]));
    const newer = desired("web", { origin: { kind: "image", distro: "debian" } });
    const second = made(await applied(yard, [newer, backup()]));
    expect(second.machine).not.toBe(first.machine);
    expect(archives(yard)).toEqual([first.file, second.file]);
    expect(await planned(yard, [newer, backup()])).toEqual(QUIET);
  });

  test("is not exported again for what is only changed or renamed", async () => {
    const yard = newYard();
    await applied(yard, [web, backup()]);
    const renamed = desired("web", { name: "www", power: "stopped" });
    await applied(yard, [renamed, backup()]);
    expect(archives(yard).length).toBe(1);
    expect(await planned(yard, [renamed, backup()])).toEqual(QUIET);
  });

  test("is exported under the final name of a machine that is made before the one it replaces goes", async () => {
    const yard = newYard();
    const first = life({ createBeforeDestroy: true });
    await applied(yard, [{ ...web, ...first }, backup()]);
    const newer = desired("web", { ...first, origin: { kind: "image", distro: "debian" } });
    expect(made(await applied(yard, [newer, backup()])).name).toBe("web");
  });

  test("is made of a machine that ends stopped, which stays so", async () => {
    const yard = newYard();
    const off = desired("web", { power: "stopped" });
    const stack = [off, inside("file", "page", { path: "/srv-page", content: "x" }), backup()];
    await applied(yard, stack);
    const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
    expect(machines.map(({ name, state }) => [name, state])).toEqual([["web", "stopped"]]);
    expect(await planned(yard, stack)).toEqual(QUIET);
  });

  test("can be asked for by what comes after it", async () => {
    const yard = newYard();
    const reference = { "~orbform": "ref", address: ADDRESS, property: "digest" } as const;
    const note = inside("file", "note", { path: "/srv-note", content: reference }, { dependencies: [ADDRESS] });
    const { sha256 } = made(await applied(yard, [web, backup(), note]));
    const [machine] = (await yard.ports.driver.observe({ settings: false, default: false })).machines;
    if (machine === undefined) throw new Error("there is no machine");
    const read = await yard.ports.driver.exec({ machine: machine.id, command: ["cat", "/srv-note"], user: "root" });
    expect(read.stdout).toBe(`sha256:${sha256}`);
    expect(await planned(yard, [web, backup(), note])).toEqual(QUIET);
  });
});

describe("an archive that somebody touched", () => {
  const AGAIN = ["archive.backup update"];

  test.each([
    ["is missing", (path: string) => rmSync(path), "deleted", ["archive.backup create"]],
    ["is longer", (path: string) => appendFileSync(path, "x"), "changed", AGAIN],
    ["is a link", link, "deleted", ["archive.backup create"]],
    ["lacks its metadata", (path: string) => rmSync(path.replace(".tar.zst", ".json")), "changed", AGAIN],
  ])("and that %s is drift, and is exported again", async (_, touch, kind, changes) => {
    const yard = newYard();
    const before = made(await applied(yard, [web, backup()]));
    touch(join(folder(yard), before.file));
    expect(await planned(yard, [web, backup()])).toEqual({ changes, drift: [`archive.backup ${kind}`], errors: [] });
    const after = made(await applied(yard, [web, backup()]));
    expect(archives(yard)).toContain(after.file);
    expect(await planned(yard, [web, backup()])).toEqual(QUIET);
  });

  test("and that has other bytes of the same number is seen where it is to be verified, and only there", async () => {
    const yard = newYard();
    const { file } = made(await applied(yard, [web, backup()]));
    flip(join(folder(yard), file));
    expect(await planned(yard, [web, backup()])).toEqual(QUIET);
    const seen = await planned(yard, [web, backup({ verify: true })]);
    expect(seen).toEqual({ changes: AGAIN, drift: ["archive.backup changed"], errors: [] });
  });

  test("and whose folder can't be read keeps anything from being planned", async () => {
    const yard = newYard();
    const { file } = made(await applied(yard, [web, backup()]));
    const path = join(folder(yard), file.replace(".tar.zst", ".json"));
    rmSync(path);
    mkdirSync(path);
    await expect(yard.plan([web, backup()])).rejects.toMatchObject({ code: "ORB_ARCHIVE_UNREADABLE" });
  });
});

describe("what an archive leaves alone", () => {
  test("is everything that it did not make, when older ones go and when it goes itself", async () => {
    const yard = newYard();
    const other = desiredArchive("other", at("web"));
    await applied(yard, [web, triggered(1), other]);
    const mine = made({ snapshot: yard.snapshot() }).file;
    const theirs = archives(yard).find((name) => name !== mine) ?? "";
    const path = folder(yard);
    writeFileSync(join(path, "notes.txt"), "mine");
    writeFileSync(join(path, "web-20200101T000000Z.tar.zst"), "no archive of ours");
    symlinkSync(join(path, "notes.txt"), join(path, "web-20200102T000000Z.tar.zst"));
    const strangers = ["notes.txt", theirs, "web-20200101T000000Z.tar.zst", "web-20200102T000000Z.tar.zst"].toSorted();
    await applied(yard, [web, triggered(2, { keep: { last: 1 } }), other]);
    expect(files(yard)).toEqual(expect.arrayContaining(strangers));
    expect(archives(yard).length).toBe(4);
    await applied(yard, [web, other]);
    expect(files(yard)).toEqual([...strangers, theirs.replace(".tar.zst", ".json")].toSorted());
    expect(await planned(yard, [web, other])).toEqual(QUIET);
  });

  test.each([
    ["has another byte", flip],
    ["is longer", (path: string) => appendFileSync(path, "x")],
    ["is a link to it", link],
  ])("is one of its own that %s, and it says so", async (_, touch) => {
    const yard = newYard();
    const first = made(await applied(yard, [web, triggered(1)]));
    await applied(yard, [web, triggered(2)]);
    touch(join(folder(yard), first.file));
    const notices: string[] = [];
    await yard.apply([web], undefined, (event) => {
      if (event.event === "notice") notices.push(`${event.notice.code} ${event.notice.detail}`);
    });
    expect(archives(yard)).toEqual([first.file]);
    expect(notices).toEqual([expect.stringContaining(`ORB_ARCHIVE_DAMAGED ${first.file} is not what was exported`)]);
  });

  test("is all of it where it is retained, and what it made in another folder", async () => {
    const yard = newYard();
    const first = made(await applied(yard, [web, backup()]));
    const second = made(await applied(yard, [web, backup({ dir: "elsewhere" })]));
    expect([archives(yard), archives(yard, "elsewhere")]).toEqual([[first.file], [second.file]]);
    await applied(yard, [web, backup({ dir: "elsewhere", ...life({ retain: true }) })]);
    await applied(yard, [web]);
    expect([archives(yard), archives(yard, "elsewhere")]).toEqual([[first.file], [second.file]]);
  });
});

/** Applies an export that never ends; `meanwhile` happens before its time is up. */
async function endless(meanwhile: (world: ReturnType<typeof engineWorld>) => Promise<unknown>) {
  const world = engineWorld();
  const { ports } = world.live();
  let exports = 0;
  const archives: typeof ports.archives = {
    ...ports.archives,
    export: async ({ options }) => {
      exports += 1;
      await options.begin(null);
      await meanwhile(world);
      await new Promise((_, reject) => {
        options.signal.addEventListener("abort", () => reject(new Error("stopped")));
      });
      throw new Error("it has no end");
    },
  };
  const { results, snapshot } = await applyStack({ ...ports, archives }, stackOf([web, backup()]), APPLY);
  const result = results.get(actionId(ADDRESS, "export"));
  if (result === undefined || !("problem" in result)) throw new Error("it did not fail");
  const { status, problem } = result;
  return { exports, status, code: problem.code, detail: problem.detail, kept: snapshot.resources[ADDRESS] };
}

const OVER_TIME =
  "It was not exported and read to its end within 7200 s. orbctl was stopped, and no archive was put in place; whether OrbStack has ended its part is not known.";

describe("an export whose time is over", () => {
  test("is not known to have ended, and is not tried again", async () => {
    expect(await endless(async () => undefined)).toMatchObject({
      exports: 1,
      status: "unknown",
      code: "ORB_ORBCTL_TIMEOUT",
      detail: OVER_TIME,
      kept: { type: "archive", unfinished: true },
    });
  });

  test("tells of a machine that is not as it was before", async () => {
    const { detail } = await endless((world) => world.sim("stop", "web"));
    expect(detail).toBe(`${OVER_TIME} The machine was running before; now it is stopped.`);
  });
});

test("an archive that is in place stays known though its folder can't be synced, and that is told", async () => {
  const yard = newYard();
  mkdirSync(folder(yard), { recursive: true });
  const restore = await unsyncable(folder(yard));
  const notices: string[] = [];
  try {
    const done = await yard.apply([web, backup()], undefined, (event) => {
      if (event.event === "notice") notices.push(`${event.notice.code} ${event.notice.detail}`);
    });
    expect(archives(yard)).toEqual([made(done).file]);
    expect(notices).toEqual([
      expect.stringContaining(`ORB_ARCHIVE_UNWRITABLE ${made(done).file} is whole and in place, but its folder`),
    ]);
  } finally {
    restore();
  }
  expect(await planned(yard, [web, backup()])).toEqual(QUIET);
});

/** Lets no sync of a folder succeed once anything is in place there, as a failing disk does; what is given puts that back. */
async function unsyncable(path: string): Promise<() => void> {
  const { ino } = statSync(path);
  const probe = await open(path);
  const handle: Pick<FileHandle, "sync"> = Object.getPrototypeOf(probe);
  await probe.close();
  const { sync } = handle;
  handle.sync = async function failing(this: FileHandle) {
    const isPlaced = readdirSync(path).some((name) => name.endsWith(".json"));
    if (isPlaced && (await this.stat()).ino === ino)
      throw Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO", errno: -5 });
    await sync.call(this);
  };
  return () => void (handle.sync = sync);
}
