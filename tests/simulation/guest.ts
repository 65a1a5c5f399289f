/** What is run inside machines, by Orbform's clients and by an outside hand. */
import type { OrbctlCall, OrbctlOutput } from "../../src/driver/orbctl/call.ts";
import { inMemoryExec } from "../../src/driver/simulator/in-memory.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { ModelRun } from "../support/model-guest.ts";
import { scriptIn } from "../support/model-guest-script.ts";
import type { Chance } from "./chance.ts";
import { type ClientCall, type Computer, machineOf } from "./computer.ts";

/** How everything begins that an outside hand writes. */
const THEIRS = "theirs";

/** Whether a command is one of the scripts that look into machines and change them. */
export function isScript(command: readonly string[]): boolean {
  return scriptIn(command.at(-1) ?? "") !== undefined;
}

/** A call in a few words that stay the same: a script has a token of chance in it. */
export function briefly(argv: readonly string[]): string {
  if (argv[0] !== "run") return argv.join(" ");
  return `run ${argv[2]} ${doingOf(argv)}`;
}

function doingOf(argv: readonly string[]): string {
  const script = scriptIn(argv.at(-1) ?? "");
  if (script?.kind === "fate") return "asks how a change ended";
  if (script?.kind !== "change") return "looks";
  const { body } = script;
  const named = nameIn(body) ?? /^\( cd .* \)/m.exec(body)?.[0] ?? "packages";
  return `${isRemoval(body) ? "takes away" : "changes"} ${named}`;
}

/** Of packages and of a command there is none. */
function nameIn(body: string): string | undefined {
  return /^(?:path|name)=('.*')$/m.exec(body)?.[1];
}

function isRemoval(script: string): boolean {
  return /no unremoved|\ndelete_user\n/.test(script);
}

/** How far a script comes, and what it dies of then. */
export type Cut = Required<Pick<ModelRun, "steps" | "death">>;

/** Runs a script inside, which starts the machine where it doesn't run. */
export async function runInside(computer: Computer, life: string, call: OrbctlCall, cut?: Cut): Promise<OrbctlOutput> {
  const { world, guests, clock, ledger } = computer;
  const [, , id = ""] = call.argv;
  const machine = machineOf(computer, id);
  const state = machine && world.session.read((each) => each.stateOf(machine));
  if (machine === undefined || (state !== "running" && !(await starts(computer, id)))) {
    return {
      stdout: "",
      stderr: `[-32098] run: machine not found: '${id}'\n`,
      exitCode: 1,
      timedOut: false,
      aborted: false,
    };
  }
  const script = call.argv.at(-1) ?? "";
  const stdin = call.stdin instanceof Uint8Array ? Buffer.from(call.stdin).toString() : "";
  const stdout = guests.answer(machine.id, { script, stdin, ...cut }) ?? "";
  if (scriptIn(script)?.kind === "look") ledger.looked.set(`${life} ${id}`, clock.now());
  return { stdout, stderr: "", exitCode: 0, timedOut: false, aborted: false };
}

async function starts({ world }: Computer, id: string): Promise<boolean> {
  return (await inMemoryExec(world)({ argv: ["start", id] })).exitCode === 0;
}

/** Somebody works inside a machine: on what a stack wants there, or on what is nobody's but his. */
export function changeInside({ guests, ledger, clock, trace }: Computer, chance: Chance, id: string): void {
  const path = chance.pick(["/srv/f1", "/srv/f2", "/srv/nginx.conf", "/srv/d/own", "/srv/own"]);
  const text = chance.happens(0.3) ? undefined : `${THEIRS} ${chance.below(100)}\n`;
  trace.say("a stranger", `${text === undefined ? "removes" : "writes"} ${path} in ${id}`);
  ledger.changedInside.set(`${id} ${path}`, clock.now());
  guests.change(id, ({ paths, packages, services }) => {
    if (text === undefined) delete paths[path];
    else if (path !== "/srv/d/own" || "/srv/d" in paths)
      paths[path] = { kind: "file", text, mode: 0o644, owner: "root" };
    // Nobody's stack asks for this one.
    packages["git"] = "2.0";
    services["git"] ??= { running: true, enabled: true, restarts: 0, read: "" };
  });
}

/** A client, and what its run said it would do. */
interface Planned {
  readonly client: ClientCall;
  readonly plan: Plan | undefined;
  readonly plannedAt: number;
}

/**
 * A life lets programs work in a machine that may write anywhere: those of packages, and commands. From then on nobody can
 * tell what they wrote from what somebody else did.
 */
export function noteWork({ ledger }: Computer, { life, argv }: ClientCall): void {
  const script = argv[0] === "run" ? scriptIn(argv.at(-1) ?? "") : undefined;
  if (script?.kind === "change" && nameIn(script.body) === undefined) ledger.letWork.add(`${life} ${argv[2]}`);
}

/** Which rule of care is broken by a script that is about to run, in words that stay the same. */
export function ruleBrokenInside(
  { guests, ledger }: Computer,
  { client, plan, plannedAt }: Planned,
): string | undefined {
  const [verb, , id = ""] = client.argv;
  if (verb !== "run") return undefined;
  const script = client.argv.at(-1) ?? "";
  const path = /^path='(.*)'$/m.exec(script)?.[1];
  const there = path === undefined ? undefined : guests.read(id).paths[path];
  if (path === undefined || there?.kind !== "file" || !there.text.startsWith(THEIRS)) return undefined;
  const changedAt = ledger.changedInside.get(`${id} ${path}`) ?? 0;
  const wasSeen = changedAt < (ledger.looked.get(`${client.life} ${id}`) ?? 0);
  if (wasSeen && isRemoval(script)) return "what somebody else wrote inside was taken away";
  const hasWorked = ledger.letWork.has(`${client.life} ${id}`);
  // What lay in a machine that didn't run no plan could see.
  const isSeenByPlan = plan?.actions.some(
    (each) =>
      "subject" in each &&
      each.subject === "file" &&
      each.properties["path"] === path &&
      each.before !== null &&
      each.target.id === id,
  );
  return wasSeen && !hasWorked && isSeenByPlan === true && changedAt > plannedAt
    ? "what somebody else wrote inside since the plan was written over"
    : undefined;
}
