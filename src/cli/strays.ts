import { OrbformError } from "../model/errors.ts";

/** What is done with an error that nobody caught. */
export interface StrayHandling {
  /** Gives it to the load that is under way. `false` where there is none. */
  readonly failLoad: (error: unknown) => boolean;
  /** As it is told to the author; `undefined` where it is a fault of our own. */
  readonly told: (error: unknown) => OrbformError | undefined;
}

/** What came after the stack was loaded, told at the end. */
const late: OrbformError[] = [];

/** What a stack left behind that failed only after it was loaded, in the order it happened. */
export function lateStrays(): readonly OrbformError[] {
  return late;
}

/**
 * Watches for what an author's code does to the process: a rejection that nobody takes, `process.exit`, an await that
 * nothing can settle. It fails the load that is under way; later it is kept for {@link lateStrays}, because an apply is
 * not to be stopped in the middle by it.
 */
export function watchStrays({ failLoad, told }: StrayHandling): void {
  const uncaught = (error: unknown): void => {
    if (failLoad(error)) return;
    const stray = told(error);
    if (stray !== undefined) late.push(stray);
    else rethrow(error, uncaught);
  };
  process.on("uncaughtException", uncaught);
  process.on("beforeExit", () => failLoad(neverSettled()));
  process.exit = () => {
    const error = exitCalled();
    failLoad(error);
    throw error;
  };
}

/** A fault of our own ends the process as if nobody had listened. */
function rethrow(error: unknown, listener: (error: unknown) => void): void {
  process.off("uncaughtException", listener);
  setImmediate(() => {
    throw error;
  });
}

function neverSettled(): OrbformError {
  return new OrbformError("ORB_STACK_FAILED", {
    summary: "Stack file never finishes",
    detail:
      "The file waits for something that never comes: nothing is left that could end its await. No machine was looked at.",
    hint: "Make sure that every promise the file awaits is settled.",
  });
}

function exitCalled(): OrbformError {
  return new OrbformError("ORB_STACK_FAILED", {
    summary: "Stack file tried to end Orbform",
    detail: "It called process.exit, which ends no run of Orbform.",
    hint: 'Throw an error in its place: throw new Error("…").',
  });
}
