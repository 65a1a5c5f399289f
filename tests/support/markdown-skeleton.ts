/** What is left of a comment once all that stands in code is taken out, as CommonMark has it: lines of our own words. */

const FENCE = /^(`{3,})(diff|text)$/;
const TITLE = /^<details(?: open)?><summary>(.*)<\/summary>$/;
const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;

/** The lines, each piece of code as `·` and each number as `0`. Throws where code does not end, or markup is not ours. */
export function skeletonOf(comment: string): readonly string[] {
  const lines = comment.split("\n");
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of lines) {
    if (fence !== undefined) {
      if (/^`{3,}$/.test(line) && line.length >= fence.length) fence = undefined;
      continue;
    }
    fence = FENCE.exec(line)?.[1];
    kept.push(fence === undefined ? bare(line) : line.replace(fence, "```"));
  }
  if (fence !== undefined) throw new Error("a fence does not end");
  return kept;
}

function bare(line: string): string {
  const title = TITLE.exec(line)?.[1];
  const left = title === undefined ? withoutSpans(line) : line.replace(title, withoutElements(title));
  return left.replaceAll(/\d+/g, "0");
}

/** In HTML no markdown is read; what is code there must not be able to end it. */
function withoutElements(html: string): string {
  return html.replaceAll(/<code>([^<]*)<\/code>/g, (_, inside: string) => {
    if (/[<>"'&]/.test(inside.replaceAll(ENTITY, ""))) throw new Error(`not escaped: ${inside}`);
    return "·";
  });
}

/** A run of backticks opens code that the next run of the same length ends; one that nothing ends is text. */
function withoutSpans(line: string): string {
  let left = "";
  let rest = line;
  for (;;) {
    const open = /`+/.exec(rest);
    if (open === null) return left + rest;
    const [run] = open;
    const after = rest.slice(open.index + run.length);
    const close = new RegExp(`(?<!\`)${run}(?!\`)`).exec(after);
    if (close === null) throw new Error(`code does not end: ${line}`);
    left += `${rest.slice(0, open.index)}·`;
    rest = after.slice(close.index + run.length);
  }
}
