import type { Connection } from "../model/connection.ts";

/** The command that connects, ready for a shell: every word that needs it is quoted. */
export function sshCommand({ host, port, user, identityFile }: Connection): string {
  const key = identityFile === undefined ? [] : ["-i", identityFile];
  return ["ssh", ...key, "-p", String(port), "-l", user, host].map(shellWord).join(" ");
}

/** How to reach a machine, for people. */
export function connectionText(connection: Connection): string {
  const { host, port, user, identityFile } = connection;
  const key = identityFile === undefined ? "" : `key  = ${identityFile}\n`;
  return `${sshCommand(connection)}\n\nhost = ${host}\nport = ${port}\nuser = ${user}\n${key}`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
