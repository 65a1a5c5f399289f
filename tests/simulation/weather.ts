/** How bad the world is to Orbform in one stretch of a story. Probabilities a call, unless said otherwise. */
export interface Weather {
  /** An orbctl call that reads fails, or answers with nonsense. */
  readonly reading: number;
  /** A list lacks a machine that is there; the next one has it. */
  readonly lacking: number;
  /** A mutating client doesn't simply do its work. */
  readonly changing: number;
  /** A call takes its time. */
  readonly slow: number;
  /** A write to a file fails. */
  readonly disk: number;
}

/** Nothing goes wrong, and everything answers at once. */
export const CALM: Weather = { reading: 0, lacking: 0, changing: 0, slow: 0, disk: 0 };
