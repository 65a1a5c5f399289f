import { printable } from "../model/printable.ts";

/** An element of XML: its name, its attributes, and what is in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string | number | undefined };
  /** Elements, or text. */
  readonly inside: readonly XmlElement[] | string;
}

/** A whole document. Well-formed whatever the texts are; attributes that are `undefined` are left out. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementLines(root, "").join("\n")}\n`;
}

function elementLines({ name, attributes, inside }: XmlElement, indent: string): readonly string[] {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${attributeText(String(value))}"`],
  );
  const head = `${indent}<${name}${words.join("")}`;
  if (inside.length === 0) return [`${head}/>`];
  if (typeof inside === "string") return [`${head}>${text(inside)}</${name}>`];
  return [`${head}>`, ...inside.flatMap((each) => elementLines(each, `${indent}  `)), `${indent}</${name}>`];
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** XML 1.0 has no way to write the last two of the plane; controls and lone surrogates are gone before. */
function text(value: string): string {
  return printable(value)
    .replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? "");
}

function attributeText(value: string): string {
  return text(value).replaceAll(/["\n\t]/g, (character) => ENTITIES[character] ?? "");
}
