import { connectionText, sshCommand } from "../report/connection-text.ts";
import { asciiJson } from "../report/escaped.ts";
import { probeJson, probeText, type ProbeTold } from "../report/probe-text.ts";
import { statusJson, statusText } from "../report/status-text.ts";
import type { Connection } from "../model/connection.ts";
import { isGood, type MachineStatus } from "../model/probe.ts";
import { printable } from "../model/printable.ts";
import type { Console } from "./console.ts";

/** To whom, and in which form. */
interface Shown {
  readonly console: Console;
  readonly json: boolean;
}

/** Shows what a probe came to. Exit: 0 where it went well, else 1. */
export function showProbe(told: ProbeTold, { console, json }: Shown): number {
  console.out(json ? `${asciiJson(probeJson(told))}\n` : probeText(told, console.outTheme));
  return isGood(told.answer) ? 0 : 1;
}

/** Shows how machines are. Exit: 1 where one could not be looked at inside though it runs, else 0. */
export function showStatus(statuses: readonly MachineStatus[], { console, json }: Shown): number {
  console.out(json ? `${asciiJson(statusJson(statuses))}\n` : statusText(statuses, console.outTheme));
  return statuses.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

/** Shows a boot log; with `last`, so many lines of its end. */
export function showLog(
  { name, log }: { readonly name: string; readonly log: string },
  last: number | undefined,
  { console, json }: Shown,
): number {
  const lines = log === "" ? [] : log.replace(/\n$/, "").split("\n");
  const shown = last === undefined ? lines : lines.slice(Math.max(0, lines.length - last));
  if (json) console.out(`${asciiJson({ format_version: "1.0", machine: name, lines: shown })}\n`);
  else console.out(shown.map((line) => `${line}\n`).join(""));
  if (lines.length === 0 && !json) console.err(`Machine "${printable(name)}" has no boot log: it was never started.\n`);
  return 0;
}

/** Shows how to reach a machine by SSH: the command first, so that the first line can be run. */
export function showConnection(
  { name, connection }: { readonly name: string; readonly connection: Connection },
  { console, json }: Shown,
): number {
  const facts = { format_version: "1.0", machine: name, ...connection, command: sshCommand(connection) };
  console.out(json ? `${asciiJson(facts)}\n` : printable(connectionText(connection)));
  return 0;
}
