/** The seven reviews that every report is tested with, made by the real planner; each call makes the same bytes. */
import type { Action, ActionId, ActionKind } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { InsideFacts } from "../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import type { MachineFacts } from "../../src/model/machine.ts";
import type { Place } from "../../src/model/place.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_POLICIES, type PolicyReport } from "../../src/model/policy.ts";
import type { DesiredInside, DesiredMachine, DesiredResource } from "../../src/model/resource.ts";
import type { ResourceState } from "../../src/model/snapshot.ts";
import { planDigest } from "../../src/plan/plan-digest.ts";
import { countApplied, type Ended } from "../../src/report/count-applied.ts";
import type { Review } from "../../src/report/review.ts";
import { hashText } from "../../src/state/digest.ts";
import { inside } from "./execute-builders.ts";
import { insideState } from "./plan-apply-state.ts";
import {
  archiveState,
  at,
  cloneOf,
  desiredArchive,
  desiredMachine,
  desiredSetting,
  digest,
  inputOf,
  liveMachine,
  planOf,
  settingState,
  stateOf,
  type Worlds,
} from "./plan-builders.ts";

/** Parts of a review beside its plan. */
type Around = Partial<Omit<Review, "plan" | "digest">>;

/** A review of plain worlds, which knows where their resources are written. */
function reviewed(worlds: Worlds, around: Around = {}): Review {
  const places = (worlds.desired ?? []).flatMap(({ address, place }): [string, Place][] =>
    place === undefined ? [] : [[address, place]],
  );
  const { prior, desired } = inputOf(worlds);
  return reviewOf(planOf(worlds), { places: Object.fromEntries(places), worlds: { prior, desired }, ...around });
}

/** A review of a plan, with nothing around it unless it is given. */
export function reviewOf(plan: Plan, around: Around = {}): Review {
  return {
    plan,
    digest: planDigest(plan, digest),
    notices: [],
    policy: NO_POLICIES,
    version: "0.1.0",
    ...around,
  };
}

/** Where a resource is written. */
function written(line: number, column = 5): { readonly place: Place } {
  return { place: { file: "stacks/dev.ts", line, column } };
}

const life = (given: Partial<typeof DEFAULT_LIFECYCLE>) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
const image = (version: string) => ({ origin: { kind: "image", distro: "debian", version } }) as const;
const none: Worlds = {};

/** What is known of one machine: how the stack has it, how it was applied, how it is. */
interface Row {
  readonly now?: DesiredMachine;
  readonly was?: DesiredMachine;
  readonly live?: MachineFacts;
  /** How it was seen by the last apply, where it is otherwise now. */
  readonly seen?: MachineFacts;
}

function worldsOf(rows: readonly Row[], besides: Worlds = none): Worlds {
  const prior: { [key: string]: ResourceState } = {};
  for (const { was, live, seen } of rows) {
    if (was !== undefined) prior[was.address] = stateOf(was, seen ?? live ?? liveMachine(was.name));
  }
  return {
    ...besides,
    desired: [...rows.flatMap(({ now }) => now ?? []), ...(besides.desired ?? [])],
    prior: { ...prior, ...besides.prior },
    live: [...rows.flatMap(({ live }) => live ?? []), ...(besides.live ?? [])],
  };
}

const web = desiredMachine("web", written(12));
const liveWeb = liveMachine("web");

/** All is as the stack has it. */
function noChanges(): Review {
  return reviewed(worldsOf([{ now: web, was: web, live: liveWeb }]));
}

/** A machine gets more memory, and restarts for it. */
function oneChange(): Review {
  const now = { ...web, settings: { memoryMiB: 4096, cpus: 2 } };
  return reviewed(worldsOf([{ now, was: web, live: liveWeb }]), {
    commit: "0123456789abcdef0123456789abcdef01234567",
  });
}

/** Kinds of actions, each of which is in {@link everyAction}. */
export const EVERY_KIND: readonly ActionKind[] = [
  "adopt",
  "clone",
  "config",
  "create",
  "delete",
  "export",
  "forget",
  "remove",
  "rename",
  "restart",
  "restore",
  "run",
  "set-default",
  "start",
  "stop",
  "write",
];

/** A machine that was given other limits outside. */
function wandered(line: number): Row {
  const now = desiredMachine("wandered", { ...written(line), settings: { cpus: 2, memoryMiB: 2048 } });
  const [seen, live] = [
    { cpus: 2, memoryMiB: 2048 },
    { cpus: 4, memoryMiB: 2048 },
  ].map((settings) => liveMachine("wandered", { settings }));
  return { now, was: now, ...(seen && { seen }), ...(live && { live }) };
}

