import { plainValue } from "./plan-shape-values.ts";
import {
  byField,
  nullOr,
  flag,
  count,
  json,
  loose,
  object,
  oneOf,
  text,
  word,
  address,
  type Check,
  type Fields,
} from "./shape.ts";

/** What was found of an archive. */
export const ARCHIVE_FACTS: Check = byField("status", {
  missing: object({ status: text, folder: flag }),
  found: object({ status: text, sizeBytes: count, recorded: nullOr(text) }, { sha256: text }),
});

/** What an export has beside what every action has. */
export function exportFields(target: Check): Fields {
  return { target, dir: word };
}

/** What a removal of archives has beside what every action has. */
export function archiveFields(): Fields {
  return { subject: oneOf("archive"), dir: word, series: word };
}

/** What an archive is settled to; `own` is what every resource has. */
export function archiveShape(own: Fields, place: Check): Check {
  const keep = object({}, keepFields());
  return object({ ...own, type: text, of: address, dir: word, verify: flag }, { keep, triggers: plainValue, place });
}

/** What state has of one; `own` is what every resource has. */
export function archiveState(own: Fields): Check {
  const keep = loose({}, keepFields());
  const inputs = loose({ of: address, dir: word, verify: flag }, { keep, triggers: json });
  const written = { sha256: word, sizeBytes: count, createdAt: text, madeBy: text };
  const made = loose({ machine: word, name: word, dir: word, file: word, ...written });
  return loose({ ...own, inputs, series: word }, { made, unfinished: oneOf(true) });
}

function keepFields(): Fields {
  return { last: count, daily: count, weekly: count, monthly: count };
}
