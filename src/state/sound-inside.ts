/** Quick checks of what state keeps of things inside machines; schema-inside.ts explains what they refuse. */
import { isBoot, isToken } from "../model/inside.ts";
import {
  byField,
  flag,
  list,
  mapOf,
  number,
  object,
  oneOf,
  text,
  word,
  type Check,
  type Fields,
} from "./sound-checks.ts";

const RIGHTS: Fields = { mode: number, owner: text, group: text };

const KINDS = oneOf("absent", "file", "directory", "symlink", "other");

const textOrTexts: Check = (value) => text(value) || list(text)(value);

const textOrNull: Check = (value) => value === null || text(value);

const WISH = byField(
  "type",
  new Map([
    ["file", object({ path: text, digest: text }, RIGHTS)],
    ["directory", object({ path: text }, RIGHTS)],
    ["packages", object({ install: mapOf(text), remove: list(text) })],
    ["service", object({ name: text }, { running: flag, enabled: flag })],
    ["user", object({ name: text }, { shell: text, home: text, groups: list(text), authorizedKeys: list(text) })],
    [
      "command",
      object(
        { run: textOrTexts },
        { user: text, workdir: text, creates: text, unless: textOrTexts, onlyIf: textOrTexts },
      ),
    ],
  ]),
);

const FACTS = byField(
  "type",
  new Map([
    ["file", object({ kind: KINDS }, { ...RIGHTS, digest: text, size: number })],
    ["directory", object({ kind: KINDS }, { ...RIGHTS, isEmpty: flag })],
    ["packages", object({ manager: text, installed: mapOf(textOrNull), newer: mapOf(text) })],
    ["service", object({ manager: text, exists: flag, running: flag, enabled: flag })],
    [
      "user",
      object(
        { exists: flag },
        { uid: number, shell: text, home: text, groups: list(text), authorizedKeys: list(text) },
      ),
    ],
    ["command", object({}, { created: flag, unless: flag, onlyIf: flag })],
    ["unavailable", object({ why: text })],
  ]),
);

const fitting =
  (is: (text: string) => boolean): Check =>
  (value) =>
    text(value) && is(String(value));

const SCRIPT = object({ token: fitting(isToken), boot: fitting(isBoot) });

/** What state keeps of one thing inside a machine, beside what every resource has. */
export function insideCheck(base: Fields): Check {
  const always = { ...base, on: word, machine: word, inputs: WISH, seen: FACTS, original: FACTS };
  const once = { startedWith: mapOf(number), unfinished: oneOf(true), former: text, script: SCRIPT };
  return object(always, { ...once, was: object(always, once) });
}
