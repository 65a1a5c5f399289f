/**
 * The whole grammar of orbctl as Orbform speaks it: one function a command, each giving the argument list without the
 * program. Flags stand before positionals. Every word from outside passes guard.ts, so what is dangerous can't be
 * built: no bare `start`, `stop` or `delete`, no `--all`, no name that is a flag or a built-in (`ORB_NAME_REFUSED`).
 */
import { command, newName, path, selector, settingKey, settingValue, word } from "./guard.ts";
import { createFlags, type CreateRequest } from "./create-flags.ts";

/** An argument list, without the program. */
export type Argv = readonly string[];

/** `create [flags] DISTRO[:VERSION] NAME`. */
export function createArgv(request: CreateRequest): Argv {
  const image = request.version === undefined ? request.distro : `${request.distro}:${request.version}`;
  if (request.version === "") word(request.version, "an image's version");
  word(request.distro, "an image");
  return ["create", ...createFlags(request), word(image, "an image"), newName(request.name)];
}

/** `clone SRC NEW`; the source by id. */
export function cloneArgv(source: string, name: string): Argv {
  return ["clone", selector(source), newName(name)];
}

/** `rename ID NEW`. */
export function renameArgv(which: string, to: string): Argv {
  return ["rename", selector(which), newName(to)];
}

/** `delete --force NAME`: by id, OrbStack 2.2.3 crashes; without the flag it asks (contract 3.8). */
export function deleteArgv(name: string): Argv {
  return ["delete", "--force", selector(name)];
}

/** `start ID`, `stop ID`, `restart ID`: never without a machine, which would mean all of OrbStack. */
export function powerArgv(verb: "start" | "stop" | "restart", which: string): Argv {
  return [verb, selector(which)];
}

/** `list -f json`. */
export function listArgv(): Argv {
  return ["list", "-f", "json"];
}

/** `info -f json ID`. */
export function infoArgv(which: string): Argv {
  return ["info", "-f", "json", selector(which)];
}

/** Bare `default`: which machine is it? */
export function defaultArgv(): Argv {
  return ["default"];
}

/** `default NAME`; `null` clears it. */
export function setDefaultArgv(name: string | null): Argv {
  return ["default", name === null ? "none" : selector(name)];
}

/** `config show`. */
export function configShowArgv(): Argv {
  return ["config", "show"];
}

/** `config get KEY`. */
export function configGetArgv(key: string): Argv {
  return ["config", "get", settingKey(key)];
}

/** `config set KEY VALUE`, `config add KEY VALUE`, `config remove KEY VALUE`; the last two for lists. */
export function configArgv(verb: "set" | "add" | "remove", key: string, value: string): Argv {
  return ["config", verb, settingKey(key), settingValue(value)];
}

/** The key of one machine's setting. By name: ids are not taken there (contract 3.15). */
export function machineKey(name: string, settingWord: string): string {
  return `machine.${selector(name)}.${settingWord}`;
}

/** `export NAME FILE`. */
export function exportArgv(name: string, file: string): Argv {
  return ["export", selector(name), path(file)];
}

/** `import -n NAME FILE`. */
export function importArgv(name: string, file: string): Argv {
  return ["import", "-n", newName(name), path(file)];
}

/** How a command inside a machine is run. */
export interface RunRequest {
  readonly machine: string;
  /** argv; its first word must not begin with `-`. */
  readonly command: readonly string[];
  readonly user?: string;
  /** Default `/`: without one the caller's own folder would be looked for inside. */
  readonly workdir?: string;
}

/** `run -m ID [-u USER] -w DIR COMMAND…`; never `--`, which some versions refuse (contract 4.1). */
export function runArgv(request: RunRequest): Argv {
  const user = request.user === undefined ? [] : ["-u", word(request.user, "a user")];
  const where = ["-w", path(request.workdir ?? "/")];
  return ["run", "-m", selector(request.machine), ...user, ...where, ...command(request.command)];
}

/** `push -m NAME SRC… DEST`, `pull -m NAME SRC… DEST`; never without a destination, whose default differs. */
export function copyArgv(verb: "push" | "pull", which: string, paths: CopyPaths): Argv {
  const [first, ...more] = paths.sources;
  return [verb, "-m", selector(which), path(first ?? ""), ...more.map(path), path(paths.destination)];
}

/** What is copied where. At least one source. */
export interface CopyPaths {
  readonly sources: readonly string[];
  readonly destination: string;
}

/** `logs NAME`: the boot log. */
export function logsArgv(name: string): Argv {
  return ["logs", selector(name)];
}

/** `ssh`: connection details, for people. */
export function sshArgv(): Argv {
  return ["ssh"];
}

/** `status`: the one command known not to start the service. */
export function statusArgv(): Argv {
  return ["status"];
}

/** `version`. */
export function versionArgv(): Argv {
  return ["version"];
}
