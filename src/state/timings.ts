export interface TimingsFile {
  readonly format: 1;
  readonly learned: { readonly [key: string]: { readonly count: number; readonly meanMs: number } };
}
