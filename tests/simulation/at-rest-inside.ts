/** What must hold inside machines once everything has come to rest. */
import { finalPhase, type Machine } from "../../src/driver/simulator/record.ts";
import { isDesiredInside, type DesiredInside, type DesiredMachine } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Inside } from "../support/model-guest.ts";
import { type Computer, machineOf } from "./computer.ts";

import type { StackText } from "./stacks.ts";

/** The laws that are broken, each with what tells of it. */
export function brokenInside(
  computer: Computer,
  stack: StackText,
): readonly (readonly [law: string, detail: string])[] {
  const asked = stack.filter(isDesiredInside);
  const broken = recorded(computer, asked).map(
    (detail) => ["what lies inside is not recorded as it is", detail] as const,
  );
  const machines = stack.filter((each) => each.type === "machine");
  return [...broken, ...machines.flatMap((machine) => brokenIn(computer, machine, asked))];
}

function recorded({ files }: Computer, asked: readonly DesiredInside[]): readonly string[] {
  const text = files.text("/state/dev.json");
  const snapshot: Snapshot | undefined = text === undefined ? undefined : JSON.parse(text);
  const kept = Object.entries(snapshot?.resources ?? {}).filter(([, each]) => "on" in each);
  const wanted = new Set<string>(asked.map(({ address }) => address));
  return [
    ...kept
      .filter(([address]) => !wanted.delete(address))
      .map(([address]) => `${address} is recorded and not asked for`),
    ...[...wanted].map((address) => `${address} is asked for and not recorded`),
    ...kept.filter(([, each]) => "unfinished" in each).map(([address]) => `${address} is unfinished`),
  ];
}

function brokenIn(
  computer: Computer,
  machine: DesiredMachine,
  all: readonly DesiredInside[],
): readonly (readonly [law: string, detail: string])[] {
  const found = machineOf(computer, machine.name);
  if (found === undefined) return [];
  const lies = computer.guests.read(found.id);
  const asked = all.filter(({ on, properties }) => on === machine.address && !isUnseen(computer, found, properties));
  const otherwise = asked.filter((each) => !isSo(lies, each)).map(({ address }) => address);
  const stale = asked.filter((each) => isStale(lies, each)).map(({ address }) => address);
  const left = isClone(computer, found) ? [] : leftIn(computer, found.id, { lies, asked });
  return [
    ...otherwise.map((address) => ["what lies inside is not what the stack asks for", address] as const),
    ...stale.map((address) => ["a service does not run with what it was to be restarted for", address] as const),
    ...left.map((detail) => ["something of ours was left inside", `${machine.name} (${found.id}): ${detail}`] as const),
  ];
}

/** What somebody changed in a machine that is stopped nobody sees until it runs. */
function isUnseen({ ledger }: Computer, { id, phases }: Machine, { path, name }: DesiredInside["properties"]): boolean {
  const conf = `/srv/${word(name)}.conf`;
  const isChanged = ledger.changedInside.has(`${id} ${word(path)}`) || ledger.changedInside.has(`${id} ${conf}`);
  return isChanged && finalPhase(phases).state === "stopped";
}

/** A clone has what lay inside its source. */
function isClone({ world }: Computer, { id }: Machine): boolean {
  return world.session.log().some((line) => line.includes(id) && line.includes('"what":"clone"'));
}

function isSo({ paths, packages, services, users }: Inside, { type, properties }: DesiredInside): boolean {
  const path = paths[word(properties["path"])];
  const { mode, name, run, creates } = properties;
  const isMode = mode === undefined || path?.mode === mode;
  switch (type) {
    case "file":
      return path?.kind === "file" && path.text === properties["content"] && isMode;
    case "directory":
      return path?.kind === "directory" && isMode;
    case "packages":
      return Object.keys(properties["install"] ?? {}).every((each) => each in packages);
    case "service":
      return services[word(name)]?.running === true;
    case "user":
      return (
        users[word(name)]?.shell === properties["shell"] &&
        JSON.stringify(users[word(name)]?.groups) === JSON.stringify(properties["groups"])
      );
    case "command":
    default: {
      const [, log = "", line = ""] = Array.isArray(run) ? run.map(String) : [];
      const lines = paths[log];
      return lines?.kind === "file" && (creates !== undefined || lines.text.split("\n").includes(line));
    }
  }
}

function isStale({ paths, services }: Inside, { type, properties, restartOn }: DesiredInside): boolean {
  if (type !== "service" || restartOn.length === 0) return false;
  const conf = paths[`/srv/${word(properties["name"])}.conf`];
  return conf?.kind === "file" && services[word(properties["name"])]?.read !== conf.text;
}

interface Lying {
  readonly lies: Inside;
  readonly asked: readonly DesiredInside[];
}

/** What commands wrote stays, and what somebody else has had his hands on may. */
function leftIn({ ledger }: Computer, id: string, { lies, asked }: Lying): readonly string[] {
  const properties = asked.map((each) => each.properties);
  const wanted = new Set([...properties.map(({ path }) => path), "/srv", "/etc", "/srv/log", "/srv/made"]);
  const isTheirs = (path: string): boolean =>
    [...ledger.changedInside.keys()].some((key) => key === `${id} ${path}` || key.startsWith(`${id} ${path}/`));
  const installed = new Set(properties.flatMap(({ install }) => Object.keys(install ?? {})));
  const named = new Set(properties.map(({ name }) => name));
  return [
    ...Object.keys(lies.paths).filter((path) => !wanted.has(path) && !isTheirs(path)),
    ...Object.keys(lies.packages).filter((name) => !installed.has(name) && name !== "base" && name !== "git"),
    ...Object.keys(lies.users).filter((name) => !named.has(name) && name !== "root"),
  ];
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
