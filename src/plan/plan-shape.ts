import { ERROR_CODES } from "../model/error-codes.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import { INSIDE_TYPES } from "../model/inside.ts";
import { archiveFields, archiveShape, exportFields } from "./plan-shape-archive.ts";
import { insideFields, insideOptions, insideResourceFields } from "./plan-shape-inside.ts";
import { lifecycleShape, machineSettings, stateShape } from "./plan-shape-parts.ts";
import { plainValue } from "./plan-shape-values.ts";
import {
  address,
  byField,
  check,
  count,
  digest,
  flag,
  isObject,
  json,
  list,
  mapOf,
  named,
  nonNegative,
  nullOr,
  number,
  object,
  oneOf,
  text,
  word,
  type Check,
  type Fields,
} from "./shape.ts";

/** The shape of a plan as it is read from JSON. Built when it is asked for: hardly any command reads one. */
export function planShape(): Check {
  const kind = oneOf("changed", "deleted", "replaced");
  const output = object({ name: text, sensitive: flag }, { before: json, after: known });
  return object(
    {
      format: oneOf(1),
      mode: oneOf("normal", "destroy", "refresh-only"),
      stack: text,
      world: object({ driver: text, host: text }),
      lineage: text,
      serial: count,
      changes: list(changeShape()),
      drift: list(object({ address, name: text, kind, attributes: list(attributeShape()), folded: flag })),
      actions: list(actionShape()),
      refreshed: mapOf(address, nullOr(stateShape())),
      settled: mapOf(address, resourceShape()),
      outputs: mapOf(text, object({ value: plainValue, sensitive: flag })),
      outputChanges: list(output),
      diagnostics: list(diagnosticShape()),
      allGone: flag,
      summary: object({ add: count, change: count, destroy: count, forget: count, adopt: count }),
    },
    { env: text },
  );
}

const unknown = object({ "~orbform": oneOf("unknown") });

/** JSON, or the mark of what is not known before apply. */
const known: Check = check(
  (value, spot) => (isObject(value) && value["~orbform"] === "unknown" ? unknown(value, spot) : undefined),
  (definitions) => {
    const marked = { type: "object", properties: { "~orbform": { const: "unknown" } }, required: ["~orbform"] };
    return { anyOf: [{ not: marked }, unknown.schema(definitions)] };
  },
);

function changeShape(): Check {
  const reason = oneOf(
    "replace: property",
    "replace: requested",
    "replace: replaceWhen",
    "replace: not ready",
    "delete: not in stack",
    "delete: destroy",
    "delete: half deleted",
    "delete: deposed",
    "delete: never ready",
    "forget: gone",
    "forget: retained",
    "forget: kept",
    "create: deleted outside",
  );
  return object(
    {
      address,
      type: oneOf("machine", "setting", "archive", ...INSIDE_TYPES),
      action: oneOf("no-op", "create", "update", "replace", "delete", "forget", "adopt"),
      createBeforeDestroy: flag,
      name: text,
      recovered: flag,
      attributes: list(attributeShape()),
      unchanged: number,
      actions: list(word),
      notes: list(text),
    },
    { reason, previousAddress: address },
  );
}

function attributeShape(): Check {
  return named("attribute", () =>
    object({ path: word, forcesReplacement: flag }, { before: json, after: known, note: text }),
  );
}

function diagnosticShape(): Check {
  const fields = { severity: oneOf("error", "warning"), code: oneOf(...ERROR_CODES), summary: text, detail: text };
  return object(fields, { hint: text, address: text, place: placeShape() });
}

function placeShape(): Check {
  return named("place", () => object({ file: text, line: count, column: count }));
}

function targetShape(): Check {
  return named("target", () => object({ address, id: nullOr(word) }));
}

