import type { Address } from "../model/address.ts";
import { isInsideType, type InsideType } from "../model/inside.ts";
import type { DesiredInside } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { read, readBoolean, readList, refuse } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { isListed } from "./flatten.ts";
import { INSIDE_PROPERTIES, type InsideProperties } from "./inside-properties.ts";
import { checkKeys } from "./rules-keys.ts";
import { readLifecycle } from "./rules-lifecycle.ts";
import { placed } from "./rules-machine.ts";
import type { Node } from "./scope.ts";
import { needed } from "./to-value.ts";

/** Reads something inside a machine as a stack declares it, or gives `undefined`. Says all that is wrong. */
export function readInside(reading: Reading, node: Node, type: InsideType): DesiredInside | undefined {
  const { input } = node;
  if (!isPlainObject(input)) return refuse({ ...reading, name: type, value: input }, "called with an object");
  const rules: InsideProperties = INSIDE_PROPERTIES[type];
  const known = ["on", ...Object.keys(rules.properties), ...rules.more, "lifecycle"];
  checkKeys(reading.findings, input, { of: rules.called, known });
  const on = readMachineReference({ ...reading, name: "on", value: input["on"] });
  const properties = readProperties(reading, input, rules);
  const restartOn = read(reading, ["restartOn", input["restartOn"]], readList(readWatched)) ?? [];
  const sensitive = read(reading, ["sensitive", input["sensitive"]], readBoolean) ?? false;
  const written = withoutMaking(reading, input["lifecycle"], {
    why: "what lies inside one is changed where it stands, or taken away before it is made again",
    instead: 'Use "triggers" of a command, or "restartOn" of a service.',
  });
  const lifecycle = readLifecycle(reading, written, Object.keys(rules.properties));
  if (on === undefined || properties === undefined) return undefined;
  return {
    type,
    address: node.address,
    on,
    properties,
    restartOn: [...new Set(restartOn)].toSorted(),
    sensitive,
    lifecycle,
    dependencies: [...reading.needs.keys()].toSorted(),
    ...placed(node.place),
  };
}

/** What is not a machine is neither made first nor replaced. */
export function withoutMaking(
  reading: Reading,
  lifecycle: unknown,
  words: { readonly why: string; readonly instead: string },
): unknown {
  if (!isPlainObject(lifecycle)) return lifecycle;
  for (const key of ["createBeforeDestroy", "replaceWhen"]) {
    if (lifecycle[key] === undefined) continue;
    reading.findings.error("ORB_PROPERTY_INVALID", {
      summary: "Property has no meaning here",
      detail: `"lifecycle.${key}" is for machines: ${words.why}.`,
      hint: key === "replaceWhen" ? words.instead : "Take it out.",
    });
  }
  const { createBeforeDestroy: _first, replaceWhen: _when, ...rest } = lifecycle;
  return rest;
}

/** A machine of the stack that something is in, or of. */
export function readMachineReference(field: Field): Address | undefined {
  const { value } = field;
  if (!isListed(value) || value["~orbform"] !== "machine") {
    return refuse(
      field,
      "a machine of the stack",
      "Pass what machine({ … }) gave. Machines outside the stack are never changed.",
    );
  }
  return needed(field, value["~rid"])?.address;
}

function readWatched(field: Field): Address | undefined {
  const { value } = field;
  const node = isListed(value) ? needed(field, value["~rid"]) : undefined;
  if (node === undefined) return isListed(value) ? undefined : refuse(field, "something inside a machine of the stack");
  if (!isInsideType(node.kind)) return refuse(field, "something inside a machine of the stack");
  return node.address;
}

function readProperties(
  reading: Reading,
  input: { readonly [key: string]: unknown },
  rules: InsideProperties,
): DesiredInside["properties"] | undefined {
  const properties: [string, Value][] = [];
  let complete = true;
  for (const [key, how] of Object.entries(rules.properties)) {
    const value = input[key] ?? rules.defaults[key];
    if (value === undefined) {
      if (rules.required.includes(key)) complete = missing(reading, rules, key);
      continue;
    }
    const found = how({ ...reading, name: key, value });
    if (found === undefined) complete = false;
    else properties.push(...Object.entries(found));
  }
  const whole = rules.check({ ...reading, name: rules.called, value: input }, input) && complete;
  return whole ? Object.fromEntries(properties) : undefined;
}

function missing(reading: Reading, rules: InsideProperties, key: string): false {
  reading.findings.error("ORB_PROPERTY_INVALID", {
    summary: "Property is missing",
    detail: `${rules.called} needs "${key}".`,
  });
  return false;
}
