import type { ExecuteEvent } from "../model/execute-event.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { printable } from "../model/printable.ts";
import { diagnosticText } from "../report/diagnostics.ts";
import { outputsText } from "../report/outputs-text.ts";
import { planText } from "../report/plan-text.ts";
import { completeLine, incompleteLine } from "../report/plan-summary.ts";
import { eventLine, liveLines, stillLine } from "../report/progress.ts";
import type { Console } from "./console.ts";
import { completed, typed, type Said } from "./hints.ts";
import { openLive, type Live } from "./live.ts";
import { seenFrom, sourceOf } from "./source-of.ts";
import { Still } from "./still.ts";
import type { Applied, PolicyTelling, Teller, Telling } from "./teller.ts";

const GOES_ON = "What is done is in the state; the next apply goes on from there.";

/** Tells in text: plans and results on standard output, progress and diagnostics on standard error. */
export class TextTeller implements Teller {
  readonly #console: Console;
  readonly #still: Still;
  #said: Said = {};
  #live: Live | undefined;
  #opened = false;
  #ended = false;
  #telling: Telling | undefined;

  constructor(console: Console) {
    this.#console = console;
    this.#still = new Still(console, (running, now) => {
      if (this.#live === undefined) this.#line(stillLine(running, now));
    });
  }

  about(said: Said): void {
    this.#said = said;
  }

  notice(text: string): void {
    this.#line(printable(text));
  }

  plan(plan: Plan): void {
    this.#console.out(planText(plan, this.#console.outTheme, (command) => typed(command, this.#said)));
  }

  policy(telling: PolicyTelling): void {
    this.#console.out(telling.text(this.#console.outTheme));
  }

  planned(_plan: Plan): void {
    // The text of a plan ends with its summary already.
  }

  diagnostics(diagnostics: readonly Diagnostic[]): void {
    const { errTheme, live } = this.#console;
    for (const each of diagnostics) {
      const source = sourceOf(each);
      this.#block(
        diagnosticText(seenFrom(this.#console.cwd, completed(each, this.#said)), {
          theme: errTheme,
          ruled: live,
          ...(source === undefined ? {} : { source }),
        }),
      );
    }
  }

  event(event: ExecuteEvent): void {
    this.#still.event(event);
    if (this.#console.live && !this.#opened) this.#open();
    const line = eventLine(event, this.#console.errTheme);
    if (line !== undefined && !(this.#live !== undefined && event.event === "waiting")) this.#line(line);
    this.#live?.draw();
  }

  end(): void {
    this.#ended = true;
    this.#still.end();
    this.#live?.close();
    this.#live = undefined;
  }

  applied(done: Applied): void {
    const { outTheme } = this.#console;
    if (done.failed + done.skipped + done.unknown > 0 || done.interrupted) {
      this.#line(`\n${incompleteLine(done.counts, done)}\n${GOES_ON}`);
      return;
    }
    // It was said that there was nothing to adopt.
    if (done.operation === "adopt" && done.counts.adopted === 0) return;
    const outputs = Object.keys(done.outputs).length === 0 ? "" : `\nOutputs:\n\n${outputsText(done.outputs)}`;
    this.#console.out(`\n${outTheme.strong(outTheme.add(completeLine(done.counts, done.operation)))}\n${outputs}`);
  }

  failed(problems: readonly Diagnostic[]): void {
    this.end();
    this.diagnostics(problems);
  }

  timed(telling: Telling): void {
    this.#telling = telling;
  }

  last(): void {
    const telling = this.#telling;
    this.#telling = undefined;
    if (telling !== undefined) this.#block(telling.text(this.#console.errTheme));
  }

  /** Until the library is loaded, lines are written as to a file. */
  #open(): void {
    this.#opened = true;
    void openLive(this.#console, (view) => liveLines(this.#still.progress, view)).then((live) => {
      if (this.#ended) live.close();
      else this.#live = live;
      return undefined;
    });
  }

  #line(text: string): void {
    this.#block(`${text}\n`);
  }

  #block(text: string): void {
    if (this.#live === undefined) this.#console.err(text);
    else this.#live.above(text);
  }
}
