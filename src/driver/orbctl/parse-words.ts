import type { Capabilities } from "../../model/capabilities.ts";
import { nameKey } from "../../model/machine.ts";
import { outputLines } from "./output-lines.ts";

/** What OrbStack itself is doing. */
export type ServiceStatus = "running" | "starting" | "stopped";

const STATUS_WORDS: ReadonlyMap<string, ServiceStatus> = new Map([
  ["running", "running"],
  ["starting", "starting"],
  ["stopped", "stopped"],
]);

/** By exit code, where no word was printed (contract 3.16). 2 is also a crash of the client, so it needs the word. */
const STATUS_EXITS: ReadonlyMap<number, ServiceStatus> = new Map([
  [0, "running"],
  [1, "stopped"],
]);

/** Reads `status`. The word counts before the exit code; `undefined` where neither tells. */
export function parseStatus(stdout: string, exitCode: number | null): ServiceStatus | undefined {
  for (const line of outputLines(stdout)) {
    const status = STATUS_WORDS.get(line.trim().toLowerCase());
    if (status) return status;
  }
  return exitCode === null ? undefined : STATUS_EXITS.get(exitCode);
}

/**
 * Reads bare `default`: the line that is the name of one of these machines. What is printed where none is set is not
 * known (contract 3.4), so anything else reads as `null`.
 */
export function parseDefault(stdout: string, names: readonly string[]): string | null {
  const byKey = new Map(names.map((name) => [nameKey(name), name]));
  const found = outputLines(stdout).map((line) => byKey.get(nameKey(line.trim())));
  const [only, ...more] = [...new Set(found)].filter((name) => name !== undefined);
  return only === undefined || more.length > 0 ? null : only;
}

/**
 * Reads `version`: `Version: 2.2.3 (2020300)` gives `2.2.3`. Where no line begins so, the first number of three parts
 * that stands alone counts. `undefined` where there is none.
 */
export function parseVersion(stdout: string): string | undefined {
  const lines = outputLines(stdout);
  const found = firstMatch(lines, /^\s*Version:?\s*v?(\d+(?:\.\d+){1,3})/i);
  return found ?? firstMatch(lines, /(?:^|\s)v?(\d+\.\d+\.\d+)(?=\s|$)/);
}

function firstMatch(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What an OrbStack of this version can do; a version that can't be read counts as the newest. */
export function capabilitiesOf(version: string): Capabilities {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const reaches = (wantedMinor: number): boolean => major > 2 || (major === 2 && minor >= wantedMinor);
  const unknown = version === "";
  return { version, limits: unknown || reaches(2), isolation: unknown || reaches(1), cloneNeedsStop: false };
}

/** Reads the port from `ssh`, whose text is for people: the one line that can be relied on is `Port: 32222`. */
export function parseSshPort(stdout: string): number | undefined {
  for (const line of outputLines(stdout)) {
    const found = /^\s*Port:?\s+(\d{1,5})\s*$/i.exec(line);
    if (found) return Number(found[1]);
  }
  return undefined;
}

/** Reads `config get`: the last line that says anything; empty = not set. */
export function parseConfigValue(stdout: string): string {
  return (
    outputLines(stdout)
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}
