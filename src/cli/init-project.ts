import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { GITIGNORE_LINES, PROJECT_FILES } from "./init-files.ts";

/** What a new project consists of now. */
export interface NewProject {
  /** Paths in the project, as written. */
  readonly created: readonly string[];
  /** What was there already, and was left as it was. */
  readonly kept: readonly string[];
  readonly text: string;
}

/**
 * Writes the files of a new project. What is there stays; `.gitignore` gets the lines it lacks, `package.json` a "type".
 * Error: `ORB_FILE_EXISTS` where a file stands in the way of a folder.
 */
export async function initProject(cwd: string, folder: string): Promise<NewProject> {
  const root = resolve(cwd, folder);
  try {
    return await write(root);
  } catch (error) {
    if (isCode(error, "EEXIST") || isCode(error, "ENOTDIR")) throw inTheWay(root, error);
    throw error;
  }
}

async function write(root: string): Promise<NewProject> {
  const created: string[] = [];
  const kept: string[] = [];
  for (const [path, content] of Object.entries(PROJECT_FILES)) {
    const isNew = await writeNew(join(root, path), content);
    (isNew ? created : kept).push(path);
  }
  const type = kept.includes("package.json") ? await makeModule(join(root, "package.json")) : "module";
  const ignored = await ignore(join(root, ".gitignore"));
  (ignored ? created : kept).push(".gitignore");
  return { created, kept, text: textOf({ created, kept, type, installed: isInstalled(root) }) };
}

function inTheWay(root: string, cause: unknown): OrbformError {
  return new OrbformError("ORB_FILE_EXISTS", {
    summary: "A file stands in the way",
    detail: `A project needs the folder ${root} and folders in it, and a file has that name. Nothing in it was overwritten.`,
    hint: "Name another folder: orb init FOLDER",
    cause,
  });
}

/** What a `package.json` says its files are. `added`: it said nothing, and says "module" now. */
type ModuleType = "module" | "added" | "commonjs";

/** Stacks are modules: a `package.json` without a "type" gets one. */
async function makeModule(path: string): Promise<ModuleType> {
  const text = await readFile(path, "utf8");
  const found = /"type"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  if (found !== undefined) return found === "commonjs" ? "commonjs" : "module";
  const [, indent = "  "] = /^\{\s*?\n([ \t]+)"/.exec(text) ?? [];
  const rest = /^\s*\{\s*\}\s*$/.test(text) ? "\n}\n" : `,${text.slice(text.indexOf("{") + 1)}`;
  if (!text.includes("{")) return "module";
  await writeFile(path, `${text.slice(0, text.indexOf("{"))}{\n${indent}"type": "module"${rest}`);
  return "added";
}

/** Whether stacks here have the types of the library: it lies in a `node_modules` upwards. */
function isInstalled(folder: string): boolean {
  if (existsSync(join(folder, "node_modules/orbform/package.json"))) return true;
  return dirname(folder) !== folder && isInstalled(dirname(folder));
}

/** Writes a file where there is none. `false` where there is one. */
async function writeNew(path: string, content: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function ignore(path: string): Promise<boolean> {
  const present = await readOrEmpty(path);
  const lines = present.split(/\r?\n/);
  const missing = GITIGNORE_LINES.filter((line) => !lines.includes(line));
  if (missing.length === 0) return false;
  const gap = present === "" || present.endsWith("\n") ? "" : "\n";
  await appendFile(path, `${gap}${missing.join("\n")}\n`);
  return true;
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return "";
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

interface Told extends Pick<NewProject, "created" | "kept"> {
  readonly type: ModuleType;
  readonly installed: boolean;
}

function textOf({ created, kept, type, installed }: Told): string {
  const asIs = kept.filter((path) => path !== "package.json" || type !== "added");
  const lines = [
    ...created.map((path) => `  + ${path}`),
    ...(type === "added" ? ['  ~ package.json ("type": "module" added: stacks are modules)'] : []),
    ...asIs.map((path) => `    ${path} (there already, left as it is)`),
  ];
  const next = [
    ...(type === "commonjs"
      ? ['  write "type": "module" in package.json: it says "commonjs", and stacks are modules']
      : []),
    ...(installed ? [] : ["  npm install --save-dev orbform   so that your editor knows the types"]),
    "  orb plan                         to see what the first stack would make",
    "  orb plan --driver simulator      the same where there is no OrbStack",
  ];
  const head = created.length === 0 && type !== "added" ? "Nothing to write:" : "Project files:";
  return `${head}\n${lines.join("\n")}\n\nNext:\n${next.join("\n")}`;
}
