import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { InvariantError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";

/** Hex SHA-256 of a value's canonical JSON (RFC 8785): what plans and states keep instead of long or secret values. */
export function digest(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new InvariantError("a digest was asked of something that is no JSON");
  return createHash("sha256").update(text).digest("hex");
}

/** Hex SHA-256 of a text's UTF-8 bytes: the digest of a file that holds it. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
