import { expect, test } from "vitest";
import {
  archiveFile,
  archiveStem,
  machineOfWork,
  parseStem,
  sidecarFile,
  stemOf,
  workFolder,
} from "../../../src/archive/archive-name.ts";

const AT = Date.UTC(2026, 10, 23, 10, 15, 7);

test("names an archive and its metadata by machine and second", () => {
  const stem = archiveStem("web-1.dev", AT + 999);
  expect([archiveFile(stem), sidecarFile(stem)]).toEqual([
    "web-1.dev-20261123T101507Z.tar.zst",
    "web-1.dev-20261123T101507Z.json",
  ]);
  expect(parseStem(stem)).toEqual({ machine: "web-1.dev", at: AT });
});

test("takes a machine whose own name looks like a time", () => {
  const odd = "a-20200101T000000Z";
  expect(parseStem(archiveStem(odd, AT))).toEqual({ machine: odd, at: AT });
});

test.each([
  "web.tar.zst",
  "web-20261123T101507Z.tar.gz",
  "web-20261323T101507Z.tar.zst",
  "web-20260231T101507Z.tar.zst",
  "-20261123T101507Z.tar.zst",
  ".web-20261123T101507Z.tar.zst",
  "../web-20261123T101507Z.json",
  "web-20261123T101507Z.tar.zst.part",
])("knows that %s is none of ours", (file) => {
  expect(stemOf(file)).toBeUndefined();
});

test("keeps an unfinished export where no archive is looked for", () => {
  const folder = workFolder("Web-1");
  expect([folder, machineOfWork(folder), stemOf(folder)]).toEqual([".web-1.unfinished", "web-1", undefined]);
  expect(machineOfWork("web.tar.zst")).toBeUndefined();
});
