/** What JSON can hold. Everything that enters a plan, a snapshot or a journal is this and nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; absent keys are absent, never `undefined`. */
export interface JsonObject {
  readonly [key: string]: Json;
}
