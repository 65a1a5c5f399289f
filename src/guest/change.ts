import { assertNever, InvariantError } from "../model/errors.ts";
import type { InsideFacts, InsideRemoval, InsideWish, ServiceManager } from "../model/inside.ts";
import { runCommand } from "./command.ts";
import { changeDirectory, removeDirectory } from "./directory.ts";
import { digestLine, needsContent, removeFile, settleFile, writeFile } from "./file.ts";
import { holding } from "./hold.ts";
import { changePackages, removePackages } from "./packages.ts";
import { changeService, putServiceBack, restartService } from "./service.ts";
import { changeUser, removeUser } from "./user.ts";
import { verdictFunctions } from "./verdict.ts";

/** A script for `sh -c`, as root, and what it is to get on standard input. It ends with a verdict: `readVerdict`. */
export type ChangeScript =
  | { readonly script: string; readonly stdin: "none" }
  /** `head`, and after it the file's content. */
  | { readonly script: string; readonly stdin: "content"; readonly head: string }
  | { readonly script: string; readonly stdin: "text"; readonly text: string };

/** What a change was decided from, and a new token for its verdict: hard to guess, and never used before. */
export interface ChangeOptions {
  readonly facts: InsideFacts;
  readonly token: string;
}

/**
 * Makes one resource so. Run again, it changes nothing more (a command: if its conditions then speak against it; a user whom
 * it has made was not there when it was looked at, and is refused).
 * The facts must be of the wish's type: where something is unavailable there is nothing to be run.
 */
export function changeScript(wish: InsideWish, { facts, token }: ChangeOptions): ChangeScript {
  const whole = (body: string): string => scriptOf(body, token);
  switch (wish.type) {
    case "file":
      if (facts.type !== "file") throw mismatch(wish, facts);
      return needsContent(wish, facts)
        ? { script: whole(writeFile(wish)), stdin: "content", head: digestLine(wish) }
        : { script: whole(settleFile(wish)), stdin: "text", text: digestLine(wish) };
    case "directory":
      return { script: whole(changeDirectory(wish)), stdin: "none" };
    case "packages":
      if (facts.type !== "packages") throw mismatch(wish, facts);
      return { script: whole(changePackages(wish, facts)), stdin: "none" };
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

/** Takes one resource away again, as far as it is still what was put there. */
export function removeScript(removal: InsideRemoval, token: string): Exclude<ChangeScript, { stdin: "content" }> {
  const alone = (body: string) => ({ script: scriptOf(body, token), stdin: "none" }) as const;
  switch (removal.type) {
    case "file":
      return { script: scriptOf(removeFile(removal), token), stdin: "text", text: digestLine(removal) };
    case "directory":
      return alone(removeDirectory(removal.path));
    case "packages":
      return alone(removePackages(removal.names, removal.manager));
    case "service":
      return alone(putServiceBack(removal, removal.manager));
    case "user":
      return alone(removeUser(removal.name, removal.uid));
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