function actionShape(): Check {
  const target = targetShape();
  const settings = settingsShape(plainValue);
  const ready = nullOr(readyShape());
  const identity = oneOf("keep", "fresh");
  const cloudInit = nullOr(object({ text: plainValue }));
  const origin = { distro: word, version: nullOr(text), arch: nullOr(text), cloudInit, settings };
  const setting = { subject: oneOf("setting"), key: word, value: plainValue, before: nullOr(text) };
  const doomed = { target, name: word, temporaryName: word, deposed: flag, replacing: flag };
  return byField("kind", {
    ...kind("create", { name: word, ...origin, ready, identity }),
    ...kind("clone", { name: word, source: target }),
    ...kind("restore", { name: word, path: word, digest }),
    ...kind("rename", { target, from: word, to: word, temporary: flag }),
    ...kind("start", { target, ready, identity }),
    ...kind("restart", { target, ready, identity }),
    ...kind("stop", { target }),
    ...kind("config", { target, settings, before: object({}, machineSettings()), needsRestart: flag }),
    ...kind("run", insideFields(target), insideOptions),
    ...kind("export", exportFields(target)),
    ...bySubject("write", { setting, inside: insideFields(target) }),
    ...bySubject("remove", { setting, archive: archiveFields(), inside: insideFields(target) }),
    ...kind("set-default", { target: nullOr(target) }),
    ...kind("delete", doomed),
    ...kind("adopt", { target, name: word }),
    ...kind("forget", {}),
  });
}

function kind(name: string, fields: Fields, options: Fields = {}): Fields {
  const timed = { expectedMs: nonNegative, timeoutMs: nonNegative, retries: count };
  return {
    [name]: object(
      { id: word, kind: oneOf(name), address, after: list(word), ...timed, ...fields },
      { afterEnd: list(word), ...options },
    ),
  };
}

/** What settings, archives and things inside machines have in common is the word for it. */
function bySubject(name: string, { inside, ...others }: { readonly [subject: string]: Fields }): Fields {
  const shape = (fields: Fields | undefined, options: Fields = {}): Check =>
    kind(name, fields ?? {}, options)[name] ?? json;
  const within = named(`${name}_inside`, () => shape(inside, insideOptions));
  const inner = INSIDE_TYPES.map((type) => [type, within] as const);
  const outer = Object.entries(others).map(([subject, fields]) => [subject, shape(fields)] as const);
  return { [name]: byField("subject", Object.fromEntries([...inner, ...outer])) };
}

function settingsShape(each: Check): Check {
  return named("settings", () => object({}, Object.fromEntries(SETTING_KEYS.map((key) => [key, each]))));
}

function readyShape(): Check {
  return named("ready", readyFields);
}

function readyFields(): Check {
  const timed = { timeoutMs: nonNegative };
  return byField("kind", {
    answers: object({ kind: text, ...timed }),
    "cloud-init": object({ kind: text, ...timed }),
    command: object({ kind: text, command: list(text), ...timed }, { user: text }),
    tcp: object({ kind: text, port: count, ...timed }),
  });
}

/** A resource that a plan settles. */
export function resourceShape(): Check {
  const own = { address, lifecycle: named("lifecycle", () => object(lifecycleShape())), dependencies: list(address) };
  const reference = byField("kind", {
    address: object({ kind: text, address }),
    existing: object({ kind: text, name: word }),
  });
  const origin = byField("kind", {
    image: object({ kind: text, distro: word }, { version: text }),
    clone: object({ kind: text, of: reference }),
    restore: object({ kind: text, path: word, digest }),
  });
  const machine = {
    ...own,
    type: text,
    name: word,
    origin,
    settings: settingsShape(plainValue),
    power: oneOf("running", "stopped", "any"),
    default: flag,
    identity: oneOf("keep", "fresh"),
    ready: readyShape(),
    labels: mapOf(text, text),
    groups: list(text),
  };
  const setting = { ...own, type: text, key: word, value: plainValue, onRemove: oneOf("restore", "keep") };
  const arch = oneOf("arm64", "amd64");
  const inside = named("inside", () => object(insideResourceFields(own), { place: placeShape() }));
  return byField("type", {
    machine: object(machine, { arch, cloudInit: object({ text: plainValue }), place: placeShape() }),
    setting: object(setting, { place: placeShape() }),
    archive: archiveShape(own, placeShape()),
    ...Object.fromEntries(INSIDE_TYPES.map((type) => [type, inside])),
  });
}
