import { assertNever } from "../model/errors.ts";
import type { InsideFacts, InsideQuestion } from "../model/inside.ts";
import { COMMAND_FACTS, commandFactsCall, readCommand } from "./command.ts";
import { DIRECTORY_FACTS, directoryFactsCall, readDirectory } from "./directory.ts";
import { FILE_FACTS, fileFactsCall, readFile } from "./file.ts";
import { checkToken, isUnreadable, printFacts, type RawFacts, readFrame, SAY } from "./frame.ts";
import { unlessAtWork } from "./hold.ts";
import { KIND_OF } from "./path-kind.ts";
import { PACKAGES_FACTS, packagesFactsCall, readPackages } from "./packages.ts";
import { RIGHTS_FACTS } from "./rights.ts";
import { readService, SERVICE_FACTS, serviceFactsCall } from "./service.ts";
import { PRELUDE } from "./shell.ts";
import { readUser, USER_FACTS, userFactsCall } from "./user.ts";

/**
 * A script for `sh -c`, as root, that finds out about all of these at once and changes nothing (but what commands given
 * as conditions do). Where a script of ours is at work it finds nothing, and says that ({@link unlessAtWork}). `token` marks its answer: give a new one, hard to guess, each time, and the same to {@link readFacts}.
 */
export function factsScript(wishes: readonly InsideQuestion[], token: string): string {
  checkToken(token);
  const functions = new Set(wishes.flatMap(functionsFor));
  const calls = wishes.map((wish, at) => `at=${at}\n${factsCall(wish)}\n`);
  // What programs complain of is nobody's: on standard error it could be taken for the client's own words.
  return `exec 2>/dev/null\n${PRELUDE}${unlessAtWork(token)}${SAY}${[...functions].join("")}facts() {\n:\n${calls.join("")}}\n${printFacts(token)}`;
}

/** What such a script found, in the order of the wishes. Throws `ORB_GUEST_UNREADABLE` rather than say what is not so. */
export function readFacts(stdout: string, wishes: readonly InsideQuestion[], token: string): readonly InsideFacts[] {
  const frame = readFrame(stdout, token, wishes.length);
  return wishes.map((wish, at) => read(frame[at] ?? NONE, wish));
}

/** The same, but what can't be read of one is unavailable, and the others are read all the same. */
export function readPartly(stdout: string, wishes: readonly InsideQuestion[], token: string): readonly InsideFacts[] {
  const frame = readFrame(stdout, token, wishes.length);
  return wishes.map((wish, at) => {
    try {
      return read(frame[at] ?? NONE, wish);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return { type: "unavailable", why: error.detail };
    }
  });
}

const NONE: RawFacts = new Map();

function functionsFor(wish: InsideQuestion): readonly string[] {
  switch (wish.type) {
    case "file":
      return [KIND_OF, RIGHTS_FACTS, FILE_FACTS];
    case "directory":
      return [KIND_OF, RIGHTS_FACTS, DIRECTORY_FACTS];
    case "packages":
      return [PACKAGES_FACTS];
    case "service":
      return [SERVICE_FACTS];
    case "user":
      return [USER_FACTS];
    case "command":
      return [COMMAND_FACTS];
    default:
      return assertNever(wish);
  }
}

/** The part of the script that is about one of them. */
export function factsCall(wish: InsideQuestion): string {
  switch (wish.type) {
    case "file":
      return fileFactsCall(wish);
    case "directory":
      return directoryFactsCall(wish);
    case "packages":
      return packagesFactsCall(wish);
    case "service":
      return serviceFactsCall(wish);
    case "user":
      return userFactsCall(wish);
    case "command":
      return commandFactsCall(wish);
    default:
      return assertNever(wish);
  }
}

function read(raw: RawFacts, wish: InsideQuestion): InsideFacts {
  switch (wish.type) {
    case "file":
      return readFile(raw, wish);
    case "directory":
      return readDirectory(raw, wish);
    case "packages":
      return readPackages(raw, wish);
    case "service":
      return readService(raw);
    case "user":
      return readUser(raw, wish);
    case "command":
      return readCommand(raw, wish);
    default:
      return assertNever(wish);
  }
}
