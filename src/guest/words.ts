import { OrbformError } from "../model/errors.ts";

/** A path as scripts may use it: absolute, without NUL and without slashes at its end. Throws `ORB_PROPERTY_INVALID`. */
export function checkPath(path: string): string {
  if (!path.startsWith("/") || path.includes("\0")) throw invalid("A path inside a machine must be absolute.", path);
  return path.replace(/\/+$/, "") || "/";
}

/** The folder that a path is in. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The name that a path has in its folder. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * A package's name, or a version: what no package manager takes for an option, or for a group by its sign (`@`). It may still
 * be what some take for a pattern where no package is called so (`.`): see `$odd`. Throws `ORB_PROPERTY_INVALID`.
 */
export function checkPackageWord(word: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9@_.+:~^-]*$/.test(word)) throw invalid("This can't be a package or a version.", word);
  return word;
}

/** A service's name. Throws `ORB_PROPERTY_INVALID`. */
export function checkServiceName(name: string): string {
  if (!/^[A-Za-z0-9_@][A-Za-z0-9:_.@\\-]*$/.test(name)) throw invalid("This can't be the name of a service.", name);
  return name;
}

/** A user's or a group's name. Throws `ORB_PROPERTY_INVALID`. */
export function checkAccount(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/.test(name)) throw invalid("This can't be the name of a user or group.", name);
  return name;
}

/** Who owns something: a name or a number. Throws `ORB_PROPERTY_INVALID`. */
export function checkOwner(owner: string): string {
  return /^\d+$/.test(owner) ? owner : checkAccount(owner);
}

/** A field of /etc/passwd: an absolute path without what ends a field. Throws `ORB_PROPERTY_INVALID`. */
export function checkPasswdPath(path: string): string {
  if (/[:\n\r]/.test(path)) throw invalid("A path of a user can't hold a colon or a line's end.", path);
  return checkPath(path);
}

/** A public key: one line. Throws `ORB_PROPERTY_INVALID`, without what was given: it may be the private one. */
export function checkKey(key: string): string {
  const isLine = key.trim() !== "" && !/[\n\r\0]/.test(key) && !key.trimStart().startsWith("#");
  if (!isLine) throw invalid("A key must be one line of an authorized_keys file. What was given is not shown.");
  return key;
}

/** The longest argument that a script may be. Linux takes none over 128 KiB (execve(2): MAX_ARG_STRLEN). Bytes. */
const LONGEST_ARGUMENT = 131_071;

/** A script that is to be one argument. Throws `ORB_PROPERTY_INVALID` where it is too long to be run at all. */
export function argument(script: string): string {
  const bytes = Buffer.byteLength(script);
  if (bytes <= LONGEST_ARGUMENT) return script;
  throw invalid(
    `The script for it would have ${bytes} bytes, and Linux takes ${LONGEST_ARGUMENT} at most. Put long texts into a file.`,
  );
}

/** The error of a value that no script can be given. */
export function invalid(why: string, word?: string): OrbformError {
  const given = word === undefined ? "" : ` It is ${JSON.stringify(word.slice(0, 200))}.`;
  return new OrbformError("ORB_PROPERTY_INVALID", {
    summary: "A property has a value that can't be",
    detail: `${why}${given} Nothing was done inside the machine.`,
  });
}
