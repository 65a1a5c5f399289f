import { invalid } from "./words.ts";

/** One word of a POSIX shell that stands for exactly this text. Throws `ORB_PROPERTY_INVALID` where it has a NUL. */
export function quote(text: string): string {
  if (text.includes("\0")) throw invalid("No argument of a program can hold a NUL.", text);
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words of a POSIX shell, with a space between them. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quote).join(" ");
}
