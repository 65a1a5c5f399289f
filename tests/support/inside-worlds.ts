/** Worlds in which something lies inside a machine: what was applied, what is asked for now, and what is found. */
import type { InsideFacts } from "../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { identityIn, identityOf } from "../../src/model/inside-kept.ts";
import { machineId, type MachineFacts } from "../../src/model/machine.ts";
import type { DesiredInside, DesiredMachine, DesiredResource } from "../../src/model/resource.ts";
import type { InsideResource, MachineResource, ResourceState } from "../../src/model/snapshot.ts";
import { sealedState, sealFor } from "../../src/model/sealed.ts";
import { hashText } from "../../src/state/digest.ts";
import { inside } from "./execute-builders.ts";
import { insideState } from "./plan-apply-state.ts";
import { at, desiredMachine, liveMachine, NOW, stateOf, ulid, type Worlds } from "./plan-builders.ts";

type Given<T> = { readonly [K in keyof T]?: T[K] };
type Lifecycle = Partial<typeof DEFAULT_LIFECYCLE>;

export const life = (given: Lifecycle) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
export const page = (content: unknown, more: Partial<DesiredInside> = {}) =>
  inside("file", "page", { path: "/srv/page", content: content as string, mode: 0o644 }, more);
export const site = (mode: number, more = {}) => inside("directory", "site", { path: "/srv/site", mode }, more);
export const packages = (key: string, names: readonly string[], more = {}) =>
  inside("packages", key, { install: Object.fromEntries(names.map((name) => [name, "present"])) }, more);
export const tools = (name: string, more = {}) => packages("tools", [name], more);
export const nginx = (running: boolean, more: Partial<DesiredInside> = {}) =>
  inside("service", "nginx", { name: "nginx", running, enabled: true }, more);
export const ada = (shell: string, more = {}) => inside("user", "ada", { name: "ada", shell, groups: ["www"] }, more);
export const once = (triggers: number, more = {}, given = {}) =>
  inside("command", "once", { run: ["make", "all"], triggers, ...more }, given);

/** One of each, as it is to be. `more`: what all of them have beside. */
export const all = (more: Partial<DesiredInside> = {}): readonly DesiredInside[] => [
  page("one\n", more),
  site(0o755, more),
  tools("curl", more),
  nginx(true, more),
  ada("/bin/sh", more),
  once(1, { creates: "/srv/made" }, more),
];

/** The same, each asked for otherwise. */
export const others = (more: Partial<DesiredInside> = {}): readonly DesiredInside[] => [
  page("two\n", more),
  site(0o700, more),
  tools("jq", more),
  nginx(false, more),
  ada("/bin/bash", more),
  once(2, { creates: "/srv/made" }, more),
];

/** The same under other paths and names, where there are any. */
export const elsewhere = (more: Partial<DesiredInside> = {}): readonly DesiredInside[] => [
  inside("file", "page", { path: "/srv/other", content: "one\n", mode: 0o644 }, more),
  inside("directory", "site", { path: "/srv/others", mode: 0o755 }, more),
  inside("service", "nginx", { name: "caddy", running: true, enabled: true }, more),
  inside("user", "ada", { name: "bob", shell: "/bin/sh", groups: ["www"] }, more),
];

export const text = (content: string, more: Partial<Extract<InsideFacts, { type: "file" }>> = {}): InsideFacts => ({
  type: "file",
  kind: "file",
  mode: 0o644,
  owner: "root",
  group: "root",
  digest: hashText(content),
  size: content.length,
  ...more,
});
/** As it was written: what state has seen of it then. */
export const written = (content: string): InsideFacts => ({
  type: "file",
  kind: "file",
  mode: 0o644,
  digest: hashText(content),
  size: 1,
});
export const folder = (more = {}): InsideFacts => ({
  type: "directory",
  kind: "directory",
  mode: 0o755,
  owner: "root",
  group: "root",
  isEmpty: true,
  ...more,
});
export const installed = (...names: readonly string[]): InsideFacts => ({
  type: "packages",
  manager: "apt",
  installed: { curl: null, jq: null, ...Object.fromEntries(names.map((name) => [name, "1.0"])) },
  newer: {},
});
export const serving = (running: boolean, enabled = true): InsideFacts => ({
  type: "service",
  manager: "systemd",
  exists: true,
  running,
  enabled,
});
export const account = (shell: string): InsideFacts => ({
  type: "user",
  exists: true,
  shell,
  home: "/home/ada",
  groups: ["www"],
});

type Found = { readonly [address: string]: InsideFacts };

export const AS_ASKED: Found = {
  "file.page": text("one\n"),
  "directory.site": folder(),
  "packages.tools": installed("curl"),
  "service.nginx": serving(true),
  "user.ada": account("/bin/sh"),
  "command.once": { type: "command", created: true },
};
export const CHANGED: Found = {
  "file.page": text("theirs\n"),
  "directory.site": folder({ mode: 0o777 }),
  "packages.tools": installed(),
  "service.nginx": serving(false),
  "user.ada": account("/bin/zsh"),
  "command.once": { type: "command", created: false },
};
export const GONE: Found = {
  "file.page": { type: "file", kind: "absent" },
  "directory.site": { type: "directory", kind: "absent" },
  "user.ada": { type: "user", exists: false },
};
export const NO_WAY: Found = Object.fromEntries(
  Object.keys(AS_ASKED).map((address) => [address, { type: "unavailable", why: "There is no shell." }] as const),
);

export const web = desiredMachine("web");
export const trixie = { origin: { kind: "image" as const, distro: "debian", version: "trixie" } };

