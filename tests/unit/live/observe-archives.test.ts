import { expect, test } from "vitest";
import { observeArchives, type LookAtArchives } from "../../../src/live/observe-archives.ts";
import type { ArchiveFacts } from "../../../src/model/archive.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { ArchiveResource } from "../../../src/model/snapshot.ts";
import { archiveState, at, desiredArchive, desiredMachine, inputOf, liveMachine } from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");
const backup = desiredArchive("backup", at("web"));
const state = archiveState(backup, live);
const { made: _made, ...unmade } = state;
const found: ArchiveFacts = { status: "found", sizeBytes: 1, recorded: null };

/** What is asked for, and what is told of it. */
async function looked(archive: typeof backup | undefined, prior: { readonly [key: string]: ArchiveResource }) {
  const asked: Parameters<LookAtArchives>[0][number][] = [];
  const input = inputOf({ desired: archive === undefined ? [web] : [web, archive], prior });
  const told = await observeArchives({
    desired: input.desired,
    prior: input.prior,
    lookAtArchives: (questions) => {
      asked.push(...questions);
      return Promise.resolve(questions.map(() => found));
    },
  });
  return { asked: asked.map(({ dir, file, verify }) => `${dir}/${file} ${verify ? "verify" : "look"}`), told };
}

const FILE = "backups/web-20261126T000000Z.tar.zst";

test("an archive of the stack that was made is looked at where it was put", async () => {
  const { asked, told } = await looked({ ...backup, dir: "elsewhere" }, { "archive.backup": state });
  expect({ asked, told }).toEqual({ asked: [`${FILE} look`], told: { "archive.backup": found } });
});

test("one that is to be verified is read", async () => {
  expect((await looked({ ...backup, verify: true }, { "archive.backup": state })).asked).toEqual([`${FILE} verify`]);
});

test("one that has moved is looked at, and told of at the address where state has it", async () => {
  const moved = desiredArchive("weekly", at("web"), {
    lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("archive.backup")] },
  });
  expect((await looked(moved, { "archive.backup": state })).told).toEqual({ "archive.backup": found });
});

test("one that was never made, and one that left the stack, are not looked at", async () => {
  expect((await looked(backup, {})).asked).toEqual([]);
  expect((await looked(backup, { "archive.backup": unmade })).asked).toEqual([]);
  expect((await looked(undefined, { "archive.backup": state })).asked).toEqual([]);
});
