/** The properties of things inside machines: how each is read, and which must be there. */
import type { InsideType } from "../model/inside.ts";
import type { Value } from "../model/value.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { isReference, readBoolean, readList, readText, readUserName, refuse } from "./field.ts";
import type { Field } from "./field.ts";
import { toValue } from "./to-value.ts";

type Values = { readonly [property: string]: Value };

/** Reads one property into what the desired state holds of it: mostly itself. */
type Read = (field: Field) => Values | undefined;

/** What one type of resource may be given. */
export interface InsideProperties {
  /** As messages call it: `a file`. */
  readonly called: string;
  readonly properties: { readonly [property: string]: Read };
  readonly required: readonly string[];
  readonly defaults: { readonly [property: string]: boolean };
  /** Properties that are read elsewhere. */
  readonly more: readonly string[];
  /** What no single property tells; says what is wrong. */
  readonly check: (field: Field, input: { readonly [key: string]: unknown }) => boolean;
}

const as =
  (read: (field: Field) => Value | undefined): Read =>
  (field) => {
    const value = read(field);
    return value === undefined ? undefined : { [field.name]: value };
  };

const rights = { mode: as(readMode), owner: as(readOwner), group: as(readOwner) };
const plain = { required: [], defaults: {}, more: [], check: () => true };

/** By type. */
export const INSIDE_PROPERTIES: { readonly [K in InsideType]: InsideProperties } = {
  file: {
    ...plain,
    called: "a file",
    properties: { path: as(readPath), content: as(readContent), source: readSource, ...rights },
    required: ["path"],
    more: ["sensitive"],
    check: oneContent,
  },
  directory: { ...plain, called: "a directory", properties: { path: as(readPath), ...rights }, required: ["path"] },
  packages: {
    ...plain,
    called: "packages",
    properties: { install: as(readInstall), remove: as(readList(readPackage)) },
    check: somePackages,
  },
  service: {
    ...plain,
    called: "a service",
    properties: { name: as(readUnit), running: as(readBoolean), enabled: as(readBoolean) },
    required: ["name"],
    defaults: { running: true, enabled: true },
    more: ["restartOn"],
  },
  user: {
    ...plain,
    called: "a user",
    properties: {
      name: as(readUserName),
      shell: as(readAccountPath),
      home: as(readAccountPath),
      groups: as(readList(readUserName)),
      authorizedKeys: as(readKeys),
    },
    required: ["name"],
  },
  command: {
    ...plain,
    called: "a command",
    properties: {
      run: as(readScript),
      user: as(readUserName),
      workdir: as(readPath),
      creates: as(readPath),
      unless: as(readScript),
      onlyIf: as(readScript),
      triggers: as(toValue),
    },
    required: ["run"],
  },
};

/** An absolute path that names one thing: no `..`, no slash at its end. */
function readPath(field: Field): string | undefined {
  const { value } = field;
  if (typeof value !== "string") return refuse(field, "an absolute path inside the machine");
  const isPlain = value.startsWith("/") && !value.includes("\0") && value !== "/" && !value.endsWith("/");
  const steps = value.slice(1).split("/");
  const isStraight = steps.every((step) => step !== "" && step !== "." && step !== "..");
  return isPlain && isStraight
    ? value
    : refuse(field, 'an absolute path inside the machine, without ".", ".." or a slash at its end');
}

/** The same in /etc/passwd, where a colon or the end of a line would end it. */
function readAccountPath(field: Field): string | undefined {
  if (typeof field.value !== "string" || !/[:\n\r]/.test(field.value)) return readPath(field);
  return refuse(field, "an absolute path inside the machine, without a colon or a line's end");
}

/** Permission bits. Who writes 644 means 0o644: the one is never what somebody wants, and so is refused. */
function readMode(field: Field): number | undefined {
  const { value } = field;
  if (typeof value === "string" && /^0?[0-7]{3,4}$/.test(value)) return Number.parseInt(value, 8);
  const isMeantOctal = typeof value === "number" && value > 0o777 && value <= 777 && /^[0-7]{3}$/.test(String(value));
  if (isMeantOctal) return refuse(field, `0o${value} or "0${value}", as permission bits are written`);
  const fits = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0o7777;
  return fits ? value : refuse(field, 'permission bits, as 0o644 or "0644"');
}

function readOwner(field: Field): string | undefined {
  if (typeof field.value === "string" && /^\d{1,10}$/.test(field.value)) return field.value;
  return readUserName(field);
}

/** Any text, or a reference. */
function readContent(field: Field): Value | undefined {
  if (isReference(field.value)) return toValue(field);
  return typeof field.value === "string" ? field.value : refuse(field, "a text or a reference");
}

/** What a source file holds is read when the stack is loaded: text is carried along, anything else by its digest. */
function readSource(field: Field): Values | undefined {
  if (typeof field.value !== "string" || field.value === "")
    return refuse(field, "a path of a file, seen from the project's folder");
  const file = field.scope.files.get(field.value);
  if (file?.kind === "text") return { content: file.text };
  if (file?.kind === "bytes") return { source: file.path, digest: file.digest };
  const reason = file?.kind === "unreadable" ? file.reason : "it was not read";
  field.findings.error("ORB_PROPERTY_INVALID", {
    summary: "A source file can't be read",
    detail: `"${field.name}" names ${JSON.stringify(field.value)}: ${reason}.`,
    hint: "Give the path as seen from the project's folder.",
  });
  return undefined;
}

