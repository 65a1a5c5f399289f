import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { decodePlanFile, encodePlanFile, type SavedPlan } from "../engine-plan-file.ts";
import type { Review } from "../report/review.ts";
import { isPlanText } from "./plan-text.ts";
import { shownJson } from "./shown-json.ts";
import { putFile, reasonOf, tryFile } from "./whole-file.ts";

/** A plan file, as it was read. */
export interface PlanFile {
  readonly path: string;
  readonly text: string;
  readonly saved: SavedPlan;
}

/** Reads a plan file. Errors: `ORB_PLAN_UNREADABLE`, `ORB_PLAN_NEWER`, `ORB_USAGE` where there is none. */
export async function readPlanFile(word: string, cwd: string): Promise<PlanFile> {
  const path = resolve(cwd, word);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw isMissing(error) ? missing(path) : unreadable(path, error);
  });
  return { path, text, saved: decodePlanFile(text, path) };
}

/**
 * Looks, before anything is planned, whether a plan can be kept there: its folder is made. A plan is written over a plan,
 * and over nothing else. Errors: `ORB_FILE_EXISTS`, `ORB_REPORT_UNWRITABLE`.
 */
export async function checkPlanFile(path: string): Promise<void> {
  const held = await tryFile(path).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  if (held === undefined || held === "" || isPlanText(held)) return;
  throw new OrbformError("ORB_FILE_EXISTS", {
    summary: "Something else stands there",
    detail: `${path} exists and is no plan file. It was left as it is, and nothing was planned.`,
    hint: "Name another file, or remove that one: orb plan --out plan.json",
  });
}

/** Writes a plan file, whole or not at all, readable by its owner only: a plan holds what files are to hold. Error: `ORB_REPORT_UNWRITABLE`. */
export async function writePlanFile(path: string, saved: SavedPlan, review: Review): Promise<void> {
  const text = encodePlanFile(saved, shownJson(review, saved.madeAt));
  try {
    await putFile(path, text, 0o600);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function missing(path: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "There is no such plan file",
    detail: `${path} does not exist. No machine was looked at.`,
    hint: "Make a plan first: orb plan --out plan.json",
  });
}

function unreadable(path: string, cause: unknown): OrbformError {
  return new OrbformError("ORB_PLAN_UNREADABLE", {
    summary: "The plan file can't be read",
    detail: `${path} could not be read${reasonOf(cause)}. No machine was looked at.`,
    hint: "Make a new plan: orb plan --out plan.json",
    cause,
  });
}

function unwritable(path: string, cause: unknown): OrbformError {
  return new OrbformError("ORB_REPORT_UNWRITABLE", {
    summary: "The plan file could not be written",
    detail: `${path} could not be written${reasonOf(cause)}. No machine was touched.`,
    hint: "Name a file in a folder that can be written to: orb plan --out FILE",
    cause,
  });
}
