import type { DesiredSetting } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { isReference, read, readWord, refuse } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { checkKeys } from "./rules-keys.ts";
import { readLifecycle } from "./rules-lifecycle.ts";
import { placed } from "./rules-machine.ts";
import type { Node } from "./scope.ts";
import { toValue } from "./to-value.ts";

/** Reads a global setting as a stack declares it, or gives `undefined`. Says all that is wrong. */
export function readSetting(reading: Reading, node: Node): DesiredSetting | undefined {
  const { input } = node;
  if (!isPlainObject(input)) return refuse({ ...reading, name: "setting", value: input }, "called with an object");
  checkKeys(reading.findings, input, { of: "a setting", known: ["key", "value", "onRemove", "lifecycle"] });
  const key = readKey({ ...reading, name: "key", value: input["key"] });
  const value = readSettingValue({ ...reading, name: "value", value: input["value"] });
  const onRemove = read(reading, ["onRemove", input["onRemove"]], readWord(["restore", "keep"])) ?? "restore";
  const lifecycle = readLifecycle(reading, input["lifecycle"], ["value"]);
  if (key === undefined || value === undefined) return undefined;
  return {
    type: "setting",
    address: node.address,
    key,
    value,
    onRemove,
    lifecycle,
    dependencies: [...reading.needs.keys()].toSorted(),
    ...placed(node.place),
  };
}

function readKey(field: Field): string | undefined {
  const { value } = field;
  if (typeof value !== "string" || !/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/i.test(value)) {
    return refuse(field, "a key of OrbStack's configuration", "See them with: orbctl config show");
  }
  return value.toLowerCase().startsWith("machine.")
    ? refuse(field, "a global key; those of one machine are properties of machine")
    : value;
}

function readSettingValue(field: Field): Value | undefined {
  const { value } = field;
  if (value === undefined || value === null) {
    return refuse(field, "a string, a number or a boolean", "Take the setting out of the stack to put back what was.");
  }
  if (isReference(value) || typeof value === "boolean" || typeof value === "number") return toValue(field);
  if (typeof value !== "string") return refuse(field, "a string, a number or a boolean");
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\u007f-\u009f]/u.test(value) ? refuse(field, "text without control characters") : value;
}
