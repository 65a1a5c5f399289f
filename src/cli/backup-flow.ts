import { resolve } from "node:path";
import * as Flags from "@oclif/core/flags";
import { isOrbformError, OrbformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import type { Voice } from "./base-command.ts";
import type { Backups } from "./context-archive.ts";
import { PROJECT_FLAGS, STACK_FLAG, TIMINGS_FLAG } from "./flags.ts";
import { interruptExit, watchInterrupts } from "./interrupts.ts";
import { VERSION } from "./version.ts";

/** The folder that backup commands work in. */
export const DIR_FLAG = {
  dir: Flags.string({ description: "folder of the archives", required: true, helpValue: "DIR" }),
};

/** What commands have that call orbctl for long. */
export const TIMEOUT_FLAG = {
  timeout: Flags.string({ description: "how long orbctl may take", default: "2h", helpValue: "DURATION" }),
  ...TIMINGS_FLAG,
};

/** What every backup command has beside its own flags. */
export const BACKUP_FLAGS = { ...STACK_FLAG, ...PROJECT_FLAGS };

/** The flags that say where. */
export interface BackupFlags {
  readonly dir?: string | undefined;
  readonly stack?: string | undefined;
  readonly env?: string | undefined;
  readonly driver?: string | undefined;
}

type Watching = Pick<Parameters<Backups["create"]>[1], "tell" | "stopStarting" | "stopWaiting">;

/** What the work of a backup command is given. */
export interface BackupWork {
  readonly backups: Backups;
  /** Absolute. */
  readonly folder: string;
  readonly watching: Watching;
}

/** Opens the folder, hands it to `work` and listens for interrupts meanwhile: then the exit code is 130 or 143. */
export async function withBackups<T>(
  { console, tell, watch }: Voice,
  flags: BackupFlags,
  work: (given: BackupWork) => Promise<T>,
): Promise<T> {
  const { stack, env, driver } = flags;
  const given = { ...(stack && { stack }), ...(env && { env }), ...(driver && { driver }) };
  tell.about(given);
  const { openBackups } = await import("./context-archive.ts");
  const interrupts = watchInterrupts(process, (message) => tell.notice(message));
  const { cwd, env: processEnv } = console;
  try {
    const backups = await openBackups({
      ...given,
      cwd,
      processEnv,
      vars: {},
      varFiles: [],
      watch,
      driving: (drives) => tell.about({ ...given, drives }),
      madeBy: `orbform ${VERSION}`,
    });
    const { stopStarting, stopWaiting } = interrupts;
    const watching = { tell: (notice: string) => tell.notice(notice), stopStarting, stopWaiting };
    return await work({ backups, folder: resolve(cwd, flags.dir ?? "."), watching });
  } catch (error) {
    const signal = interrupts.first();
    throw signal === undefined ? placed(error) : asInterrupted(error, interruptExit(signal));
  } finally {
    interrupts.dispose();
  }
}

/** Values as JSON has them. */
export function asJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

/** Where the folder itself is missing, a list of what is in it is no help. */
function placed(error: unknown): unknown {
  if (!isOrbformError(error) || error.code !== "ORB_ARCHIVE_NOT_FOUND") return error;
  const { cause } = error;
  const isFolder = cause instanceof Error && "syscall" in cause && cause.syscall === "scandir";
  const hint = "Correct the path of the folder; if it lies on another disk, see that it is mounted.";
  return isFolder ? Object.assign(error, { hint }) : error;
}

function asInterrupted(error: unknown, exit: number): OrbformError {
  const told = isOrbformError(error)
    ? error
    : new OrbformError("ORB_INTERRUPTED", {
        summary: "Interrupted",
        detail: "The command was interrupted before it was done.",
        hint: "Run it again when you are ready.",
        cause: error,
      });
  return Object.assign(told, { oclif: { exit } });
}
