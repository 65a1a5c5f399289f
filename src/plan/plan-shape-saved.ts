import { ARCHIVE_FACTS } from "./plan-shape-archive.ts";
import { machineSettings } from "./plan-shape-parts.ts";
import { planShape, resourceShape } from "./plan-shape.ts";
import {
  address,
  count,
  either,
  fitting,
  flag,
  json,
  list,
  mapOf,
  named,
  nullOr,
  object,
  oneOf,
  text,
  word,
  type Check,
} from "./shape.ts";

/** What stands in a plan file beside what other tools read. The plan itself is looked at by its own shape. */
export function savedShape(): Check {
  const digest = fitting((each) => /^[0-9a-f]{64}$/.test(each), "a digest", "^[0-9a-f]{64}$");
  return object({
    format: oneOf(1),
    version: text,
    madeAt: text,
    digest,
    stack: object({ file: word, digest, secrets: mapOf(address, digest) }),
    request: requestShape(),
    watched: object({ resources: list(resourceShape()), existing: list(text) }),
    facts: factsShape(),
    policy: policyShape(),
    notices: list(text),
    plan: named("orbform_plan", planShape),
  });
}

function requestShape(): Check {
  return object({
    mode: oneOf("normal", "destroy", "refresh-only"),
    targets: list(address),
    excludes: list(address),
    replace: list(address),
    adopt: list(adopted),
    allowReplace: flag,
  });
}

const adopted: Check = either(address, object({ address, name: word }));

function factsShape(): Check {
  const addresses = object({}, { ip4: text, ip6: text });
  const settings = object({}, machineSettings());
  const machine = object(
    { settings },
    { name: word, power: word, boot: word, probe: oneOf("ready", "not ready"), addresses },
  );
  return object(
    {
      states: mapOf(address, nullOr(word)),
      written: mapOf(address, nullOr(word)),
      machines: mapOf(word, nullOr(machine)),
      names: mapOf(word, nullOr(word)),
      settings: mapOf(word, nullOr(text)),
      inside: mapOf(address, nullOr(mapOf(word, json))),
      archives: mapOf(address, nullOr(ARCHIVE_FACTS)),
      claims: mapOf(word, text),
    },
    { default: nullOr(word) },
  );
}

function policyShape(): Check {
  const place = object({ file: text, line: count, column: count });
  const finding = object({ policy: text, severity: oneOf("deny", "warn"), message: text }, { address, place });
  const failed = list(object({ policy: text, message: text }));
  return object({ checked: list(text), findings: list(finding) }, { failed });
}
