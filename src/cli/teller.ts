import type { ExecuteEvent } from "../model/execute-event.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { JsonObject } from "../model/json.ts";
import type { OutputState } from "../model/snapshot.ts";
import type { ApplyCounts } from "../report/plan-summary.ts";
import type { Said } from "./hints.ts";
import type { ApplyEnd, EventLine } from "../report/events-json.ts";
import type { Theme } from "../report/theme.ts";

/** How a plan or an apply is told: as text for people, or as JSON lines. Calls come in the order things happen. */
export interface Teller {
  /** What this call was given beside its command: hints say it again. */
  about(said: Said): void;
  /** Something about the run itself: a lock, an apply under way, a recovered machine. */
  notice(text: string): void;
  /** A plan, without what it found wrong. */
  plan(plan: Plan): void;
  /** What policies say of the plan, where any was asked. */
  policy(telling: PolicyTelling): void;
  /** The end of a command that only plans. */
  planned(plan: Plan): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
  event(event: ExecuteEvent): void;
  /** After the last event; may be called twice. */
  end(): void;
  applied(done: Applied): void;
  /** The command ends with an error that was not told yet. */
  failed(problems: readonly Diagnostic[], operation: string): void;
  /** `--timings`: how long everything took is told at the end. */
  timed(telling: Telling): void;
  /** What is told when all else is: in JSON lines before the summary, or where none comes. Once, however often it is called. */
  last(): void;
}

/** How long everything took until it is asked for, in both forms. */
export interface Telling {
  text(theme: Theme): string;
  line(): EventLine;
}

/** What an apply came to. */
export interface Applied extends ApplyEnd {
  readonly counts: ApplyCounts;
  readonly outputs: { readonly [name: string]: OutputState };
  readonly interrupted: boolean;
}

/** What policies say, in both forms. */
export interface PolicyTelling {
  text(theme: Theme): string;
  lines(): readonly EventLine[];
  /** What a summary tells of it. */
  readonly summary: JsonObject;
}
