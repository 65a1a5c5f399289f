/** Which of the scripts of src/guest a text is: those that build them are asked, so that a model can't lag behind. */
import { fateScript, holding, unlessAtWork } from "../../src/guest/hold.ts";
import { verdictFunctions } from "../../src/guest/verdict.ts";

/** A script for the inside of a machine. `token` marks its answer. */
export type ModelScript =
  | { readonly kind: "look"; readonly token: string }
  /** `body`: what it does while it holds the machine. */
  | { readonly kind: "change"; readonly token: string; readonly body: string }
  /** `asked`: the token of the change whose end it asks for. */
  | { readonly kind: "fate"; readonly token: string; readonly asked: string };

/** The script that it is; `undefined` where it is none that models know. */
export function scriptIn(text: string): ModelScript | undefined {
  const token = /^token=([\w-]+)/m.exec(text)?.[1];
  if (token === undefined) return undefined;
  if (text.includes(unlessAtWork(token))) return { kind: "look", token };
  const asked = /^token=[\w-]+ record=\$room\/([\w-]+) /m.exec(text)?.[1];
  if (asked !== undefined && text === fateScript(asked, token)) return { kind: "fate", token, asked };
  const [before = "", after = ""] = holding(`${verdictFunctions(token)}${BODY}`, token).split(BODY);
  if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
  return { kind: "change", token, body: text.slice(before.length, -after.length) };
}

/** Stands for what a change does: no script holds it. */
const BODY = "\0";

/** The words of a shell's line that are in quotes, as they are meant. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, word = ""]) => word.replaceAll(String.raw`'\''`, "'"));
}

/** A variable that a script sets in a line of its own; empty where it does not. */
export function variable(script: string, name: string): string {
  return wordsOf(new RegExp(`^${name}='.*$`, "m").exec(script)?.[0] ?? "")[0] ?? "";
}
