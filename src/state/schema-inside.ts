/** The published shape of what state keeps of things inside machines. */
import * as z from "zod";
import { INSIDE_TYPES, isBoot, isToken } from "../model/inside.ts";

const text = z.string();
const kind = z.enum(["absent", "file", "directory", "symlink", "other"]);
const rights = { mode: z.number().exactOptional(), owner: text.exactOptional(), group: text.exactOptional() };
const textOrTexts = z.union([text, z.array(text)]);
const type = <const T extends string>(word: T) => ({ type: z.literal(word) });

const user = {
  shell: text.exactOptional(),
  home: text.exactOptional(),
  groups: z.array(text).exactOptional(),
  authorizedKeys: z.array(text).exactOptional(),
};

const wish = z.discriminatedUnion("type", [
  z.looseObject({ ...type("file"), path: text, digest: text, ...rights }),
  z.looseObject({ ...type("directory"), path: text, ...rights }),
  z.looseObject({ ...type("packages"), install: z.record(text, text), remove: z.array(text) }),
  z.looseObject({
    ...type("service"),
    name: text,
    running: z.boolean().exactOptional(),
    enabled: z.boolean().exactOptional(),
  }),
  z.looseObject({ ...type("user"), name: text, ...user }),
  z.looseObject({
    ...type("command"),
    run: textOrTexts,
    user: text.exactOptional(),
    workdir: text.exactOptional(),
    creates: text.exactOptional(),
    unless: textOrTexts.exactOptional(),
    onlyIf: textOrTexts.exactOptional(),
  }),
]);

const facts = z.discriminatedUnion("type", [
  z.looseObject({
    ...type("file"),
    kind,
    ...rights,
    digest: text.exactOptional(),
    size: z.number().exactOptional(),
  }),
  z.looseObject({ ...type("directory"), kind, ...rights, isEmpty: z.boolean().exactOptional() }),
  z.looseObject({
    ...type("packages"),
    manager: text,
    installed: z.record(text, text.nullable()),
    newer: z.record(text, text),
  }),
  z.looseObject({ ...type("service"), manager: text, exists: z.boolean(), running: z.boolean(), enabled: z.boolean() }),
  z.looseObject({ ...type("user"), exists: z.boolean(), uid: z.number().exactOptional(), ...user }),
  z.looseObject({
    ...type("command"),
    created: z.boolean().exactOptional(),
    unless: z.boolean().exactOptional(),
    onlyIf: z.boolean().exactOptional(),
  }),
  z.looseObject({ ...type("unavailable"), why: text }),
]);

/** The shapes by type; `base` is what every resource has. */
export function insideShape<B extends z.core.$ZodLooseShape>(base: B) {
  const inside = {
    ...base,
    type: z.enum(INSIDE_TYPES),
    on: text.min(1),
    machine: text.min(1),
    inputs: wish,
    seen: facts,
    original: facts,
    startedWith: z.record(text, z.number()).exactOptional(),
    unfinished: z.literal(true).exactOptional(),
    former: text.exactOptional(),
    script: z.looseObject({ token: text.refine(isToken), boot: text.refine(isBoot) }).exactOptional(),
  };
  return z.looseObject({ ...inside, was: z.looseObject(inside).exactOptional() });
}
