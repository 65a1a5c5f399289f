/** What a driver can do. A property that it can't do is an error at plan time, never a surprise in the middle. */
export interface Capabilities {
  /** The version of what it drives, as reported: `2.2.3`; empty where not known. */
  readonly version: string;
  /** CPU, memory and disk limits per machine (OrbStack ≥ 2.2). */
  readonly limits: boolean;
  /** Isolated machines, their mounts, HTTP ports (OrbStack ≥ 2.1). */
  readonly isolation: boolean;
  /** Whether a machine must be stopped before it is cloned. */
  readonly cloneNeedsStop: boolean;
}
