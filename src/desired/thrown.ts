/** What an author's code threw, taken apart once: anything can be thrown, and looking at it can throw again. */
export interface Thrown {
  /** `undefined` where it is no error, or its class says nothing. */
  readonly name: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  /** Empty where it has none. */
  readonly code: string;
  /** A `SyntaxError`: nothing of the file has run. */
  readonly isSyntax: boolean;
}

/** Reads any thrown value. Never throws. */
export function readThrown(error: unknown): Thrown {
  try {
    const isError = error instanceof Error;
    return {
      name: isError ? text(error.name) : undefined,
      message: (isError ? text(error.message) : String(error)) ?? "",
      stack: isError ? text(error.stack) : undefined,
      code: (hasCode(error) ? text(error.code) : undefined) ?? "",
      isSyntax: error instanceof SyntaxError,
    };
  } catch {
    // Its getters throw, or nothing makes a text of it: more can't be said about it.
    return { name: undefined, message: "a value that can't be shown", stack: undefined, code: "", isSyntax: false };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function hasCode(error: unknown): error is { readonly code: unknown } {
  return typeof error === "object" && error !== null && "code" in error;
}
