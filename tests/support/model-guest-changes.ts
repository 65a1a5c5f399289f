/** How a model of the inside of a machine carries out a change (src/guest/change.ts), step by step. */
import { runCommand } from "../../src/guest/command.ts";
import { changePackages } from "../../src/guest/packages.ts";
import { changeService, putServiceBack, restartService } from "../../src/guest/service.ts";
import { changeUser, removeUser } from "../../src/guest/user.ts";
import type { ServiceWish, UserWish } from "../../src/model/inside.ts";
import { directorySteps, fileSteps } from "./model-guest-paths.ts";
import { variable, wordsOf } from "./model-guest-script.ts";
import type { Inside } from "./model-guest.ts";

/** A change that is carried out: what it does, what it gets, and after how many of its steps it is dead. */
export interface ModelChange {
  readonly body: string;
  readonly stdin: string;
  readonly steps: number;
}

/** The word of its verdict (`done-changed`); `undefined` where it comes only so far. */
export function changeIn(inside: Inside, { body, stdin, steps }: ModelChange): string | undefined {
  let left = steps;
  let hasChanged = false;
  for (const step of stepsOf(inside, body, stdin)) {
    if (left <= 0) return undefined;
    left -= 1;
    const outcome = step();
    if (outcome !== undefined && outcome !== "changed") return left > 0 ? outcome : undefined;
    hasChanged ||= outcome === "changed";
  }
  if (left <= 0) return undefined;
  return hasChanged ? "done-changed" : "done-unchanged";
}

/** One thing that a script does: `changed`, a verdict that ends it, or nothing. */
export type Step = () => string | undefined;

/** A wish is read from the script, and the script has to be what is built from it. */
function stepsOf(inside: Inside, body: string, stdin: string): readonly Step[] {
  const known =
    fileSteps(inside, body, stdin) ??
    directorySteps(inside, body) ??
    packageSteps(inside, body) ??
    serviceSteps(inside, body) ??
    userSteps(inside, body) ??
    commandSteps(inside, body);
  if (known) return known;
  throw new Error(`the model does not know this script:\n${body}`);
}

/** The manager removes and installs one after the other, and may be killed between. */
function packageSteps(inside: Inside, body: string): readonly Step[] | undefined {
  const asked = (word: string): readonly (readonly string[])[] =>
    [...new Set(body.split("\n"))].filter((line) => line.startsWith(`${word} '`)).map(wordsOf);
  const install = Object.fromEntries(asked("want").map(([name = "", version = ""]) => [name, version]));
  const remove = asked("unwant").flatMap(([name = ""]) => name);
  if (body !== changePackages({ type: "packages", install, remove }, { manager: "apt", newer: install }))
    return undefined;
  return [
    ...remove.map((name) => () => removePackage(inside, name)),
    ...Object.entries(install).map(
      ([name, version]) =>
        () =>
          installPackage(inside, name, version),
    ),
  ];
}

function removePackage({ packages, services }: Inside, name: string): string | undefined {
  if (packages[name] === undefined) return undefined;
  delete packages[name];
  delete services[name];
  return "changed";
}

function installPackage(inside: Inside, name: string, asked: string): string | undefined {
  const { packages, services } = inside;
  const version = asked === "present" || asked === "latest" ? (packages[name] ?? "1.0") : asked;
  if (packages[name] === version) return undefined;
  if (name.startsWith("no-such")) return "refused-no-package";
  packages[name] = version;
  services[name] = { running: true, enabled: true, restarts: 0, read: configuration(inside, name) };
  return "changed";
}

function configuration({ paths }: Inside, name: string): string {
  const path = paths[`/srv/${name}.conf`];
  return path?.kind === "file" ? path.text : "";
}

function serviceSteps(inside: Inside, body: string): readonly Step[] | undefined {
  const name = variable(body, "name");
  if (name === "") return undefined;
  if (body === restartService(name, "systemd")) return [() => restart(inside, name)];
  const asked = [...body.matchAll(/^if ! \{ (! )?is_(enabled|running) "\$name"; \}; then$/gm)].map(
    ([, not, key]) => ({ key: key === "enabled" ? "enabled" : "running", wanted: not === undefined }) as const,
  );
  const wish: ServiceWish = {
    type: "service",
    name,
    ...Object.fromEntries(asked.map(({ key, wanted }) => [key, wanted])),
  };
  const isBack = body === putServiceBack(wish, "systemd");
  if (!isBack && body !== changeService(wish, "systemd")) return undefined;
  if (inside.services[name] === undefined) return [() => (isBack ? "done-unchanged" : "refused-no-service")];
  return asked.map(
    ({ key, wanted }) =>
      () =>
        switchService(inside, name, { key, wanted }),
  );
}

