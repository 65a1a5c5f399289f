/** A law that was broken. */
export interface Violation {
  /** Which law, in a few words that stay the same: `a stranger's machine was touched`. */
  readonly law: string;
  readonly detail: string;
}
