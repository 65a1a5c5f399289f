/** The metadata beside an archive as text, and back. */
import { ARCHIVE_FORMAT, type ArchiveContents, type ArchiveMetadata } from "../model/archive.ts";
import type { ImageFacts } from "../model/machine.ts";

/** What a sidecar's text turned out to be. */
export type Decoded =
  | { readonly status: "read"; readonly metadata: ArchiveMetadata }
  /** Written by a newer version, whose meaning is not known here. */
  | { readonly status: "newer"; readonly format: number }
  | { readonly status: "not ours"; readonly why: string };

/** Two-space indent and a line feed at the end: made to be read by people too. */
export function encodeMetadata(metadata: ArchiveMetadata): string {
  return `${JSON.stringify(metadata, null, 2)}\n`;
}

/** Reads a sidecar's text. Keys that are not known are let be; what is missing or of another kind makes it not ours. */
export function decodeMetadata(text: string): Decoded {
  const value = parsed(text);
  if (!isFields(value)) return { status: "not ours", why: "its metadata is no JSON object" };
  const { format } = value;
  if (typeof format !== "number") return { status: "not ours", why: "its metadata has no format" };
  if (format > ARCHIVE_FORMAT) return { status: "newer", format };
  const metadata = metadataOf(value);
  return metadata === undefined
    ? { status: "not ours", why: "its metadata lacks something" }
    : { status: "read", metadata };
}

interface Fields {
  readonly [key: string]: unknown;
}

function metadataOf(value: Fields): ArchiveMetadata | undefined {
  const { archive, machine, host, address, series, image, sizeBytes, sha256, createdAt, madeBy, exportedBy, contents } =
    value;
  const texts = isText(archive) && isText(createdAt) && isText(madeBy) && isText(exportedBy);
  const isMeasured = isCount(sizeBytes) && isText(sha256) && /^[0-9a-f]{64}$/.test(sha256);
  const isTold = isMachine(machine) && isImage(image) && (contents === null || isContents(contents));
  if (!texts || !isMeasured || !isTold || Number.isNaN(Date.parse(createdAt))) return undefined;
  if (![host, address, series].every((each) => each === undefined || isText(each))) return undefined;
  const { id, name } = machine;
  const { distro, version, arch, variant } = image;
  return {
    format: ARCHIVE_FORMAT,
    archive,
    machine: { id, name },
    ...(isText(host) && { host }),
    ...(isText(address) && { address }),
    ...(isText(series) && { series }),
    image: { distro, version, arch, variant },
    sizeBytes,
    sha256,
    createdAt,
    madeBy,
    exportedBy,
    contents: contents === null ? null : { entries: contents.entries, bytes: contents.bytes },
  };
}

function isMachine(value: unknown): value is ArchiveMetadata["machine"] {
  return isFields(value) && isText(value["id"]) && isText(value["name"]);
}

function isImage(value: unknown): value is ImageFacts {
  return isFields(value) && ["distro", "version", "arch", "variant"].every((key) => isText(value[key]));
}

function isContents(value: unknown): value is ArchiveContents {
  return isFields(value) && isCount(value["entries"]) && isCount(value["bytes"]);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON, or half of it: the caller says what that means.
    return undefined;
  }
}
