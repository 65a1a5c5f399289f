import { OrbformError } from "../model/errors.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import { addressLines, resourceJson, resourceText, snapshotText } from "../report/snapshot-text.ts";
import type { Console } from "./console.ts";
import { addressOf } from "./request.ts";

/** How the state is shown. */
interface ShowSnapshot {
  readonly console: Console;
  readonly json: boolean;
  readonly format: string;
  readonly report?: readonly string[] | undefined;
}

/** Shows the whole state, or says that there is none. Error: `ORB_USAGE` for what only plans are written as. */
export function showSnapshot(
  snapshot: Snapshot | undefined,
  { console, json, format, report = [] }: ShowSnapshot,
): number {
  if (report.length > 0 || !["text", "json"].includes(format)) throw onlyPlans();
  if (json || format === "json") console.out(`${JSON.stringify({ format_version: "1.0", state: snapshot ?? null })}\n`);
  else if (snapshot === undefined) console.out("No state: nothing was applied yet.\n");
  else console.out(snapshotText(snapshot, console.outTheme));
  return 0;
}

/** Shows the addresses in the state, one a line. */
export function showAddresses(snapshot: Snapshot | undefined, console: Console, asJson: boolean): number {
  const resources: { readonly [address: string]: ResourceState } = snapshot?.resources ?? {};
  if (asJson) {
    const list = Object.entries(resources).map(([address, resource]) => resourceJson(address, resource));
    console.out(`${JSON.stringify({ format_version: "1.0", resources: list })}\n`);
  } else if (snapshot !== undefined) {
    console.out(addressLines(snapshot));
  }
  return 0;
}

/** Shows one resource of the state. Error: `ORB_ADDRESS_UNKNOWN`. */
export function showResource(
  snapshot: Snapshot | undefined,
  word: string,
  how: { readonly console: Console; readonly json: boolean },
): number {
  const address = addressOf(word);
  const resource = snapshot?.resources[address];
  if (resource === undefined) throw unknownAddress(address);
  const { console, json } = how;
  if (json) console.out(`${JSON.stringify({ format_version: "1.0", resource: resourceJson(address, resource) })}\n`);
  else console.out(resourceText(address, resource, console.outTheme));
  return 0;
}

function onlyPlans(): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "Only plans are written as that",
    detail: "A state is shown as text or as JSON; reports are made of plans. Nothing was written.",
    hint: "Show the state with `orb show --format json`, or name the file of a plan.",
  });
}

/** There is nothing in the state at this address. */
export function unknownAddress(address: string): OrbformError {
  return new OrbformError("ORB_ADDRESS_UNKNOWN", {
    summary: "The state has no such address",
    detail: `There is nothing in the state at ${address}.`,
    hint: "Run `orb state list` to see what is there.",
  });
}
