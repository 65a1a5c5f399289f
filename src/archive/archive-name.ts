/** Names of the files in a backup folder. They sort by machine, then by time. */

const ENDING = ".tar.zst";
const STEM = /^([a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const WORK = /^\.(.+)\.unfinished$/;

/** What an archive's name says. */
export interface ArchiveStem {
  readonly machine: string;
  /** Epoch ms, whole seconds. */
  readonly at: number;
}

/** What the names of an archive and of its metadata have in common: `web-20261123T101500Z`. */
export function archiveStem(machine: string, at: number): string {
  const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  return `${machine}-${time.replaceAll(/[-:]/g, "")}`;
}

/** Takes a stem apart; `undefined` where it is none, or names a time that there is not. */
export function parseStem(stem: string): ArchiveStem | undefined {
  const [, machine = "", year, month, day, hour, minute, second] = STEM.exec(stem) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) || archiveStem(machine, at) !== stem ? undefined : { machine, at };
}

/** The archive's file: `web-20261123T101500Z.tar.zst`. */
export function archiveFile(stem: string): string {
  return `${stem}${ENDING}`;
}

/** The file beside it that says what it is: `web-20261123T101500Z.json`. */
export function sidecarFile(stem: string): string {
  return `${stem}.json`;
}

/** The stem of an archive's or a sidecar's name; `undefined` for any other file. */
export function stemOf(file: string): string | undefined {
  const stem = [ENDING, ".json"].filter((each) => file.endsWith(each)).map((each) => file.slice(0, -each.length))[0];
  return stem !== undefined && parseStem(stem) !== undefined ? stem : undefined;
}

/** Whether a name is an archive's by its ending. */
export function isArchiveFile(file: string): boolean {
  return file.endsWith(ENDING);
}

/**
 * The folder in which a machine's export is made: one for each machine, so that whoever has it is the only one. Its name
 * is hidden and no archive's, whatever is in it.
 */
export function workFolder(machine: string): string {
  return `.${machine.toLowerCase()}.unfinished`;
}

/** Whose export a folder is of; `undefined` for any other name. */
export function machineOfWork(folder: string): string | undefined {
  return WORK.exec(folder)?.[1];
}
