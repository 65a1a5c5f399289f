import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./samples/", import.meta.url));

/** The names of every captured sample. */
export const SAMPLES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name !== "README.md")
  .toSorted();

/** A captured sample, as it was. */
export function sample(name: string): string {
  return readFileSync(`${FOLDER}${name}`, "utf8");
}

/** One captured message of errors.tsv. */
export interface CapturedError {
  readonly message: string;
  readonly command: string;
  readonly version: string;
}

/** Every captured message. */
export function capturedErrors(): readonly CapturedError[] {
  const lines = sample("errors.tsv").split("\n").slice(1);
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [message = "", command = "", version = ""] = line.split("\t");
      return { message, command, version };
    });
}

/** What differs from world to world, by key: chance gives ids, addresses and sizes. */
const BY_CHANCE: ReadonlySet<string> = new Set(["id", "ip4", "ip6", "disk_size"]);

/**
 * A JSON text with its keys in their order and its values, but for what chance gives: of that the type. Two texts of
 * the same world have the same shape.
 */
export function shapeOf(text: string): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => (BY_CHANCE.has(key) ? typeof value : value), 2);
}

/** A table with what chance gives replaced, and the gaps between columns made the same. */
export function tableShape(text: string): string {
  return text
    .replaceAll(/\d+(?:\.\d+){3}/g, "IP")
    .replaceAll(/\d+\.\d [MG]B/g, "SIZE")
    .replaceAll(/ {2,}/g, "  ");
}
