import { oneLine } from "./value-text.ts";

/** Longest name or sentence in a line. Characters. */
const LONGEST = 300;

/** How many bytes a text has as UTF-8: never less than it has UTF-16 units or characters, whichever somebody counts. */
export function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Text on one line, without controls, cut where it is too long. */
export function plain(text: string, most = LONGEST): string {
  const shown = oneLine(text.slice(0, 2 * most + 64));
  const characters = Array.from(shown);
  const isWhole = characters.length <= most && text.length <= 2 * most + 64;
  return isWhole ? shown : `${characters.slice(0, most - 1).join("")}…`;
}

/**
 * Text as a code span: nothing in it is markup, a mention or a link. All that is not ours stands in code, here, in a
 * fence or in {@link codeElement}: whoever renders a comment looks for mentions and links everywhere else, also behind
 * a backslash.
 */
export function codeSpan(text: string): string {
  const shown = plain(text).trim();
  if (shown === "") return '`""`';
  const ticks = "`".repeat(longestRun(shown) + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** Lines as a fenced block. The fence is longer than any run of backticks inside, so that nothing can end it. */
export function fenced(language: "diff" | "text", lines: readonly string[]): string {
  const body = lines.map((line) => line.trimEnd()).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** Text as an element of HTML, where no markdown is read. */
export function codeElement(text: string): string {
  return `<code>${htmlText(plain(text))}</code>`;
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function htmlText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** Something that can be unfolded. `title` is HTML, `body` is markdown. */
export function folded(title: string, body: string, isOpen = false): string {
  return `<details${isOpen ? " open" : ""}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/**
 * The hidden first line by which a comment is found again. Everything but letters, digits, `.`, `_`, `/` and single `-`
 * is percent-encoded, so that no name can end it.
 */
export function marker({ stack, env }: { readonly stack?: string; readonly env?: string }): string {
  const words = [["stack", stack] as const, ["env", env] as const].flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${word(value.slice(0, 200))}`],
  );
  return `<!-- orbform:${words.join(" ")} -->`;
}

function word(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*~]|-(?=-)|-$/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

/** Text broken into lines at spaces, so that a fence need not be scrolled. */
export function wrapped(text: string, width = 100): readonly string[] {
  return text.split("\n").flatMap((line) => wrappedLine(line, width));
}

function wrappedLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const each of line.split(" ")) {
    const longer = current === "" ? each : `${current} ${each}`;
    if (longer.length > width && current !== "") {
      lines.push(current);
      current = each;
    } else current = longer;
  }
  return [...lines, current];
}

/** `1 warning`, `2 warnings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
