import { assertNever, InvariantError } from "../model/errors.ts";
import type { InsideFacts, InsideRemoval, InsideWish, ServiceManager } from "../model/inside.ts";
import { runCommand } from "./command.ts";
import { changeDirectory, removeDirectory } from "./directory.ts";
import { needsContent, removeFile, settleFile, writeFile } from "./file.ts";
import { holding } from "./hold.ts";
import { changePackages, removePackages } from "./packages.ts";
import { changeService, putServiceBack, restartService } from "./service.ts";
import { changeUser, removeUser } from "./user.ts";
import { verdictFunctions } from "./verdict.ts";

/** A script for `sh -c`, as root, and what it is to get on standard input. It ends with a verdict: `readVerdict`. */
export type ChangeScript =
  | { readonly script: string; readonly stdin: "none" }
  /** The file's content. */
  | { readonly script: string; readonly stdin: "content" }
  | { readonly script: string; readonly stdin: "text"; readonly text: string };

/** What a change was decided from, and a new token for its verdict: hard to guess, and never used before. */
export interface ChangeOptions {
  readonly facts: InsideFacts;
  readonly token: string;
}

/**
 * Makes one resource so. Run again, it changes nothing more (a command: if its conditions then speak against it).
 * The facts must be of the wish's type: where something is unavailable there is nothing to be run.
 */
export function changeScript(wish: InsideWish, { facts, token }: ChangeOptions): ChangeScript {
  const whole = (body: string): string => scriptOf(body, token);
  switch (wish.type) {
    case "file":
      if (facts.type !== "file") throw mismatch(wish, facts);
      return needsContent(wish, facts)
        ? { script: whole(writeFile(wish)), stdin: "content" }
        : { script: whole(settleFile(wish)), stdin: "none" };
    case "directory":
      return { script: whole(changeDirectory(wish)), stdin: "none" };
    case "packages":
      if (facts.type !== "packages") throw mismatch(wish, facts);
      return { script: whole(changePackages(wish, facts.manager)), stdin: "none" };
    case "service":
      if (facts.type !== "service") throw mismatch(wish, facts);
      return { script: whole(changeService(wish, facts.manager)), stdin: "none" };
    case "user": {
      if (facts.type !== "user") throw mismatch(wish, facts);
      const { script, keys } = changeUser(wish, facts);
      return keys === undefined
        ? { script: whole(script), stdin: "none" }
        : { script: whole(script), stdin: "text", text: keys };
    }
    case "command":
      if (facts.type !== "command") throw mismatch(wish, facts);
      return { script: whole(runCommand(wish, facts)), stdin: "none" };
    default:
      return assertNever(wish);
  }
}

/** Takes one resource away again, as far as it is still what was put there. Nothing is to be given on standard input. */
export function removeScript(removal: InsideRemoval, token: string): string {
  switch (removal.type) {
    case "file":
      return scriptOf(removeFile(removal), token);
    case "directory":
      return scriptOf(removeDirectory(removal.path), token);
    case "packages":
      return scriptOf(removePackages(removal.names, removal.manager), token);
    case "service":
      return scriptOf(putServiceBack(removal, removal.manager), token);
    case "user":
      return scriptOf(removeUser(removal.name), token);
    default:
      return assertNever(removal);
  }
}

/** Restarts a service, or starts it where it does not run. */
export function restartScript(
  { name, manager }: { readonly name: string; readonly manager: ServiceManager },
  token: string,
): string {
  return scriptOf(restartService(name, manager), token);
}

function scriptOf(body: string, token: string): string {
  return holding(`${verdictFunctions(token)}${body}`, token);
}

function mismatch(wish: InsideWish, facts: InsideFacts): InvariantError {
  return new InvariantError(`a ${wish.type} was to be changed by facts of ${facts.type}`);
}
