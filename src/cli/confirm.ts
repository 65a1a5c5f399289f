import type { Readable, Writable } from "node:stream";
import { OrbformError } from "../model/errors.ts";

/** Where a question is asked. */
export interface Asking {
  readonly input: Readable;
  readonly output: Writable;
  /** Both ends are a terminal, and questions were not forbidden (`--input=false`, `TF_INPUT=0`). */
  readonly interactive: boolean;
  /** Questions were forbidden, whether there is a terminal or not. */
  readonly silent?: boolean;
  readonly signal: AbortSignal;
}

/** What is asked, and which flag answers it where nobody can be asked. */
export interface Question {
  readonly text: string;
  readonly flag: string;
  /** What is approved by it: `the plan as it is shown`. */
  readonly approving: string;
}

/**
 * Asks, and takes exactly `yes` for an answer. Where nobody can be asked: `ORB_NOT_APPROVED`, naming the flag. Any other
 * answer, the end of input, or an interrupt: `false`.
 */
export async function confirm(question: Question, asking: Asking): Promise<boolean> {
  if (!asking.interactive) throw notApproved(question, asking.silent === true);
  // Late: few calls ask anything, and every start would pay for it.
  const { createInterface } = await import("node:readline/promises");
  // No raw mode: Ctrl-C stays a signal and reaches who listens for it.
  const lines = createInterface({ input: asking.input, output: asking.output, terminal: false });
  const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    const answer = await Promise.race([lines.question(question.text, { signal: asking.signal }), closed]);
    if (answer === undefined) asking.output.write("\n");
    return answer?.trim() === "yes";
  } catch (error) {
    if (!asking.signal.aborted) throw error;
    asking.output.write("\n");
    return false;
  } finally {
    lines.close();
  }
}

function notApproved({ flag, approving }: Question, silent: boolean): OrbformError {
  return new OrbformError("ORB_NOT_APPROVED", {
    summary: "Nobody is there to approve this",
    detail: silent
      ? "Orbform was told to ask nothing (--input=false, or TF_INPUT). Nothing was changed."
      : "Questions are asked on a terminal only, and this is none. Nothing was changed.",
    hint: `Add ${flag} to approve ${approving}.`,
  });
}
