/** What a model's machine remembers of the changes of one boot (src/guest/hold.ts). Each is over at once: nobody waits. */
export class ModelRoom {
  /** Which boot it is. */
  readonly boot: number;
  /** By token, the word that each left of its end. */
  readonly #ended = new Map<string, string>();
  /** Those that were killed. */
  readonly #killed = new Set<string>();
  /** Those that are kept from beginning. */
  readonly #voided = new Set<string>();

  constructor(boot: number) {
    this.boot = boot;
  }

  /** A script takes the machine; whether it may. */
  begin(token: string): boolean {
    return !this.#voided.has(token);
  }

  /** It has ended, with the word of its verdict or of its death. */
  end(token: string, word: string): void {
    if (word === "lost") this.#killed.add(token);
    else this.#ended.set(token, leftWord(word));
  }

  /** The boot as scripts name it. */
  get name(): string {
    return `boot-${this.boot}`;
  }

  /** The word that it left of its end. */
  endOf(token: string): string | undefined {
    return this.#ended.get(token);
  }

  /** What became of it. One that never began never will. */
  fateOf(token: string): string {
    const word = this.#ended.get(token);
    if (word !== undefined) return word;
    if (this.#killed.has(token)) return "lost";
    this.#voided.add(token);
    return "never";
  }

  /** How a script says a word. */
  says(token: string, word: string): string {
    return `\n${token} held ${word} ${this.name} .\n`;
  }
}

/** Of a verdict only this much is left. */
function leftWord(verdict: string): string {
  if (verdict === "ended-0") return "done";
  return verdict.replace(/^(done|refused)-.*$/, "$1");
}
