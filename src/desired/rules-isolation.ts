import type { DesiredSettings } from "../model/resource.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { read, readBoolean, readList, refuse } from "./field.ts";
import type { Field } from "./field.ts";
import { checkKeys } from "./rules-keys.ts";

/** A machine's isolation: `true`, `false`, `null`, or its parts. */
export function readIsolation(field: Field): DesiredSettings | undefined {
  const { value } = field;
  if (value === null) return { isolated: null, isolateNetwork: null, forwardSshAgent: null, mounts: null };
  if (value === false) return { isolated: false };
  if (value === true) {
    warnOpenLoopback(field);
    return { isolated: true };
  }
  return isPlainObject(value) ? readParts(field, value) : refuse(field, "true, false, null, or an object of its parts");
}

function readParts(field: Field, value: { readonly [key: string]: unknown }): DesiredSettings {
  checkKeys(field.findings, value, { of: "isolated", known: ["network", "forwardSshAgent", "mounts"] });
  const network = read(field, ["isolated.network", value["network"]], readBooleanOrNull);
  const forwardSshAgent = read(field, ["isolated.forwardSshAgent", value["forwardSshAgent"]], readBooleanOrNull);
  const mounts = read(field, ["isolated.mounts", value["mounts"]], readMounts);
  if (value["network"] === undefined) warnOpenLoopback(field);
  return {
    isolated: true,
    ...(network === undefined ? {} : { isolateNetwork: network === null ? null : !network }),
    ...(forwardSshAgent === undefined ? {} : { forwardSshAgent }),
    ...(mounts === undefined ? {} : { mounts }),
  };
}

/** Contract 7.6: on 2.2.x, isolation alone still reaches every service on the Mac's 127.0.0.1. */
function warnOpenLoopback(field: Field): void {
  field.findings.warning("ORB_PROPERTY_INVALID", {
    summary: "Isolated machine still reaches the Mac",
    detail:
      "Isolation alone leaves the Mac's own loopback open: the machine reaches every service on 127.0.0.1 of the Mac through host.orb.internal.",
    hint: "Write isolated: { network: false } to close it, or { network: true } to leave it open knowingly.",
  });
}

function readBooleanOrNull(field: Field): boolean | null | undefined {
  return field.value === null ? null : readBoolean(field);
}

function readMounts(field: Field): readonly string[] | null | undefined {
  return field.value === null ? null : readList(readMount)(field);
}

/** `SOURCE[:DESTINATION]`, both absolute. OrbStack joins mounts with commas and has no way to quote (contract 3.15). */
function readMount(field: Field): string | undefined {
  const { value } = field;
  if (typeof value !== "string") return refuse(field, 'a path like "/Users/me/src" or "/Users/me/src:/src"');
  const parts = value.split(":");
  if (value.includes(",") || parts.length > 2) {
    return refuse(field, 'SOURCE or SOURCE:DESTINATION; neither path can have ":" or "," in it');
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const isClean = !/[\u0000-\u001f\u007f-\u009f]/u.test(value);
  return isClean && parts.every((part) => part.startsWith("/")) ? value : refuse(field, "made of absolute paths");
}
