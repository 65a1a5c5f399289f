export interface Claim {
  readonly lineage: string;
  readonly stack: string;
  readonly address: string;
  readonly statePath: string;
}
