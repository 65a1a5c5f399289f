import type { Command } from "./command.ts";
import { type Flag, HELP_FLAG } from "./flags.ts";
import { ORB_HELP } from "./help-texts.ts";

/** What a command's `--help` prints, laid out as cobra does. `program` is the name in it. */
export function commandHelp(command: Command, program: string): string {
  const [name, ...aliases] = command.names;
  const about = command.subcommands ?? [];
  const parts = [
    command.long ?? command.short,
    `Usage:\n  ${program} ${name}${command.use === "" ? "" : ` ${command.use}`}`,
    aliases.length > 0 ? `Aliases:\n  ${command.names.join(", ")}` : "",
    command.examples ? `Examples:\n${command.examples.map((line) => `  ${line}`).join("\n")}` : "",
    about.length > 0 ? `Available Commands:\n${commandTable(about)}` : "",
    `Flags:\n${flagTable([...command.flags, { ...HELP_FLAG, help: `help for ${name.split(" ").at(-1) ?? name}` }])}`,
    about.length > 0 ? `Use "${program} ${name} [command] --help" for more information about a command.` : "",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What `--help` prints without a command. */
export function rootHelp(program: "orb" | "orbctl", commands: readonly Command[]): string {
  if (program === "orb") return ORB_HELP;
  return [
    "Manage OrbStack and its machines.",
    "Usage:\n  orbctl [command]",
    `Available Commands:\n${commandTable(commands)}`,
    "Flags:\n  -h, --help      help for orbctl\n  -V, --version   version for orbctl",
    'Use "orbctl [command] --help" for more information about a command.\n',
  ].join("\n\n");
}

function commandTable(commands: readonly Command[]): string {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const sorted = shown.toSorted((one, other) => (one.names[0] < other.names[0] ? -1 : 1));
  const width = Math.max(11, ...sorted.map(({ names }) => names[0].length));
  return sorted.map(({ names, short }) => `  ${names[0].padEnd(width)} ${short}`).join("\n");
}

function flagTable(flags: readonly Flag[]): string {
  const sorted = flags.toSorted((one, other) => (one.long < other.long ? -1 : 1));
  const heads = sorted.map((flag) => flagHead(flag));
  const width = Math.max(...heads.map((head) => head.length));
  return sorted.map((flag, at) => `${(heads[at] ?? "").padEnd(width)}   ${flag.help}`).join("\n");
}

function flagHead({ long, short, kind, value }: Flag): string {
  const types = { bool: "", string: " string", int: " int", list: " stringArray" } as const;
  const word = value === undefined ? types[kind] : ` ${value}`;
  return `${short === undefined ? "      " : `  -${short}, `}--${long}${word}`;
}
