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

/**
 * Reads what the resources of a stack name: archives to be restored (their digest), cloud-init files (their text), files
 * that are to be put into machines (their text, or their digest where they are long or no text).
 */
export async function readFiles(resources: unknown, root: string): Promise<ReadonlyMap<string, FileContent>> {
  const files = new Map<string, FileContent>();
  for (const input of inputsIn(resources)) {
    const { restore, cloudInit, source } = input;
    if (typeof source === "string" && !files.has(source)) files.set(source, await content(resolve(root, source)));
    if (typeof restore === "string" && !files.has(restore)) files.set(restore, await archive(resolve(root, restore)));
    const file = isPlainObject(cloudInit) ? cloudInit["file"] : undefined;
    if (typeof file === "string" && !files.has(file)) files.set(file, await text(resolve(root, file)));
  }
  return files;
}

/** `seen` has the components on the way: only a forged one can hold itself, and it is told where addresses are given. */
function inputsIn(resources: unknown, seen: readonly unknown[] = []): readonly { readonly [key: string]: unknown }[] {
  if (!isPlainObject(resources)) return [];
  return Object.values(resources).flatMap((each) => {
    const input = isListed(each) ? each["~input"] : undefined;
    if (!isListed(each) || !isPlainObject(input) || seen.includes(each)) return [];
    if (each["~orbform"] === "component") return inputsIn(input["resources"], [...seen, each]);
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