function machineRows(): readonly Row[] {
  const make = (key: string, line: number, given: Partial<DesiredMachine> = {}): DesiredMachine =>
    desiredMachine(key, { ...written(line), ...given });
  const same = (key: string, was: DesiredMachine, given: Partial<MachineFacts> = {}): Row => ({
    was,
    live: liveMachine(key, given),
  });
  const of = (key: string, line: number, given: Partial<DesiredMachine>): Row => {
    const was = make(key, line);
    return { ...same(key, was), now: { ...was, ...given } };
  };
  const stopped = make("sleeper", 44, { power: "stopped" });
  const [blue, green] = [make("blue", 46, { name: "green" }), make("green", 47, { name: "blue" })];
  return [
    { now: make("base", 20, { power: "stopped", settings: { cpus: 2, diskBytes: 20 * 1024 ** 3 } }) },
    { now: cloneOf("copy", "base", { ...written(22), default: true }) },
    { now: make("restored", 24, { origin: { kind: "restore", path: "backups/old.tar.zst", digest: "sha256:0a" } }) },
    { now: make("golden", 26), live: liveMachine("golden") },
    of("named", 28, { name: "renamed" }),
    of("limited", 30, { settings: { memoryMiB: 4096 } }),
    of("next", 32, image("trixie")),
    of("later", 34, { ...image("trixie"), ...life({ createBeforeDestroy: true }) }),
    of("tired", 36, { power: "stopped" }),
    { ...same("sleeper", stopped, { state: "stopped" }), now: { ...stopped, power: "running" } },
    { now: blue, was: { ...blue, name: "blue" }, live: liveMachine("blue") },
    { now: green, was: { ...green, name: "green" }, live: liveMachine("green") },
    same("gone", make("gone", 50)),
    same("kept", make("kept", 52, life({ retain: true }))),
    { ...same("front", make("old", 54, { name: "front" })), now: make("front", 54, life({ aliases: [at("old")] })) },
    { now: web, was: web, live: liveWeb },
    wandered(56),
  ];
}

const file = (key: string, content: string, more: Partial<DesiredInside> = {}): DesiredInside =>
  inside("file", key, { path: `/srv/${key}`, content, mode: 0o644 }, { ...written(60), ...more });
const found = (content: string): InsideFacts => ({
  type: "file",
  kind: "file",
  mode: 0o644,
  owner: "root",
  group: "root",
  digest: hashText(content),
  size: content.length,
  text: content,
});
const once = (triggers: number) => inside("command", "once", { run: ["make", "all"], triggers }, written(64));

/** The content of a sensitive file and of a sensitive output: in no report. */
export const SECRET = "correct horse battery staple";

function besidesMachines(): Worlds {
  const before = [file("page", "one\ntwo\nthree\n"), file("old", "old\n"), once(1)];
  const states = before.flatMap((each) => {
    const made = insideState(each, { machine: liveWeb, look: () => undefined, states: new Map() });
    const original: InsideFacts | undefined = each.type === "file" ? { type: "file", kind: "absent" } : made?.original;
    return made === undefined ? [] : [[each.address, { ...made, ...(original && { original }) }] as const];
  });
  const [memory, cpu] = [desiredSetting("memory_mib", 16_384, written(70)), desiredSetting("cpu", 8)];
  const old = desiredArchive("old", at("web"));
  const desired: readonly DesiredResource[] = [
    file("page", "one\n2\nthree\n"),
    file("token", `${SECRET}\n`, { sensitive: true, ...written(62) }),
    once(2),
    memory,
    desiredArchive("nightly", at("web"), { ...written(72), keep: { last: 3 } }),
  ];
  return {
    desired,
    prior: {
      ...Object.fromEntries(states),
      "setting.memory_mib": settingState({ ...memory, value: 8192 }, "4096", "8192"),
      "setting.cpu": settingState(cpu, "4", "8"),
      [old.address]: archiveState(old, liveWeb),
    },
    outputs: {
      address: { value: { "~orbform": "ref", address: at("copy"), property: "ip4" }, sensitive: false },
      password: { value: SECRET, sensitive: true },
    },
    priorOutputs: { port: { value: 80, sensitive: false } },
    liveMore: {
      settings: { memory_mib: "8192", cpu: "8" },
      inside: {
        [at("file.page")]: found("one\ntwo\nthree\n"),
        [at("file.old")]: found("old\n"),
        [at("file.token")]: { type: "file", kind: "absent" },
        [at("command.once")]: { type: "command" },
      },
      archives: { [old.address]: { status: "found", sizeBytes: 1000, recorded: "0".repeat(64) } },
    },
    options: { adopt: [at("golden")] },
  };
}

const WARNED: PolicyReport = {
  checked: ["image allow-list", "limits required", "no deletes of labelled machines"],
  findings: [
    {
      policy: "limits required",
      severity: "warn",
      message: "It has no limit of its memory.",
      address: at("restored"),
      ...written(24),
    },
  ],
};

