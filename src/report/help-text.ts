/** What a command says of itself, as oclif's classes have it. */
export interface CommandFacts {
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly examples?: readonly unknown[] | undefined;
  readonly args?: { readonly [name: string]: ArgFacts } | undefined;
  readonly flags?: { readonly [name: string]: FlagFacts } | undefined;
}

/** One argument. */
export interface ArgFacts {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
  readonly options?: readonly string[] | undefined;
}

/** One flag. */
export interface FlagFacts {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly helpValue?: unknown;
  readonly options?: readonly string[] | undefined;
  readonly multiple?: boolean | undefined;
  readonly default?: unknown;
  readonly aliases?: readonly string[] | undefined;
}

/** A row of two columns: a flag and what it does. */
export type Row = readonly [string, string];

const WIDTH = 100;

/** The help of one command: usage, arguments, flags, examples. `bin` is the name it was called by. */
export function commandHelp(id: string, command: CommandFacts, bin: string): string {
  const sections = [
    `${command.summary ?? ""}.\n\n${wrap(command.description ?? "", 0)}`,
    `Usage: ${usageLine(id, command, bin)}`,
    section("Arguments", argRows(command)),
    section("Options", flagRows(command)),
    examplesOf(command, bin),
  ];
  return `${sections.filter((each) => each !== "").join("\n\n")}\n`;
}

/** The help of everything, or of one group of commands (`state`). */
export function overviewHelp(commands: ReadonlyMap<string, CommandFacts>, bin: string, group = ""): string {
  const rows = [...commands]
    .filter(([id]) => group === "" || id.startsWith(`${group} `))
    .map(([id, command]): Row => [id, command.summary ?? ""]);
  const title = group === "" ? "Plan and apply for Linux machines on OrbStack.\n\n" : "";
  const usage = `Usage: ${bin} ${group === "" ? "" : `${group} `}COMMAND [options]`;
  return `${title}${usage}\n\n${section("Commands", rows)}\n\nRun ${bin} COMMAND --help for what a command takes.\n`;
}

/** How a command is called, on one line. */
export function usageLine(id: string, command: CommandFacts, bin: string): string {
  const args = Object.entries(command.args ?? {}).map(([key, arg]) => {
    const name = arg.options?.join("|") ?? arg.name ?? key.toUpperCase();
    return arg.required === true ? name : `[${name}]`;
  });
  return [bin, id, ...args, "[options]"].join(" ");
}

/** The arguments with what they are. */
export function argRows(command: CommandFacts): readonly Row[] {
  return Object.entries(command.args ?? {}).map(([key, arg]) => [arg.name ?? key.toUpperCase(), arg.description ?? ""]);
}

/** The flags with what they do, in the order they are declared. */
export function flagRows(command: CommandFacts): readonly Row[] {
  return Object.entries(command.flags ?? {}).map(([name, flag]) => [flagUsage(name, flag), flagDescription(flag)]);
}

function flagUsage(name: string, flag: FlagFacts): string {
  const value = flag.type === "option" ? ` ${typeof flag.helpValue === "string" ? flag.helpValue : "VALUE"}` : "";
  return `--${name}${value}`;
}

function flagDescription(flag: FlagFacts): string {
  const parts = [
    flag.options === undefined ? "" : `one of ${flag.options.join(", ")}`,
    flag.multiple === true ? "may be repeated" : "",
    typeof flag.default === "string" || typeof flag.default === "number" ? `default ${flag.default}` : "",
    flag.aliases === undefined || flag.aliases.length === 0 ? "" : `also --${flag.aliases.join(", --")}`,
  ].filter((part) => part !== "");
  return `${flag.description ?? ""}${parts.length === 0 ? "" : ` (${parts.join("; ")})`}`;
}

function examplesOf(command: CommandFacts, bin: string): string {
  const examples = (command.examples ?? []).filter((each) => typeof each === "string");
  if (examples.length === 0) return "";
  return `Examples:\n${examples.map((each) => `  $ ${each.replace(/^orb /, `${bin} `)}`).join("\n")}`;
}

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${wrap(text, width + 4)}`);
  return `${title}:\n${lines.join("\n")}`;
}

/** Breaks text at spaces; lines after the first are indented. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
