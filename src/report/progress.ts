import type { CountsEvent, ExecuteEvent, StartedEvent } from "../model/execute-event.ts";
import { actionWords } from "./action-words.ts";
import { durationText } from "./duration.ts";
import type { Theme } from "./theme.ts";
import { oneLine } from "./value-text.ts";

/** What progress shows is worked out from: the actions that run now, and how far it is. */
export interface Progress {
  /** By action id, in the order they began. */
  readonly running: ReadonlyMap<string, Running>;
  readonly counts: CountsEvent | undefined;
}

/** An action under way. Times are epoch ms. */
export interface Running {
  readonly started: StartedEvent;
  readonly waitingFor: string | undefined;
}

/** Before anything ran. */
export const NO_PROGRESS: Progress = { running: new Map(), counts: undefined };

const WAITING = { settled: "settles", ready: "is ready", answer: "can be looked at" } as const;

/** Takes an event in. Work does not grow with the number of actions, only with those that run. */
export function advance(progress: Progress, event: ExecuteEvent): Progress {
  if (event.event === "counts") return { ...progress, counts: event };
  const running = new Map(progress.running);
  if (event.event === "started") running.set(event.action, { started: event, waitingFor: undefined });
  if (event.event === "waiting") wait(running, event.action, WAITING[event.waitingFor]);
  if (["succeeded", "failed", "unknown", "skipped"].includes(event.event)) running.delete(event.action);
  return { ...progress, running };
}

function wait(running: Map<string, Running>, action: string, waitingFor: string): void {
  const known = running.get(action);
  if (known !== undefined) running.set(action, { ...known, waitingFor });
}

/** What an event says on a line of its own, in Terraform's words; `undefined` where it says nothing. */
export function eventLine(event: ExecuteEvent, theme: Theme): string | undefined {
  if (event.event === "counts") return undefined;
  const words = actionWords(event);
  const line = (says: string) => theme.strong(`${oneLine(event.address)}: ${says}`);
  switch (event.event) {
    case "started":
      return line(`${words.doing}...`);
    case "succeeded":
      return line(`${words.noun} complete after ${durationText(event.tookMs)}${idText(event.machineId)}`);
    case "failed":
      return line(theme.error(`${words.noun} errored after ${durationText(event.tookMs)}`));
    case "unknown":
      return line(theme.warning(`${words.noun}: outcome not known after ${durationText(event.tookMs)}`));
    case "retrying":
      return line(`${oneLine(event.problem.summary)}; attempt ${event.attempt} in ${durationText(event.inMs)}`);
    case "skipped":
      return line(`${words.doing} skipped (${skipText(event.reason, event.because)})`);
    case "waiting":
      return line(`Waiting until it ${WAITING[event.waitingFor]}...`);
    case "notice":
      return line(oneLine(`${event.notice.summary}: ${event.notice.detail}`));
    default:
      return undefined;
  }
}

function idText(id: string | undefined): string {
  return id === undefined ? "" : ` [id=${oneLine(id)}]`;
}

function skipText(reason: string, because: string | undefined): string {
  if (because !== undefined) return `needs ${oneLine(because)}`;
  return reason === "interrupted" ? "interrupted" : oneLine(reason);
}

/** `Still creating... [10s elapsed]` of one action under way. */
export function stillLine({ started }: Running, now: number): string {
  const { doing } = actionWords(started);
  const still = `Still ${doing.toLowerCase()}...`;
  return `${oneLine(started.address)}: ${still} [${durationText(now - started.at)} elapsed]`;
}

/** The live part of a terminal: what runs, at most `rows` lines of it, and one line that says how far it is. */
export function liveLines(
  progress: Progress,
  view: { readonly now: number; readonly rows: number; readonly theme: Theme },
): string {
  const all = [...progress.running.values()];
  const shown = all.slice(0, Math.max(1, view.rows));
  const lines = shown.map((each) => `  ${liveLine(each, view.now, view.theme)}`);
  if (all.length > shown.length) lines.push(`  … and ${all.length - shown.length} more`);
  if (progress.counts !== undefined) lines.push(view.theme.dim(countsLine(progress.counts)));
  return lines.join("\n");
}

function liveLine({ started, waitingFor }: Running, now: number, theme: Theme): string {
  const spent = durationText(now - started.at);
  const wait = waitingFor === undefined ? "" : `, until it ${waitingFor}`;
  const expected = started.expectedMs >= 1000 ? ` of about ${durationText(started.expectedMs)}` : "";
  return `${oneLine(started.address)}: ${actionWords(started).doing.toLowerCase()}${wait} ${theme.dim(`${spent}${expected}`)}`;
}

function countsLine(counts: CountsEvent): string {
  const done = counts.succeeded + counts.failed + counts.skipped + counts.unknown;
  const wrong = counts.failed + counts.unknown;
  const parts = [`${done} of ${counts.total} done`, `${counts.running} running`, `${counts.waiting} waiting`];
  if (wrong > 0) parts.push(`${wrong} failed`);
  return `${parts.join(", ")}${etaText(counts)}`;
}

/** The longer of the longest path that is left and the work that is left, shared by as many as run now. */
function etaText({ remainingPathMs, remainingWorkMs, running }: CountsEvent): string {
  const left = Math.max(remainingPathMs, remainingWorkMs / Math.max(1, running));
  return left < 1000 ? "" : `; about ${durationText(left)} left`;
}
