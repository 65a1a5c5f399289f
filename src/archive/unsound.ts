import type { Reading } from "../model/archive.ts";

/** Why an archive is not whole, on its way from the depth of a stream to whoever reads it. Never leaves this room. */
export class Unsound extends Error {
  readonly reading: Exclude<Reading, { readonly status: "whole" }>;

  constructor(reading: Exclude<Reading, { readonly status: "whole" }>) {
    super(reading.why);
    this.reading = reading;
  }
}

/** It is not as it was written. */
export function damaged(where: "file" | "tar", offset: number, why: string): Unsound {
  return new Unsound({ status: "damaged", why, offset, in: where });
}

/** It is of a kind that can't be read here. */
export function unreadableHere(why: string): Unsound {
  return new Unsound({ status: "unreadable", why });
}
