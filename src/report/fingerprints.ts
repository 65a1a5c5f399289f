import type { Finding } from "./findings.ts";

/**
 * What each finding is known by from one report to the next, wherever in its file it stands: its rule and its resource
 * (without one, what it says), and which of the same it is.
 */
export function fingerprints(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, address, summary }) => {
    const known = JSON.stringify(address === undefined ? [rule, null, summary] : [rule, address]);
    const count = (seen.get(known) ?? 0) + 1;
    seen.set(known, count);
    return `${fnv(known, 0x811c9dc5)}${fnv(known, 0x9dc5811c)}:${count}`;
  });
}

/** FNV-1a of UTF-16 units, 32 bits. Nobody is to be kept from finding two that are the same. */
function fnv(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
