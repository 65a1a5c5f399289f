import { isInsideType } from "./inside.ts";

/** How much may be under way at once. Every number is at least 1. */
export interface Limits {
  /** All kinds together. @default 10 */
  readonly global: number;
  /** By kind of action; a kind that isn't listed has only the global limit. */
  readonly byKind: { readonly [kind: string]: number };
}

/**
 * The limits where nobody set any. Two creates: each boots a machine and runs its set-up. One config: OrbStack's settings
 * are one document, written as a whole.
 */
export const DEFAULT_LIMITS: Limits = {
  global: 10,
  byKind: {
    create: 2,
    restore: 2,
    clone: 4,
    start: 4,
    config: 1,
    write: 1,
    remove: 1,
    delete: 4,
    export: 2,
    inside: 8,
  },
};

/** Whose limit an action counts against. What lies inside machines has a limit of its own, whatever is done to it. */
export function laneOf({ kind, subject }: { readonly kind: string; readonly subject?: string }): string {
  return subject !== undefined && isInsideType(subject) ? "inside" : limitKind(kind);
}

/** The kind whose limit an action counts against: a restart is a start. */
export function limitKind(kind: string): string {
  return kind === "restart" ? "start" : kind;
}

/** The defaults with what was set over them. Numbers under 1 and fractions are rounded up to what can work. */
export function limitsWith(set: { readonly global?: number; readonly byKind?: Limits["byKind"] }): Limits {
  const byKind = Object.entries({ ...DEFAULT_LIMITS.byKind, ...set.byKind });
  return {
    global: atLeastOne(set.global ?? DEFAULT_LIMITS.global),
    byKind: Object.fromEntries(byKind.map(([kind, limit]) => [kind, atLeastOne(limit)])),
  };
}

function atLeastOne(limit: number): number {
  return Math.max(1, Math.ceil(limit));
}
