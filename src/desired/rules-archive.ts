import { posix } from "node:path";
import type { RetentionPolicy } from "../model/archive.ts";
import type { DesiredArchive } from "../model/resource.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { read, readBoolean, readText, readWhole, refuse } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { readMachineReference, withoutMaking } from "./rules-inside.ts";
import { checkKeys } from "./rules-keys.ts";
import { readLifecycle } from "./rules-lifecycle.ts";
import { placed } from "./rules-machine.ts";
import type { Node } from "./scope.ts";
import { toValue } from "./to-value.ts";

const KEYS = ["of", "dir", "keep", "triggers", "verify", "lifecycle"];
const RULES = ["last", "daily", "weekly", "monthly"] as const satisfies readonly (keyof RetentionPolicy)[];
const MOST_KEPT = 10_000;

/** Reads an archive as a stack declares it, or gives `undefined`. Says all that is wrong. */
export function readArchive(reading: Reading, node: Node): DesiredArchive | undefined {
  const { input } = node;
  if (!isPlainObject(input)) return refuse({ ...reading, name: "archive", value: input }, "called with an object");
  checkKeys(reading.findings, input, { of: "an archive", known: KEYS });
  const of = readMachineReference({ ...reading, name: "of", value: input["of"] });
  const dir = readFolder({ ...reading, name: "dir", value: input["dir"] });
  const keep = read(reading, ["keep", input["keep"]], readKeep);
  const triggers = read(reading, ["triggers", input["triggers"]], toValue);
  const verify = read(reading, ["verify", input["verify"]], readBoolean) ?? false;
  const written = withoutMaking(reading, input["lifecycle"], {
    why: "a new archive is made beside the old one",
    instead: 'Use "triggers".',
  });
  const lifecycle = readLifecycle(reading, written, ["keep", "triggers"]);
  if (of === undefined || dir === undefined) return undefined;
  return {
    type: "archive",
    address: node.address,
    of,
    dir,
    ...(keep !== undefined && { keep }),
    ...(triggers !== undefined && { triggers }),
    verify,
    lifecycle,
    dependencies: [...reading.needs.keys()].toSorted(),
    ...placed(node.place),
  };
}

/** One folder has one spelling, so that another spelling is no other folder. */
function readFolder(field: Field): string | undefined {
  if (field.value === undefined) return refuse(field, "a folder", 'Write for example dir: "backups".');
  const path = readText(field);
  if (path === undefined) return undefined;
  if (path.startsWith("~"))
    return refuse(field, "a folder without ~", "Nobody would put the home folder in its place.");
  const plain = posix.normalize(path);
  return plain.length > 1 && plain.endsWith("/") ? plain.slice(0, -1) : plain;
}

function readKeep(field: Field): RetentionPolicy | undefined {
  const count = readWhole({ min: 1, max: MOST_KEPT });
  const { value } = field;
  if (!isPlainObject(value)) {
    const last = count(field);
    return last === undefined ? undefined : { last };
  }
  checkKeys(field.findings, value, { of: "keep", known: RULES });
  const rules = RULES.flatMap((rule) => {
    const number = read(field, [`keep.${rule}`, value[rule]], count);
    return number === undefined ? [] : [[rule, number] as const];
  });
  if (rules.length > 0 || RULES.some((rule) => value[rule] !== undefined)) return Object.fromEntries(rules);
  return refuse(field, "a number, or an object with last, daily, weekly or monthly");
}
