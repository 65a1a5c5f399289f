/** A process that uses state for tests: `node state-process.ts COMMAND PATH`. Says a line when it is where it shall be. */
import { setTimeout as wait } from "node:timers/promises";
import { dirname, join } from "node:path";
import { systemProcesses } from "../../src/driver/processes.ts";
import type { Clock } from "../../src/model/clock.ts";
import { isOrbformError } from "../../src/model/errors.ts";
import { hostIdentity } from "../../src/state/host.ts";
import { localBackend } from "../../src/state/local.ts";
import { nodeDisk } from "../../src/state/node-disk.ts";

const [, , command = "", path = ""] = process.argv;
const disk = nodeDisk();
const clock: Clock = { now: () => Date.now(), sleep: (ms) => wait(ms), random: () => Math.random() };
const backend = localBackend({
  disk,
  path,
  clock,
  processes: systemProcesses,
  hostIdentity: () => hostIdentity(disk, join(dirname(path), "home")),
});

if (command === "hold") await hold();
if (command === "replace") await replaceForever();

/** Says `held ID` or the error's code, then holds on until its input ends. */
async function hold(): Promise<void> {
  try {
    const held = await backend.lock("apply");
    console.log(`held ${held.info.id}`);
  } catch (error) {
    console.log(isOrbformError(error) ? error.code : String(error));
  }
  process.stdin.resume();
}

/** Replaces a file with ever other content, each of one letter only. */
async function replaceForever(): Promise<void> {
  console.log("replacing");
  for (let round = 0; ; round++) {
    await disk.replace(path, String.fromCodePoint(97 + (round % 26)).repeat(200_000), 0o600);
  }
}
