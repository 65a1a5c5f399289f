import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type ArgInput, type FlagInput } from "@oclif/core/parser";
import { parseAst } from "rolldown/parseAst";
import { describe, expect, test } from "vitest";
import { completed } from "../../../src/cli/hints.ts";
import { OUR_WORDS } from "../../../src/cli/words.ts";
import { findCommand } from "../../../src/commands/table.ts";

const SRC = join(import.meta.dirname, "../../../src");

/** Where no diagnostic is made: what is said there is help, a file's, or a machine's own. */
const NO_HINTS = /^(?:commands|report|driver\/simulator)\/|^cli\/init-files/;

/** A command of ours in a hint, up to where a reader sees that it ends. */
const COMMANDS = new RegExp(`(?<=\`|"|: )orb (?:${OUR_WORDS.join("|")})\\b.*?(?=[\`";,]| \\(|\\. |\\.?$)`, "g");

const beside = { env: "prod", driver: "simulator" };

const hints = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !NO_HINTS.test(file))
  .flatMap((file) => textsOf(parseAst(readFileSync(join(SRC, file), "utf8"), { lang: "ts" })))
  .map((text) => text.replace(/^orb /, "Run: orb "))
  .filter((text) => text.match(COMMANDS) !== null);

describe("each hint", () => {
  test("is found", () => {
    expect(hints.length).toBeGreaterThan(90);
    expect(hints).toContain("Start the machine and run: orb plan; or forget it: orb state rm machine.web");
  });

  test.each([...new Set(hints)])("%s can be typed", async (hint) => {
    // Where a hint names the stack, none was named to us.
    const said = hint.includes("--stack machine.web") ? beside : { ...beside, stack: "q2" };
    const told = completed({ severity: "error", code: "ORB_BUG", summary: "s", detail: "d", hint }, said).hint ?? "";
    for (const command of told.match(COMMANDS) ?? []) await typable(command, said);
  });
});

/** A name of a command that needs more, and a form with places to fill in, are told as they are. */
async function typable(command: string, said: object): Promise<void> {
  const found = findCommand(command.split(" ").slice(1));
  if (found === undefined) throw new Error(`${command}: no command`);
  const { args, flags } = declared(found.command);
  // `orb adopt` has forms that need no word; where it stands alone, its name is told all the same.
  const needs = found.id === "adopt" || Object.values(args).some((arg) => "required" in arg && arg.required);
  const isName = found.rest.length === 0 && needs;
  if (isName || /^orb (?:on|copy) .*[A-Z]/.test(command)) return;
  const given = await parse([...found.rest], { args, flags });
  const { stack } = { ...given.flags, ...given.args };
  // One that names a stack of its own is about that one, wherever this call is.
  const expected = command.includes("--stack machine.web") ? { driver: beside.driver } : said;
  expect({ ...given.flags, stack }, command).toMatchObject("env" in flags ? expected : {});
}

/** As the parser takes it: the table tells what help needs only. */
function declared(command: object): { readonly args: ArgInput; readonly flags: FlagInput } {
  return { args: Reflect.get(command, "args") ?? {}, flags: Reflect.get(command, "flags") };
}

/** Every text of a syntax tree; what a template puts in is taken for an address. */
function textsOf(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  if ("type" in node && node.type === "Literal" && "value" in node && typeof node.value === "string")
    return [node.value];
  if ("type" in node && node.type === "TemplateLiteral" && "quasis" in node && Array.isArray(node.quasis))
    return [node.quasis.map((each) => each.value.cooked).join("machine.web")];
  return Object.values(node).flatMap(textsOf);
}
