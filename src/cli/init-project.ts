import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { GITIGNORE_LINES, PROJECT_FILES } from "./init-files.ts";

/** What a new project consists of now. */
export interface NewProject {
  /** Paths in the project, as written. */
  readonly created: readonly string[];
  /** What was there already, and was left as it was. */
  readonly kept: readonly string[];
  readonly text: string;
}

/** Writes the files of a new project. What is there stays; `.gitignore` gets the lines it lacks. */
export async function initProject(cwd: string, folder: string): Promise<NewProject> {
  const root = resolve(cwd, folder);
  const created: string[] = [];
  const kept: string[] = [];
  for (const [path, content] of Object.entries(PROJECT_FILES)) {
    const isNew = await writeNew(join(root, path), content);
    (isNew ? created : kept).push(path);
  }
  const ignored = await ignore(join(root, ".gitignore"));
  (ignored ? created : kept).push(".gitignore");
  return { created, kept, text: textOf(created, kept) };
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

function textOf(created: readonly string[], kept: readonly string[]): string {
  const lines = [
    ...created.map((path) => `  + ${path}`),
    ...kept.map((path) => `    ${path} (there already, left as it is)`),
  ];
  const next =
    "Next:\n  npm install --save-dev orbform   so that your editor knows the types\n  orb plan                         to see what the first stack would make\n  orb plan --driver simulator      the same where there is no OrbStack\n";
  return `${created.length === 0 ? "Nothing to write:" : "Project files:"}\n${lines.join("\n")}\n\n${next}`.trimEnd();
}
