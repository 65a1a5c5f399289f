import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isPlainObject } from "../stack/copy-input.ts";
import { isListed } from "./flatten.ts";
import type { FileContent } from "./scope.ts";

/** Longest file that is carried along as text. Bytes. */
const LONGEST_TEXT = 1024 * 1024;

/** Says why a file is not to be read, by its absolute path; `undefined`: it is. */
export type Refuses = (path: string) => Promise<string | undefined>;

/**
 * Reads what the resources of a stack name: archives to be restored (their digest), cloud-init files (their text), files
 * that are to be put into machines (their text, or their digest where they are long or no text).
 */
export async function readFiles(
  resources: unknown,
  root: string,
  refuses: Refuses = async () => undefined,
): Promise<ReadonlyMap<string, FileContent>> {
  const files = new Map<string, FileContent>();
  const add = async (named: unknown, how: (path: string) => Promise<FileContent>): Promise<void> => {
    if (typeof named !== "string" || files.has(named)) return;
    const path = resolve(root, named);
    const reason = await refuses(path);
    files.set(named, reason === undefined ? await how(path) : { kind: "unreadable", reason });
  };
  for (const { restore, cloudInit, source } of inputsIn(resources)) {
    await add(source, content);
    await add(restore, archive);
    await add(isPlainObject(cloudInit) ? cloudInit["file"] : undefined, text);
  }
  return files;
}

/** `seen` has what was walked: one that is listed twice, or holds itself, is told where addresses are given. */
function inputsIn(resources: unknown, seen = new Set<unknown>()): readonly { readonly [key: string]: unknown }[] {
  if (!isPlainObject(resources)) return [];
  return Object.values(resources).flatMap((each) => {
    const input = isListed(each) ? each["~input"] : undefined;
    if (!isListed(each) || !isPlainObject(input) || seen.has(each)) return [];
    seen.add(each);
    if (each["~orbform"] === "component") return inputsIn(input["resources"], seen);
    return ["machine", "file"].includes(each["~orbform"]) ? [input] : [];
  });
}

async function archive(path: string): Promise<FileContent> {
  try {
    return { kind: "archive", path, digest: `sha256:${await digestOf(path)}` };
  } catch (error) {
    return unreadable(error);
  }
}

/** Hex SHA-256. Archives are gigabytes: never in memory as a whole. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

async function content(path: string): Promise<FileContent> {
  try {
    if ((await stat(path)).size > LONGEST_TEXT) return { kind: "bytes", path, digest: await digestOf(path) };
    const bytes = await readFile(path);
    return isUtf8(bytes)
      ? { kind: "text", text: bytes.toString("utf8") }
      : { kind: "bytes", path, digest: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    return unreadable(error);
  }
}

async function text(path: string): Promise<FileContent> {
  try {
    return { kind: "text", text: await readFile(path, "utf8") };
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): FileContent {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return { kind: "unreadable", reason: "there is no such file" };
  if (code === "EACCES") return { kind: "unreadable", reason: "it may not be read" };
  if (code === "EISDIR") return { kind: "unreadable", reason: "it is a folder" };
  return { kind: "unreadable", reason: `it can't be read (${String(code)})` };
}