function oneContent(field: Field, input: { readonly [key: string]: unknown }): boolean {
  const given = ["content", "source"].filter((key) => input[key] !== undefined);
  if (given.length === 1) return true;
  field.findings.error("ORB_PROPERTY_INVALID", {
    summary: given.length === 0 ? "File has no content" : "File has two contents",
    detail: `A file has exactly one of "content" and "source", but ${given.length === 0 ? "none is" : "both are"} given.`,
    hint: 'For an empty file: content: "".',
  });
  return false;
}

function readInstall(field: Field): Value | undefined {
  const { value } = field;
  if (Array.isArray(value)) {
    const names = readList(readPackage)(field);
    return names && Object.fromEntries(names.map((name) => [name, "present"]));
  }
  if (!isPlainObject(value)) return refuse(field, "names of packages, or versions by name");
  const versions: [string, string][] = [];
  for (const [name, version] of Object.entries(value)) {
    const own = readPackage({ ...field, name: field.name, value: name });
    const wanted = readVersion({ ...field, name: `${field.name}.${name}`, value: version });
    if (own !== undefined && wanted !== undefined) versions.push([own, wanted]);
  }
  return Object.fromEntries(versions);
}

/** As the package managers name them: nothing that could be an option, a path or an address. */
function readPackage(field: Field): string | undefined {
  const fits = typeof field.value === "string" && /^[A-Za-z0-9][A-Za-z0-9+._@:-]{0,127}$/.test(field.value);
  if (!fits || typeof field.value !== "string") return refuse(field, "the name of a package");
  return isOrder(field.value)
    ? refuse(field, "the name of a package: to apt a - or + at its end says what to do with it")
    : field.value;
}

/**
 * To apt `nginx-` means "remove nginx", and `nginx+` "install it", where there is no package of exactly that name; no
 * distribution has one that ends in `-`. Names do end in `+`, all in two: `g++`, `libstdc++`, `g++-12` (which ends in neither).
 */
function isOrder(name: string): boolean {
  return name.endsWith("-") || (name.endsWith("+") && !name.endsWith("++"));
}

function readVersion(field: Field): string | undefined {
  const fits = typeof field.value === "string" && /^[A-Za-z0-9][A-Za-z0-9+._~:-]{0,127}$/.test(field.value);
  return fits && typeof field.value === "string" ? field.value : refuse(field, '"present", "latest" or a version');
}

function somePackages(field: Field, { install, remove }: { readonly [key: string]: unknown }): boolean {
  const wanted: readonly unknown[] = Array.isArray(install) ? install : Object.keys(install ?? {});
  const both = Array.isArray(remove) ? remove.find((name) => wanted.includes(name)) : undefined;
  if (both !== undefined) {
    refuse({ ...field, name: "remove", value: both }, "the name of a package that is not installed as well");
    return false;
  }
  if (install !== undefined || remove !== undefined) return true;
  field.findings.error("ORB_PROPERTY_INVALID", {
    summary: "No packages are named",
    detail: 'Packages need "install" or "remove".',
  });
  return false;
}

function readUnit(field: Field): string | undefined {
  const fits = typeof field.value === "string" && /^[A-Za-z0-9][A-Za-z0-9:_.@-]{0,127}$/.test(field.value);
  return fits && typeof field.value === "string" ? field.value : refuse(field, "the name of a service");
}

function readKeys(field: Field): Value | undefined {
  return readList((each) => (isReference(each.value) ? toValue(each) : readKey(each)))(field);
}

/** Somebody may have given the private key: what has several lines is not repeated. */
function readKey(field: Field): string | undefined {
  const text = typeof field.value === "string" ? field.value.trim() : "";
  if (text === "" || /^#.*$/.test(text)) return refuse(field, "a public key, as a line of authorized_keys has it");
  if (!text.includes("\n")) return readText(field);
  field.findings.error("ORB_PROPERTY_INVALID", {
    summary: "Property has a wrong value",
    detail: `"${field.name}" must be one line, a public key, but has several. It is not shown: it may be a private key.`,
  });
  return undefined;
}

/** The longest command, all words together: it travels in one argument, of which Linux takes 128 KiB. Bytes. */
const LONGEST_COMMAND = 65_536;

/** argv, or one text for a shell. */
function readScript(field: Field): Value | undefined {
  const { value } = field;
  const words: readonly unknown[] = Array.isArray(value) ? value : [value];
  const bytes = words.reduce<number>((sum, word) => sum + (typeof word === "string" ? Buffer.byteLength(word) : 0), 0);
  if (bytes > LONGEST_COMMAND)
    return refuse({ ...field, value: `${bytes} bytes` }, "64 KiB at most", "Put the script into a file and run that.");
  if (isReference(value)) return toValue(field);
  if (typeof value === "string" && value.trim() !== "") return readWord(field);
  if (!Array.isArray(value) || value.length === 0) return refuse(field, "argv as an array, or one text for a shell");
  return readList((each) => (isReference(each.value) ? toValue(each) : readWord(each)))(field);
}

/** No argument can hold a NUL. */
function readWord(field: Field): string | undefined {
  const fits = typeof field.value === "string" && !field.value.includes("\0");
  return fits && typeof field.value === "string" ? field.value : refuse(field, "a string without NUL");
}
