import { InvariantError } from "../model/errors.ts";

/** One word of a POSIX shell that stands for exactly this text. No text with a NUL can be a word. */
export function quote(text: string): string {
  if (text.includes("\0")) throw new InvariantError("a word of a shell can't hold a NUL");
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words of a POSIX shell, with a space between them. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quote).join(" ");
}
