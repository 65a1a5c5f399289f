/** What a model's machine remembers of the changes of one boot (src/guest/hold.ts). Each is over at once: nobody waits. */
export class ModelRoom {
  /** Which boot it is. */
  readonly boot: number;
  /** The last one that left word of its end. */
  #ended: { readonly token: string; readonly word: string } | undefined;
  /** Those that were killed. */
  readonly #killed = new Set<string>();
  /** Those that are kept from beginning. */
  readonly #voided = new Set<string>();

  constructor(boot: number) {
    this.boot = boot;
  }

  /** A script takes the machine; whether it may. Nobody's word is needed any more. */
  begin(token: string): boolean {
    if (this.#voided.has(token)) return false;
    this.#ended = undefined;
    return true;
  }

  /** It has ended, with the word of its verdict or of its death. */
  end(token: string, word: string): void {
    if (word === "lost") this.#killed.add(token);
    else this.#ended = { token, word: leftWord(word) };
  }

  /** What became of it. One that never began never will. */
  fateOf(token: string): string {
    if (this.#ended?.token === token) return this.#ended.word;
    if (this.#killed.has(token)) return "lost";
    this.#voided.add(token);
    return "never";
  }

  /** How a script says a word. */
  says(token: string, word: string): string {
    return `\n${token} held ${word} boot-${this.boot} .\n`;
  }
}

/** Of a verdict only this much is left. */
function leftWord(verdict: string): string {
  if (verdict === "ended-0") return "done";
  return verdict.replace(/^(done|refused)-.*$/, "$1");
}
