import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isKey } from "../model/address.ts";
import { OrbformError } from "../model/errors.ts";
import type { Project } from "./project.ts";
import { quoted } from "./quoted.ts";
import { suggestion } from "./suggest.ts";

const ENDING = /\.(?:ts|mts|js|mjs)$/;

/** A stack's file and the name it has by it. */
export interface StackFile {
  readonly name: string;
  readonly file: string;
}

/** Whether what the user typed is a path, not a name. */
function isStackPath(word: string): boolean {
  return /[/\\]/.test(word) || ENDING.test(word);
}

/** The folder a project is looked for from: that of the stack's file, where it is given by path. */
export function startFolder(cwd: string, word: string | undefined): string {
  return word !== undefined && isStackPath(word) ? dirname(resolve(cwd, word)) : cwd;
}

/**
 * The stack a user means: by name, by path, or the only one. Errors: `ORB_STACK_NOT_FOUND` and
 * `ORB_STACK_AMBIGUOUS` with what there is, `ORB_STACK_NAME` where the file's name can't be a stack's.
 */
export function findStack(project: Project, cwd: string, word: string | undefined): StackFile {
  if (word !== undefined && isStackPath(word)) return byPath(resolve(cwd, word));
  const stacks = stacksIn(project.stacksFolder);
  if (word !== undefined) return stacks.find((each) => each.name === word) ?? missing(project, stacks, word);
  const [only, ...others] = stacks;
  if (only === undefined) return missing(project, stacks, undefined);
  if (others.length === 0) return only;
  throw new OrbformError("ORB_STACK_AMBIGUOUS", {
    summary: "Several stacks, none of them named",
    detail: `${project.stacksFolder} has the stacks ${names(stacks)}.`,
    hint: `Name one of them, with --stack ${only.name} or as the first word: orb plan ${only.name}`,
  });
}

function byPath(file: string): StackFile {
  if (!existsSync(file)) {
    throw new OrbformError("ORB_STACK_NOT_FOUND", {
      summary: "Stack file does not exist",
      detail: `There is no file ${quoted(file)}.`,
      hint: "Correct the path.",
    });
  }
  const name = basename(file).replace(ENDING, "");
  if (isKey(name)) return { name, file };
  throw new OrbformError("ORB_STACK_NAME", {
    summary: "Stack name is not allowed",
    detail: `A stack is named by its file, but ${quoted(name)} can't be a name: it must begin with a letter and have letters, digits, "_" and "-" only.`,
    hint: "Rename the file.",
  });
}

/** Every stack of a folder, sorted. Declarations, tests and files that begin with `_` or `.` are none. */
function stacksIn(folder: string): readonly StackFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((each) => ENDING.test(each) && !/\.(?:d|test|spec)\.m?[tj]s$/.test(each))
    .map((each) => ({ name: each.replace(ENDING, ""), file: join(folder, each) }))
    .filter((each) => isKey(each.name))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function missing(project: Project, stacks: readonly StackFile[], word: string | undefined): never {
  const there = stacks.length === 0 ? "there are no stacks" : `there are ${names(stacks)}`;
  const near =
    word === undefined
      ? undefined
      : suggestion(
          word,
          stacks.map((each) => each.name),
        );
  throw new OrbformError("ORB_STACK_NOT_FOUND", {
    summary: word === undefined ? "No stack found" : "Stack not found",
    detail: `${word === undefined ? "No stack was named, and" : `There is no stack ${quoted(word)}:`} ${there} in ${project.stacksFolder}.`,
    hint:
      near ?? (stacks.length === 0 ? "Make a first one: orb init" : "Name one of them, or give the path of a file."),
  });
}

function names(stacks: readonly StackFile[]): string {
  return stacks.map((each) => each.name).join(", ");
}
