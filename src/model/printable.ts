/**
 * Terminal sequences, whole: strings (OSC, DCS, SOS, PM, APC) with their payload, CSI, and the short ones. Seven- and
 * eight-bit forms. An unterminated string loses its introducer only, so that it can't hide what follows.
 */
const SEQUENCES = new RegExp(
  [
    String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)`,
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
    String.raw`\u001b[ -/]*[0-~]`,
  ].join("|"),
  "gu",
);

/** What any of them begins with. Most text has none: seven quick searches spare it the slow one. */
const INTRODUCERS = ["\u001b", "\u0090", "\u0098", "\u009b", "\u009d", "\u009e", "\u009f"];

/** C0 but line feed and tab, DEL, C1, soft hyphen, zero width, line separators, bidirectional marks and isolates, tags. */
const INVISIBLE = new RegExp(
  String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]`,
  "gu",
);

/**
 * Text from a machine or from orbctl, fit to be shown: terminal sequences are gone, every other control or invisible
 * character is written out (`\u{202e}`), so that nothing can move the cursor, hide or reorder what is read.
 */
export function printable(text: string): string {
  return withoutSequences(text).toWellFormed().replaceAll("\r\n", "\n").replaceAll(INVISIBLE, spelled);
}

/** Text without terminal sequences; other control characters stay. For reading, not for showing. */
export function withoutSequences(text: string): string {
  return INTRODUCERS.some((each) => text.includes(each)) ? text.replaceAll(SEQUENCES, "") : text;
}

function spelled(character: string): string {
  return String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
