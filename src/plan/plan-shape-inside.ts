/** The shapes of what a plan file holds of things inside machines. */
import { INSIDE_TYPES, isBoot, isToken } from "../model/inside.ts";
import { plainValue } from "./plan-shape-values.ts";
import {
  address,
  byField,
  fitting,
  flag,
  json,
  list,
  loose,
  mapOf,
  named,
  nullOr,
  number,
  oneOf,
  text,
  word,
  type Check,
  type Fields,
} from "./shape.ts";

const TYPE = oneOf(...INSIDE_TYPES);

/** What was found inside a machine, by what it is about. */
function factsShape(): Check {
  return named("facts", facts);
}

function facts(): Check {
  const rights = { mode: number, owner: text, group: text };
  const kind = oneOf("absent", "file", "directory", "symlink", "other");
  const versions = mapOf(text, nullOr(text));
  return byField("type", {
    file: loose({ kind }, { ...rights, digest: text, size: number }),
    directory: loose({ kind }, { ...rights, isEmpty: flag }),
    packages: loose({ manager: word, installed: versions, newer: mapOf(text, text) }),
    service: loose({ manager: word, exists: flag, running: flag, enabled: flag }),
    user: loose(
      { exists: flag },
      { uid: number, shell: text, home: text, groups: list(text), authorizedKeys: list(text) },
    ),
    command: loose({}, { created: flag, unless: flag, onlyIf: flag, done: flag }),
    unavailable: loose({ why: text }),
  });
}

/** What an action inside a machine has beside what every action has. */
export function insideFields(target: Check): Fields {
  const before = nullOr(factsShape());
  return { subject: TYPE, target, properties: mapOf(text, plainValue), before, restart: flag };
}

/** What it may have. */
export const insideOptions: Fields = { quiet: oneOf(true) };

/** What a resource inside a machine is settled to; `own` is what every resource has. */
export function insideResourceFields(own: Fields): Fields {
  const properties = mapOf(text, plainValue);
  return { ...own, type: TYPE, on: address, properties, restartOn: list(address), sensitive: flag };
}

/** What state has of one; `own` is what every resource has. */
export function insideState(own: Fields): Check {
  const inputs = loose({ type: TYPE });
  const always = { ...own, on: address, machine: word, inputs, seen: factsShape(), original: json };
  const script = loose({
    token: fitting(isToken, "a token", String.raw`^[\w-]{12,64}$`),
    boot: fitting(isBoot, "a boot", String.raw`^[\x21-\x7e]{1,128}$`),
  });
  const once = { startedWith: mapOf(text, number), unfinished: oneOf(true), former: text, script };
  return loose(always, { ...once, was: loose({ ...always, type: TYPE }, once) });
}