interface Lying {
  /** What was applied last, and what the stack asks for now. */
  readonly before?: readonly DesiredInside[];
  readonly after?: readonly DesiredInside[];
  /** What is found in place of what state has seen; `false`: nobody looked. */
  readonly found?: Found | false;
  readonly state?: Partial<InsideResource>;
  /** What was there before the first apply, by address. */
  readonly originals?: Found;
  /** State has digests of what was secret when it was applied. */
  readonly sealed?: true;
  /** The machine as it was applied, as it is asked for now, and as it is. */
  readonly was?: DesiredMachine;
  readonly now?: DesiredMachine | undefined;
  readonly live?: Partial<MachineFacts>;
  readonly machineState?: Parameters<typeof stateOf>[2];
  readonly options?: Worlds["options"];
  readonly besides?: readonly DesiredResource[];
  readonly besidesPrior?: { readonly [address: string]: ResourceState };
  readonly besidesLive?: readonly MachineFacts[];
}

/** Whether the stack asks for it where it was: what was seen there is found there, and elsewhere nothing. */
function stillThere(state: InsideResource, after: readonly DesiredInside[]): boolean {
  const now = after.find(
    ({ dependencies, type, on }) => type === state.type && (on === state.on || dependencies.includes(on)),
  );
  const asked = after.filter(({ type }) => type === state.type);
  return (
    now === undefined ||
    asked.some((each) => each.on === state.on && identityIn(each.properties) === identityOf(state.inputs))
  );
}

function nothing({ type }: InsideResource): InsideFacts {
  if (type === "file" || type === "directory") return { type, kind: "absent" };
  if (type === "user") return { type, exists: false };
  if (type === "service") return serving(false, false);
  return type === "packages" ? installed() : { type: "command" };
}

export function lying(given: Lying): Worlds {
  const { before = [], after = [], found = {}, state = {}, was = web, besides = [] } = given;
  const now = "now" in given ? given.now : was;
  const live = liveMachine("web", given.live);
  const states = before.flatMap((each) => {
    const made = insideState(each, { machine: live, look: () => undefined, states: new Map() });
    if (made === undefined) return [];
    const original = given.originals?.[each.address] ?? made.original;
    const kept = { ...made, original, ...state };
    return [[each.address, given.sealed ? sealedState(kept, sealFor("it", undefined, hashText)) : kept] as const];
  });
  const seen = Object.fromEntries(
    states.map(([address, kept]) => [address, stillThere(kept, after) ? kept.seen : nothing(kept)]),
  );
  return {
    desired: [...(now === undefined ? [] : [now]), ...after, ...besides],
    prior: { web: stateOf(was, live, given.machineState), ...Object.fromEntries(states), ...given.besidesPrior },
    live: [live, ...(given.besidesLive ?? [])],
    liveMore: { inside: found === false ? {} : { ...seen, ...found } },
    ...(given.options !== undefined && { options: given.options }),
  };
}

export const every = all().map(({ address }) => address);
export const stoppedByUser = {
  was: desiredMachine("web", { power: "any" }),
  live: { state: "stopped" },
  found: false,
} as const;
export const stopped = {
  was: desiredMachine("web", { power: "stopped" }),
  live: { state: "stopped" },
  found: false,
} as const;
export const db = desiredMachine("db");
export const liveDb = liveMachine("db");
export const withDb = { besides: [db], besidesPrior: { db: stateOf(db, liveDb) }, besidesLive: [liveDb] };
export const inDb = { on: at("db") };
export const conf = inside("file", "conf", { path: "/etc/conf", content: "a" });
export const watching = nginx(true, { restartOn: [conf.address] });
export const ip4 = { "~orbform": "ref", address: at("db"), property: "ip4" } as const;
export const successor = liveMachine("web-orbform-tmp", {
  id: machineId(ulid("successor", NOW + 1)),
  image: { ...liveMachine("web").image, version: "trixie" },
});

/** Its replacement was made first, and the run died before the old machine went; then the stack went back. */
export function goneBack(
  after: readonly DesiredInside[],
  found: Found | false,
  more: Given<MachineResource> = {},
  old = liveMachine("web"),
): Worlds {
  const stateIn = (each: DesiredInside, machine: MachineFacts): InsideResource | undefined =>
    insideState(each, { machine, look: () => undefined, states: new Map() });
  const inBoth = all().flatMap((each) => {
    const [was, now] = [stateIn(each, old), stateIn(each, successor)];
    return was === undefined || now === undefined ? [] : [[each.address, { ...now, was }] as const];
  });
  const deposed = [{ id: old.id, name: old.name, was: stateOf(web, old) }];
  return {
    desired: [web, ...after],
    prior: { web: stateOf({ ...web, ...trixie }, successor, { deposed, ...more }), ...Object.fromEntries(inBoth) },
    live: [old, successor],
    liveMore: { inside: found === false ? {} : found },
  };
}

export const newer = machineId(ulid("newer", NOW + 2));
export const UNREADY: Given<MachineResource> = { status: "unready", unready: { reason: "failed", detail: "no" } };
export const LATE: Given<MachineResource> = { status: "unready", unready: { reason: "timed out", detail: "no" } };

export function goneBackAlone(more: Given<MachineResource>): Worlds {
  const worlds = goneBack(all(), false, more);
  return { ...worlds, live: [liveMachine("web")] };
}

/** A machine made to replace another was seen stopped, and the one that it replaces is there still. */
export function waitingFor(power: DesiredMachine["power"], more: Given<MachineResource>): Worlds {
  const now = { ...web, ...trixie, power };
  const old = liveMachine("web-old");
  const stoppedNow = { ...successor, name: "web", state: "stopped" as const };
  const deposed = [{ id: old.id, name: old.name, was: stateOf(web, old) }];
  return {
    desired: [now, page("one\n")],
    prior: { web: stateOf(now, stoppedNow, { deposed, ...more }) },
    live: [stoppedNow, old],
  };
}
