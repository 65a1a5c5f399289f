/** How one language writes a code point that is no plain character. */
type Spell = (code: number) => string;

/**
 * Text with everything but printable ASCII written as escapes, so that it can hide nothing from who reads it and no
 * reader's notion of a line or a character matters. Lone surrogates become U+FFFD.
 */
function escaped(text: string, special: RegExp, spell: Spell): string {
  let result = "";
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code > 0x7e) result += spell(code);
    else result += special.test(character) ? `\\${character}` : character;
  }
  return result;
}

/** `\xNN`, `\uNNNN` and `\UNNNNNNNN`: known to Python and to YAML alike. */
const spellPython: Spell = (code) => {
  if (code <= 0xff) return String.raw`\x${hex(code, 2)}`;
  return code <= 0xffff ? String.raw`\u${hex(code, 4)}` : String.raw`\U${hex(code, 8)}`;
};

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** A string literal of Python. */
export function pythonString(text: string): string {
  return `'${escaped(text, /['\\]/, spellPython)}'`;
}

/** A double-quoted YAML scalar: never read as a number, a date, a truth value or nothing, whatever it says. */
export function yamlString(text: string): string {
  return `"${escaped(text, /["\\]/, spellPython)}"`;
}

/** JSON in ASCII alone. */
export function asciiJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => String.raw`\u${hex(unit.charCodeAt(0), 4)}`,
  );
}
