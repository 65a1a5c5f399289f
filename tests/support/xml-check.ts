/** Reads XML 1.0 as strictly as the standard has it, as far as reports use it: elements, attributes, text, references. */

/** An element with its attributes and all that is in it. */
export interface Read {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: readonly Read[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

/** Any character that a document may have. */
const ALLOWED = /^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const NAMED: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The root of a document. Throws where it is not well-formed. */
export function readXml(document: string): Read {
  if (!ALLOWED.test(document)) throw new Error("a character that XML does not have");
  const body = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n(.*)$/su.exec(document)?.[1];
  if (body === undefined) throw new Error("no declaration");
  const { element, rest } = readElement(body);
  if (rest.trim() !== "") throw new Error("something follows the root");
  return element;
}

interface Step {
  readonly element: Read;
  readonly rest: string;
}

function readElement(from: string): Step {
  const open = /^<([A-Za-z][\w-]*)((?: [A-Za-z][\w-]*="[^"<]*")*)(\/?)>/u.exec(from);
  if (open === null) throw new Error(`no element: ${from.slice(0, 60)}`);
  const [head, name = "", words = "", closed] = open;
  const attributes: { [name: string]: string } = {};
  for (const [, key = "", value = ""] of words.matchAll(/ ([A-Za-z][\w-]*)="([^"<]*)"/gu)) {
    if (key in attributes) throw new Error(`${key} twice`);
    // A reader makes spaces of line breaks and tabs that stand there as they are.
    attributes[key] = decoded(value.replaceAll(/[\t\n\r]/g, " "));
  }
  let rest = from.slice(head.length);
  const children: Read[] = [];
  let text = "";
  if (closed === "/") return { element: { name, attributes, children, text }, rest };
  for (;;) {
    const until = rest.indexOf("<");
    if (until === -1) throw new Error(`${name} does not end`);
    const own = rest.slice(0, until);
    if (own.includes("]]>")) throw new Error("]]> in text");
    text += decoded(own);
    rest = rest.slice(until);
    if (rest.startsWith("</")) break;
    const inner = readElement(rest);
    children.push(inner.element);
    ({ rest } = inner);
  }
  const end = `</${name}>`;
  if (!rest.startsWith(end)) throw new Error(`${name} ends as another`);
  return { element: { name, attributes, children, text }, rest: rest.slice(end.length) };
}

function decoded(text: string): string {
  return text.replaceAll(/&([^;]*);?/gu, (whole, name: string) => {
    const code = /^#(\d+)$/.exec(name)?.[1];
    const character = code === undefined ? NAMED[name] : String.fromCodePoint(Number(code));
    if (character === undefined || !whole.endsWith(";")) throw new Error(`no reference: ${whole.slice(0, 20)}`);
    return character;
  });
}