/** Every kind of change, of action and of resource, drift, outputs, a policy's warning, a notice. */
function everyAction(): Review {
  return reviewed(worldsOf(machineRows(), besidesMachines()), {
    policy: WARNED,
    notices: ["A list of machines had to be read again."],
    commit: "0123456789abcdef0123456789abcdef01234567",
    link: "https://ci.example/runs/17",
  });
}

/** How many changes of each sort are in {@link fiveHundred}. */
export const OF_FIVE_HUNDRED = { created: 150, destroyed: 150, replaced: 50, restarted: 100, renamed: 50 } as const;

/** Five hundred machines, each changed. */
function fiveHundred(): Review {
  const rows = Object.entries(OF_FIVE_HUNDRED).flatMap(([sort, count]) =>
    Array.from({ length: count }, (_, index) => rowOf(sort, `${sort}-${String(index).padStart(3, "0")}`, index)),
  );
  return reviewed(worldsOf(rows), { link: "https://ci.example/runs/500" });
}

function rowOf(sort: string, key: string, index: number): Row {
  const was = desiredMachine(key, { ...written(100 + index), labels: { team: "web" } });
  const live = liveMachine(key);
  if (sort === "created") return { now: was };
  if (sort === "destroyed") return { was, live };
  if (sort === "replaced") return { was, live, now: { ...was, ...image("trixie") } };
  if (sort === "restarted") return { was, live, now: { ...was, settings: { memoryMiB: 2048, cpus: 2 } } };
  return { was, live, now: { ...was, name: `${key}-again` } };
}

const failure = (summary: string, address: Address): Diagnostic => ({
  severity: "error",
  code: "ORB_ACTION_FAILED",
  summary,
  detail: "orbctl ended with 1: no space left on device. The machine was not made.",
  hint: "Free some disk space and run: orb apply dev",
  address,
});

/** How the actions of a plan ended: `endings` says it by id, what they say nothing of has succeeded. */
export function endedAs(
  actions: readonly Action[],
  endings: { readonly [id: string]: Ended },
): ReadonlyMap<ActionId, Ended> {
  return new Map(actions.map(({ id }) => [id, endings[id] ?? { status: "succeeded" }]));
}

/** An apply in which one machine could not be made, what needs it was skipped, and of one rename nothing is known. */
function failedApply(): Review {
  const base = desiredMachine("base", { ...written(20), power: "stopped" });
  const named = desiredMachine("named", written(28));
  const worlds = worldsOf([
    { now: base },
    { now: cloneOf("copy", "base", written(22)) },
    { now: desiredMachine("fine", written(24)) },
    { now: { ...named, name: "renamed" }, was: named, live: liveMachine("named") },
    { was: desiredMachine("gone"), live: liveMachine("gone") },
  ]);
  const plan = planOf(worlds);
  const unclear = failure("It is not known what was done", at("named"));
  const results = endedAs(plan.actions, {
    "machine.base:create": { status: "failed", problem: failure("The machine could not be made", at("base")) },
    "machine.base:stop": { status: "skipped" },
    "machine.copy:clone": { status: "skipped" },
    "machine.copy:start": { status: "skipped" },
    "machine.named:rename": { status: "unknown", problem: { ...unclear, code: "ORB_OUTCOME_UNKNOWN" } },
  });
  const counts = countApplied(plan, results);
  return reviewed(worlds, { applied: { operation: "apply", counts, results, interrupted: false } });
}

/** A deletion that two policies deny, and that a third one warns of. */
function denied(): Review {
  const worlds = worldsOf([
    { now: web, was: web, live: liveWeb },
    { was: desiredMachine("db"), live: liveMachine("db") },
  ]);
  return reviewed(worlds, {
    policy: {
      checked: ["at most three machines", "image allow-list", "isolation required", "no deletes of labelled machines"],
      findings: [
        { policy: "at most three machines", severity: "deny", message: "There would be four machines." },
        {
          policy: "no deletes of labelled machines",
          severity: "deny",
          message: "It is labelled keep=true, and would be deleted.",
          address: at("db"),
        },
        {
          policy: "isolation required",
          severity: "warn",
          message: "It is not isolated from the host.",
          address: at("web"),
          ...written(12),
        },
      ],
    },
  });
}

/** Machines that were changed and deleted outside, and a plan that only takes it in. */
function driftOnly(): Review {
  const cache = desiredMachine("cache", written(16));
  const same = { now: web, was: web, live: liveWeb };
  return reviewed(worldsOf([same, { now: cache, was: cache }, wandered(18)], { options: { mode: "refresh-only" } }));
}

/** The seven, by name. */
export const REVIEWS = {
  "no-changes": noChanges,
  "one-change": oneChange,
  "every-action": everyAction,
  "five-hundred": fiveHundred,
  "failed-apply": failedApply,
  denied,
  "drift-only": driftOnly,
} as const;
