import type { OrbctlOutput } from "./call.ts";
import { isServiceError, outputLines } from "./output-lines.ts";

/**
 * Whether a `run` that ended failed by itself, not by the command inside: both exit 1 (contract 4.3), so its words
 * decide. A crash of the client exits 2 and names its own source files.
 */
export function ownFailure({ exitCode, stderr }: OrbctlOutput): boolean {
  if (exitCode === 0) return false;
  const lines = outputLines(stderr);
  if (exitCode === 1) return lines.some((line) => isServiceError(line) || OWN_WORDS.test(line));
  return lines.some((line) => OWN_CRASH.test(line));
}

/** What the client says without the service's prefix (errors.tsv); the name of its socket is nobody else's. */
const OWN_WORDS =
  /^(?:start VM: |timed out waiting for services to start|(?:invalid|cannot) transition from |machine not found: )|\bsconrpc\.sock\b/;

const OWN_CRASH = /^panic: (?:start VM: |\$HOME is not defined)|orbstack\/macvirt/;
