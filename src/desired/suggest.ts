import { nearestWord } from "../model/nearest-word.ts";

/** `Did you mean "cpus"?` for a misspelt word, or `undefined` where nothing known is near. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
}
