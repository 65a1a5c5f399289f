import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { carryInside } from "../../../src/guest/carry.ts";
import { changeScript } from "../../../src/guest/change.ts";
import { lookInside } from "../../../src/guest/look.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { InsideWish } from "../../../src/model/inside.ts";
import { hostOrbctl, type HostOrbctl } from "../../support/host-orbctl.ts";

const made: HostOrbctl[] = [];

afterEach(async () => {
  for (const each of made.splice(0)) await each.remove();
});

async function carry(run: string): Promise<void> {
  const host = await hostOrbctl();
  made.push(host);
  const token = "token-of-the-tests";
  const { script } = changeScript({ type: "command", run }, { facts: { type: "command" }, token });
  const request = { machine: machineId("web"), begin: () => Promise.resolve() };
  await carryInside(host.driver, request, { script, token });
}

const carried = (run: string): Promise<unknown> =>
  carry(run).then(
    () => "done",
    (error: unknown) => error,
  );

const CLIENTS_WORDS = [
  "cannot transition from draft to published",
  "start VM: timed out waiting for services to start",
  "[-32098] machine not found: 'db'",
  "dial unix sconrpc.sock: connection refused",
];

describe("a command that fails", () => {
  test.each(CLIENTS_WORDS)("has failed for good, though it says: %s", async (words) => {
    expect(await carried(`echo "${words}" >&2; exit 1`)).toMatchObject({
      code: "ORB_COMMAND_FAILED",
      outcome: "refused",
      detail: `It ended with exit code 1. It printed: ${words}`,
    });
  });

  test.each(CLIENTS_WORDS)("and takes its shell along is not the client's failure either: %s", async (words) => {
    expect(await carried(`echo "${words}"; echo "${words}" >&2; kill -9 $PPID`)).toMatchObject({
      code: "ORB_GUEST_UNREADABLE",
      outcome: "unknown",
    });
  });
});

test("what a program of a look complains of is not the client's failure", async () => {
  const host = await hostOrbctl('env PATH="$here/bin:$PATH" "$@"; exit 1');
  made.push(host);
  const complaining = "#!/bin/sh\necho 'machine not found: x' >&2\nexec /usr/bin/cksum\n";
  mkdirSync(path.join(host.folder, "bin"));
  writeFileSync(path.join(host.folder, "bin/cksum"), complaining, { mode: 0o755 });
  const wish: InsideWish = { type: "directory", path: `${host.inside}/none` };
  const request = { machine: machineId("web"), timeoutMs: 60_000 };
  expect((await lookInside(host.driver, request, [wish])).facts).toEqual([{ type: "directory", kind: "absent" }]);
});

test("a machine of which over a thousand things are asked is looked into piece by piece", async () => {
  const host = await hostOrbctl();
  made.push(host);
  const wishes = Array.from({ length: 1200 }, (_, at): InsideWish => ({
    type: "file",
    path: `${host.inside}/file-number-${at}`,
    digest: "0".repeat(64),
  }));
  writeFileSync(path.join(host.inside, "file-number-1199"), "last");
  const { facts: found } = await lookInside(host.driver, { machine: machineId("web"), timeoutMs: 60_000 }, wishes);
  expect(found.map((each) => each.type === "file" && each.kind)).toEqual([
    ...Array.from({ length: 1199 }, () => "absent"),
    "file",
  ]);
});

test.each([
  ["too long", "x".repeat(140_000), "Linux takes 131071 at most"],
  ["with a NUL", "echo a\0b", "No argument of a program can hold a NUL"],
])("a command that is %s is refused before anything is run", async (_, run, why) => {
  const host = await hostOrbctl();
  made.push(host);
  const wish: InsideWish = { type: "command", run: "true", unless: run };
  const looked = lookInside(host.driver, { machine: machineId("web"), timeoutMs: 60_000 }, [wish]);
  await expect(looked).rejects.toMatchObject({ code: "ORB_PROPERTY_INVALID", detail: expect.stringContaining(why) });
  await expect(carried(run)).resolves.toMatchObject({ code: "ORB_PROPERTY_INVALID" });
  expect(await host.calls()).toEqual([""]);
});

test("a change whose script is too long is not tried again", async () => {
  expect(await carried("x".repeat(140_000))).toMatchObject({ kind: "refused", outcome: "refused" });
});
