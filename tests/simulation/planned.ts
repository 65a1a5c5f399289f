import type { Action } from "../../src/model/action.ts";
import type { Plan } from "../../src/model/plan.ts";

/** The machine that a mutating call is about, by name or id; `undefined` for one that is to be made, or none. */
export function machineIn([verb = "", first = "", second = ""]: readonly string[]): string | undefined {
  if (verb === "delete" || verb === "run") return second;
  if (verb === "config") return /^machine\.(.+)\.[^.]+$/.exec(second)?.[1];
  if (verb === "default") return first === "none" ? undefined : first;
  return verb === "create" || verb === "import" ? undefined : first;
}

/** Whether one of a plan's actions is to do what a call of orbctl does. */
export function isInPlan({ actions }: Plan, argv: readonly string[], id: string | undefined): boolean {
  return actions.some((action) => does(action, argv, id));
}

/** What is made may have to be restarted for settings that it was not made with. */
const MAKES: ReadonlySet<Action["kind"]> = new Set(["create", "clone", "restore"]);

/** The kinds of actions whose carrying out may set a machine's settings: those that make or rename one correct them. */
const SETS: ReadonlySet<Action["kind"]> = new Set([
  "create",
  "clone",
  "restore",
  "rename",
  "config",
  "start",
  "restart",
]);

function does(action: Action, argv: readonly string[], id: string | undefined): boolean {
  const [verb = "", first = "", second = ""] = argv;
  const last = argv.at(-1) ?? "";
  switch (verb) {
    case "create":
      return action.kind === "create" && action.name === last;
    case "clone":
      return action.kind === "clone" && action.name === last;
    case "rename":
      if (action.kind === "delete") return action.temporaryName === second && isFor(action, id);
      return action.kind === "rename" && action.to === second && isFor(action, id);
    case "start":
    case "stop":
    case "restart":
      return (action.kind === verb || action.kind === "restart" || MAKES.has(action.kind)) && isFor(action, id);
    case "delete":
      return action.kind === "delete" && action.temporaryName === last && isFor(action, id);
    case "default":
      return action.kind === "set-default" || action.kind === "rename";
    case "run":
      return "subject" in action && action.subject !== "setting" && isFor(action, id);
    case "config":
      return second.startsWith("machine.") ? setsMachine(action, id) : setsGlobal(action, second);
    default:
      return first === "";
  }
}

function setsMachine(action: Action, id: string | undefined): boolean {
  if (action.kind === "delete") return isFor(action, id);
  return SETS.has(action.kind) && isFor(action, id);
}

function setsGlobal(action: Action, key: string): boolean {
  return (action.kind === "write" || action.kind === "remove") && "key" in action && action.key === key;
}

/** A target without an id is the machine that the plan makes at its address. */
function isFor(action: Action, id: string | undefined): boolean {
  if (!("target" in action) || action.target === null || action.target.id === null) return true;
  return id === undefined || action.target.id === id;
}