interface Switch {
  readonly key: "enabled" | "running";
  readonly wanted: boolean;
}

function switchService(inside: Inside, name: string, { key, wanted }: Switch): string | undefined {
  const service = inside.services[name];
  if (service === undefined) return "refused-no-service";
  if (service[key] === wanted) return undefined;
  service[key] = wanted;
  if (key === "running" && wanted) service.read = configuration(inside, name);
  return "changed";
}

function restart(inside: Inside, name: string): string {
  const service = inside.services[name];
  if (service === undefined) return "refused-no-service";
  service.running = true;
  service.restarts += 1;
  service.read = configuration(inside, name);
  return "changed";
}

/** An account is made first and changed then. Models know no keys. */
function userSteps(inside: Inside, body: string): readonly Step[] | undefined {
  const [name, shell, home] = [variable(body, "name"), variable(body, "shell"), variable(body, "home")];
  if (name === "") return undefined;
  const only = /^only=(.*)$/m.exec(body)?.[1] ?? "";
  const uid = /^\d+$/.test(only) ? Number(only) : undefined;
  if (body === removeUser(name, uid)) return [() => deleteUser(inside, name, uid)];
  const groups = /^ensure_groups '.*$|^ensure_groups $/m.exec(body)?.[0];
  const wish: UserWish = {
    type: "user",
    name,
    ...(shell !== "" && { shell }),
    ...(home !== "" && { home }),
    ...(groups !== undefined && { groups: wordsOf(groups) }),
  };
  const facts = { type: "user", exists: only !== "none", ...(uid !== undefined && { uid }) } as const;
  if (body !== changeUser(wish, facts).script) return undefined;
  const isAnother = (): boolean => {
    const found = inside.users[name];
    return found !== undefined && !["", String(found.uid)].includes(only);
  };
  return [
    () => (isAnother() ? "refused-another-user" : undefined),
    () => ensureUser(inside, wish),
    () => ensureGroups(inside, wish),
  ];
}

function ensureUser({ users }: Inside, { name, ...asked }: UserWish): string | undefined {
  const before = users[name];
  const { shell = before?.shell ?? "/bin/sh", home = before?.home ?? `/home/${name}` } = asked;
  if (before?.shell === shell && before.home === home) return undefined;
  users[name] = { uid: before?.uid ?? 1000 + Object.keys(users).length, shell, home, groups: before?.groups ?? [] };
  return "changed";
}

function ensureGroups({ users }: Inside, { name, groups }: UserWish): string | undefined {
  const before = users[name];
  const sorted = groups?.toSorted();
  if (before === undefined || sorted === undefined || String(before.groups) === String(sorted)) return undefined;
  users[name] = { ...before, groups: sorted };
  return "changed";
}

function deleteUser({ users }: Inside, name: string, uid: number | undefined): string | undefined {
  if (users[name] === undefined || (uid !== undefined && users[name].uid !== uid)) return undefined;
  delete users[name];
  return "changed";
}

/** Commands of a model append a line to a file (`append PATH LINE`), or fail (`fail`). */
function commandSteps(inside: Inside, body: string): readonly Step[] | undefined {
  const [, ...run] = wordsOf(/^\( cd '.*$/m.exec(body)?.[0] ?? "");
  const guard = /^if \[ -e '.*; then ok unchanged; fi$/m.exec(body)?.[0];
  const creates = guard === undefined ? undefined : wordsOf(guard)[0];
  const isGuarded = creates !== undefined;
  const wish = { type: "command", run, ...(isGuarded && { creates }) } as const;
  if (body !== runCommand(wish, { type: "command", ...(isGuarded && { created: false }) })) return undefined;
  return [() => (isGuarded && creates in inside.paths ? "done-unchanged" : append(inside, run))];
}

function append({ paths }: Inside, [verb, path = "", line = ""]: readonly string[]): string {
  if (verb !== "append") return "ended-1";
  const before = paths[path];
  const text = before?.kind === "file" ? before.text : "";
  paths[path] = { mode: 0o644, owner: "root", ...before, kind: "file", text: `${text}${line}\n` };
  return "ended-0";
}
