import type { Arch } from "../model/machine.ts";
import { machineName } from "../model/machine.ts";
import type { CloudInit, MachineReference, Origin } from "../model/resource.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { isReference, read, readText, readWord, refuse } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { isListed } from "./flatten.ts";
import { DISTROS, isVersion, wordFor } from "./image-words.ts";
import { quoted } from "./quoted.ts";
import { checkKeys } from "./rules-keys.ts";
import { suggestion } from "./suggest.ts";
import { needed, toValue } from "./to-value.ts";

const ORIGINS = ["image", "clone", "restore"] as const;

type Input = { readonly [key: string]: unknown };

/** What a machine is made from: exactly one of `image`, `clone` and `restore`. */
export function readOrigin(reading: Reading, input: Input): Origin | undefined {
  const given = ORIGINS.filter((each) => input[each] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) return refuseOrigins(reading, given);
  if (kind !== "image") refuseImageOptions(reading, input, kind);
  switch (kind) {
    case "image":
      return read(reading, ["image", input["image"]], readImage);
    case "clone":
      return read(reading, ["clone", input["clone"]], readClone);
    case "restore":
    default:
      return read(reading, ["restore", input["restore"]], readRestore);
  }
}

function refuseOrigins(reading: Reading, given: readonly string[]): undefined {
  const what = given.length === 0 ? "says none" : `says ${given.join(" and ")}`;
  reading.findings.error("ORB_PROPERTY_INVALID", {
    summary: "Machine needs exactly one origin",
    detail: `A machine is made from exactly one of image, clone and restore; this one ${what}.`,
    hint: given.length === 0 ? 'Write for example image: "debian:bookworm".' : "Keep one of them.",
  });
  return undefined;
}

function refuseImageOptions(reading: Reading, input: Input, kind: string): void {
  for (const option of ["arch", "cloudInit"]) {
    if (input[option] === undefined) continue;
    reading.findings.error("ORB_PROPERTY_INVALID", {
      summary: "Property needs an image",
      detail: `"${option}" goes with image only: a machine made by ${kind} has what it was made from.`,
      hint: `Take "${option}" out, or make the machine from an image.`,
    });
  }
}

function readImage(field: Field): Origin | undefined {
  if (typeof field.value !== "string") return refuse(field, 'an image like "debian:bookworm"');
  const [distro = "", version, ...rest] = field.value.split(":");
  const wellFormed = version === undefined || (rest.length === 0 && isVersion(version));
  if (!DISTROS.some((each) => each === distro)) return refuse(field, "an image that OrbStack has", meant(distro));
  if (!wellFormed) return refuse(field, 'a distribution and a version like "debian:bookworm"');
  return { kind: "image", distro, ...(version === undefined ? {} : { version }) };
}

function meant(distro: string): string {
  const other = wordFor(distro);
  if (other !== undefined) return `Did you mean "${other}"?`;
  return suggestion(distro, DISTROS) ?? `There are: ${DISTROS.join(", ")}.`;
}

function readClone(field: Field): Origin | undefined {
  const of = cloneSource(field);
  return of && { kind: "clone", of };
}

function cloneSource(field: Field): MachineReference | undefined {
  const { value } = field;
  if (!isListed(value) || !["machine", "existing"].includes(value["~orbform"])) {
    return refuse(field, 'a machine of the stack, or existing("NAME")');
  }
  if (value["~orbform"] === "existing") return existingSource(field, value);
  const node = needed(field, value["~rid"]);
  return node && { kind: "address", address: node.address };
}

function existingSource(field: Field, listed: { readonly "~rid": string; readonly "~input": unknown }) {
  const written = isPlainObject(listed["~input"]) ? listed["~input"]["name"] : undefined;
  const name = field.scope.existing.get(listed["~rid"]) ?? written;
  const accepted = typeof name === "string" ? machineName(name) : undefined;
  if (accepted === undefined) {
    return refuse({ ...field, value: name }, 'existing("NAME") with the name of a machine', "Look it up: orbctl list");
  }
  return { kind: "existing", name: accepted } as const;
}

function readRestore(field: Field): Origin | undefined {
  const path = readText(field);
  const file = path === undefined ? undefined : field.scope.files.get(path);
  if (path === undefined || file === undefined) return undefined;
  if (file.kind === "archive") return { kind: "restore", path: file.path, digest: file.digest };
  const reason = file.kind === "unreadable" ? file.reason : "it is no archive";
  return unreadable(field, path, reason);
}

/** cloud-init user data: the text, a reference, or `{ file }`. */
export function readCloudInit(field: Field): CloudInit | undefined {
  const { value } = field;
  if (typeof value === "string" || isReference(value)) {
    const text = toValue(field);
    return text === undefined ? undefined : { text };
  }
  if (!isPlainObject(value)) return refuse(field, 'cloud-init text, or { file: "PATH" }');
  checkKeys(field.findings, value, { of: "cloudInit", known: ["file"] });
  const path = readText({ ...field, name: "cloudInit.file", value: value["file"] });
  const file = path === undefined ? undefined : field.scope.files.get(path);
  if (path === undefined || file === undefined) return undefined;
  if (file.kind === "text") return { text: file.text };
  return unreadable(field, path, file.kind === "unreadable" ? file.reason : "it is no text");
}

function unreadable(field: Field, path: string, reason: string): undefined {
  field.findings.error("ORB_PROPERTY_INVALID", {
    summary: "File can't be read",
    detail: `"${field.name}" names ${quoted(path)}, but ${reason}. Paths are relative to the project's folder.`,
    hint: "Correct the path.",
  });
  return undefined;
}

/** The processor: `arm64` or `amd64`. */
export function readArch(field: Field): Arch | undefined {
  return readWord(["arm64", "amd64"])(field);
}
