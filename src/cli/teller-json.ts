import type { ExecuteEvent } from "../model/execute-event.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { JsonObject } from "../model/json.ts";
import {
  actionLine,
  applySummaryLine,
  diagnosticLine,
  erroredSummaryLine,
  lineText,
  logLine,
  outputsLine,
  planSummaryLine,
  progressLine,
  versionLine,
  type EventLine,
} from "../report/events-json.ts";
import { planLines } from "../report/events-plan.ts";
import type { Console } from "./console.ts";
import { completed, type Said } from "./hints.ts";
import { seenFrom, sourceOf } from "./source-of.ts";
import { Still } from "./still.ts";
import type { Applied, PolicyTelling, Teller, Telling } from "./teller.ts";

/** Tells in JSON lines on standard output: the first has the version, the last is always a `change_summary`. */
export class JsonTeller implements Teller {
  readonly #console: Console;
  readonly #version: string;
  readonly #still: Still;
  #said: Said = {};
  #besides: JsonObject = {};
  #begun = false;
  #summed = false;
  #telling: Telling | undefined;

  constructor(console: Console, version: string) {
    this.#console = console;
    this.#version = version;
    this.#still = new Still(console, (running, now) => this.#write(progressLine(running, now)));
  }

  about(said: Said): void {
    this.#said = said;
  }

  notice(text: string): void {
    this.#write(logLine(text));
  }

  plan(plan: Plan): void {
    for (const line of planLines(plan)) this.#write(line);
  }

  policy(telling: PolicyTelling): void {
    this.#besides = telling.summary;
    for (const line of telling.lines()) this.#write(line);
  }

  planned(plan: Plan): void {
    this.#sum(planSummaryLine(plan, this.#besides));
  }

  diagnostics(diagnostics: readonly Diagnostic[]): void {
    for (const each of diagnostics) {
      const shown = seenFrom(this.#console.cwd, completed(each, this.#said));
      this.#write(diagnosticLine(shown, sourceOf(each)));
    }
  }

  event(event: ExecuteEvent): void {
    this.#still.event(event);
    if (event.event === "notice") this.diagnostics([event.notice]);
    else this.#write(actionLine(event));
  }

  end(): void {
    this.#still.end();
  }

  applied(done: Applied): void {
    if (Object.keys(done.outputs).length > 0) this.#write(outputsLine(done.outputs));
    this.#sum(applySummaryLine(done.counts, done, this.#besides));
  }

  failed(problems: readonly Diagnostic[], operation: string): void {
    this.end();
    this.diagnostics(problems);
    if (!this.#summed) this.#sum(erroredSummaryLine(operation, this.#besides));
  }

  timed(telling: Telling): void {
    this.#telling = telling;
  }

  last(): void {
    const telling = this.#telling;
    this.#telling = undefined;
    // Not all that is told in JSON comes by way of this: its version line may stand already.
    if (telling !== undefined) this.#print(telling.line());
  }

  #sum(line: EventLine): void {
    this.#begin();
    this.last();
    this.#write(line);
    this.#summed = true;
  }

  #write(line: EventLine): void {
    this.#begin();
    this.#print(line);
  }

  #begin(): void {
    if (!this.#begun) this.#print(versionLine(this.#version));
    this.#begun = true;
  }

  #print(line: EventLine): void {
    this.#console.out(`${lineText(line, new Date(this.#console.now()).toISOString())}\n`);
  }
}
