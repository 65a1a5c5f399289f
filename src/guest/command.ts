import type { BegunScript, CommandFacts, CommandQuestion, CommandWish } from "../model/inside.ts";
import { checkToken, type RawFacts, yesOrNo } from "./frame.ts";
import { quote } from "./quote.ts";
import { AS, runLine } from "./run-as.ts";
import { checkAccount, checkPath } from "./words.ts";

/** Shell functions that the calls of {@link commandFactsCall} need. */
export const COMMAND_FACTS = AS;

/** Asks a command's conditions. What they print is nobody's business. */
export function commandFactsCall(wish: CommandQuestion): string {
  const { creates, unless, onlyIf, begun } = wish;
  const lines: string[] = [];
  if (creates !== undefined) lines.push(answer("created", isThere(creates)));
  if (unless !== undefined) lines.push(answer("unless", `${runLine({ ...wish, run: unless })} >/dev/null 2>&1`));
  if (onlyIf !== undefined) lines.push(answer("only-if", `${runLine({ ...wish, run: onlyIf })} >/dev/null 2>&1`));
  if (begun !== undefined) lines.push(answer("done", endedWell(begun)));
  return lines.length === 0 ? ":" : lines.join("\n");
}

/** What it left of its end: see hold.ts. Asking so keeps nothing from beginning, and leaves nothing there. */
function endedWell({ token, boot }: BegunScript): string {
  const end = `"$room/${checkToken(token)}.end"`;
  return `[ "$boot" = ${quote(boot)} ] && is_room && [ -r ${end} ] && read -r word <${end} && [ "$word" = done ]`;
}

function isThere(path: string): string {
  const word = quote(checkPath(path));
  return `[ -e ${word} ] || [ -L ${word} ]`;
}

function answer(key: string, condition: string): string {
  return `if ${condition}; then say ${key} yes; else say ${key} no; fi`;
}

/** Reads what a command's conditions said. */
export function readCommand(raw: RawFacts, wish: CommandQuestion): CommandFacts {
  return {
    type: "command",
    ...(wish.creates === undefined ? {} : { created: yesOrNo(raw, "created") }),
    ...(wish.unless === undefined ? {} : { unless: yesOrNo(raw, "unless") }),
    ...(wish.onlyIf === undefined ? {} : { onlyIf: yesOrNo(raw, "only-if") }),
    ...(wish.begun === undefined ? {} : { done: yesOrNo(raw, "done") }),
  };
}

/**
 * Runs the command and ends with its exit code. A condition that spoke for running it is asked again first, so that a
 * second time does nothing; one that spoke against it is not, for then the caller has another reason (a trigger).
 */
export function runCommand(wish: CommandWish, facts: CommandFacts): string {
  const { creates, unless, onlyIf, user, workdir = "/" } = wish;
  const lines = [`${AS}[ -d ${quote(checkPath(workdir))} ] || no no-workdir`];
  if (user !== undefined) {
    const word = quote(checkAccount(user));
    lines.push(`account ${word} >/dev/null || no no-user ${word}`);
  }
  if (creates !== undefined && facts.created === false) lines.push(`if ${isThere(creates)}; then ok unchanged; fi`);
  if (unless !== undefined && facts.unless === false)
    lines.push(`if ${runLine({ ...wish, run: unless })} >/dev/null 2>&1; then ok unchanged; fi`);
  if (onlyIf !== undefined && facts.onlyIf === true)
    lines.push(`if ! ${runLine({ ...wish, run: onlyIf })} >/dev/null 2>&1; then ok unchanged; fi`);
  return `${lines.join("\n")}\n${runLine(wish)}\nended $?\n`;
}
