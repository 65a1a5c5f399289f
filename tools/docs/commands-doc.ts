import { argRows, flagRows, usageLine, type CommandFacts, type Row } from "../../src/report/help-text.ts";

/** The command reference as Markdown. */
export function commandsDoc(commands: ReadonlyMap<string, CommandFacts>): string {
  const parts = [...commands].map(([id, command]) => commandDoc(id, command));
  return `${INTRO}\n${parts.join("\n")}`;
}

const INTRO = `# Commands

<!-- Generated from the commands by \`npm run docs\`; don't edit. -->

\`orb\` takes a call when its **first argument is one of the words below**; every other call goes untouched to OrbStack's
own \`orb\` further down the PATH. \`orbform\` is the same program and hands nothing on.

Every flag may be written with one dash (\`-auto-approve\`), and with its value after \`=\` or a space.
Standard output is the answer, standard error the telling. With \`--json\`, one JSON object per line, a version in the first.
\`--timings\` tells how long it took, \`ORBFORM_LOG=debug\` logs what is done: see [timings and the log](guides/timings-and-log.md).

| exit code | means |
| --- | --- |
| 0 | done, or no changes |
| 1 | an error |
| 2 | changes present (\`plan --detailed-exitcode\`, \`drift\`) |
| 3 | denied by policy |
| 4 | the state is locked by somebody else |
| 5 | the plan is stale: what exists is not what was planned on |
| 70 | a bug of Orbform |
| 255 | \`orb on\`, whose other exit codes are the command's: it was not run, or its end was not seen |
| 130, 143 | interrupted by Ctrl-C; by SIGTERM or SIGHUP |
`;

function commandDoc(id: string, command: CommandFacts): string {
  const examples = (command.examples ?? []).filter((each) => typeof each === "string");
  const parts = [
    `## orb ${id}\n\n${command.summary ?? ""}.\n\n${command.description ?? ""}`,
    `\`\`\`\n${usageLine(id, command, "orb")}\n\`\`\``,
    table("argument", argRows(command)),
    table("option", flagRows(command)),
    examples.length === 0 ? "" : `\`\`\`sh\n${examples.join("\n")}\n\`\`\``,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function table(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    ([name, text]) => `| \`${name.replaceAll("|", String.raw`\|`)}\` | ${text.replaceAll("|", String.raw`\|`)} |`,
  );
  return `| ${title} | what it is |\n| --- | --- |\n${lines.join("\n")}`;
}
