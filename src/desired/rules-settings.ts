import type { DesiredSettings } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import { isReference, read, readUserName, readWhole } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { readIsolation } from "./rules-isolation.ts";
import { readDisk, readMemory } from "./rules-size.ts";
import { toValue } from "./to-value.ts";

const MOST_CPUS = 1024;
const LAST_PORT = 65_535;

/** The settings of a machine that the stack speaks of. Left out = not managed; `null` = OrbStack's default. */
export function readSettings(reading: Reading, input: { readonly [key: string]: unknown }): DesiredSettings {
  const port = numberOr(readWhole({ min: 0, max: LAST_PORT }));
  return defined({
    cpus: read(reading, ["cpus", input["cpus"]], numberOr(readWhole({ min: 0, max: MOST_CPUS }))),
    memoryMiB: read(reading, ["memory", input["memory"]], readMemory),
    diskBytes: read(reading, ["disk", input["disk"]], readDisk),
    user: read(reading, ["user", input["user"]], readUser),
    ...read(reading, ["isolated", input["isolated"]], readIsolation),
    httpPort: read(reading, ["httpPort", input["httpPort"]], port),
    httpsPort: read(reading, ["httpsPort", input["httpsPort"]], port),
  });
}

function defined(settings: { readonly [K in keyof DesiredSettings]: Value | undefined }): DesiredSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function numberOr(how: (field: Field) => number | undefined): (field: Field) => Value | undefined {
  return (field) => (field.value === null || isReference(field.value) ? toValue(field) : how(field));
}

function readUser(field: Field): Value | undefined {
  if (isReference(field.value)) return toValue(field);
  return readUserName(field);
}
