import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isPlainObject } from "../stack/copy-input.ts";
import { isListed } from "./flatten.ts";
import type { FileContent } from "./scope.ts";

/** Reads what the resources of a stack name: archives to be restored (their digest), cloud-init files (their text). */
export async function readFiles(resources: unknown, root: string): Promise<ReadonlyMap<string, FileContent>> {
  const files = new Map<string, FileContent>();
  for (const input of machineInputs(resources)) {
    const { restore, cloudInit } = input;
    if (typeof restore === "string" && !files.has(restore)) files.set(restore, await archive(resolve(root, restore)));
    const file = isPlainObject(cloudInit) ? cloudInit["file"] : undefined;
    if (typeof file === "string" && !files.has(file)) files.set(file, await text(resolve(root, file)));
  }
  return files;
}

/** `seen` has the components on the way: only a forged one can hold itself, and it is told where addresses are given. */
function machineInputs(
  resources: unknown,
  seen: readonly unknown[] = [],
): readonly { readonly [key: string]: unknown }[] {
  if (!isPlainObject(resources)) return [];
  return Object.values(resources).flatMap((each) => {
    const input = isListed(each) ? each["~input"] : undefined;
    if (!isListed(each) || !isPlainObject(input) || seen.includes(each)) return [];
    if (each["~orbform"] === "component") return machineInputs(input["resources"], [...seen, each]);
    return each["~orbform"] === "machine" ? [input] : [];
  });
}

async function archive(path: string): Promise<FileContent> {
  const hash = createHash("sha256");
  try {
    // Archives are gigabytes: never in memory as a whole.
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    return unreadable(error);
  }
  return { kind: "archive", path, digest: `sha256:${hash.digest("hex")}` };
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
