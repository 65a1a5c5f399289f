import type { Action, ArchiveAction, InsideAction, SettingAction } from "../model/action.ts";
import { assertNever } from "../model/errors.ts";
import type { Done } from "./done.ts";
import { performExport, performRemoveArchives } from "./perform-archive.ts";
import { performConfig, performSetDefault } from "./perform-config.ts";
import { performDelete } from "./perform-delete.ts";
import { performClone, performCreate, performRestore } from "./perform-make.ts";
import { performStart, performStop } from "./perform-power.ts";
import { performInside } from "./perform-inside.ts";
import { performTakeAway } from "./perform-take-away.ts";
import { performRename } from "./perform-rename.ts";
import { performRemove, performWrite } from "./perform-setting.ts";
import { performAdopt, performForget } from "./perform-state.ts";
import { Step } from "./step.ts";
import type { Run } from "./run.ts";

/** An action ready to be attempted, again and again: every attempt begins by looking at what is there. */
export interface Performance {
  readonly step: Step;
  readonly attempt: () => Promise<Done>;
}

/** How each kind of action is carried out. */
export function performance(run: Run, action: Action): Performance {
  switch (action.kind) {
    case "create":
      return bound(new Step(run, action), performCreate);
    case "clone":
      return bound(new Step(run, action), performClone);
    case "restore":
      return bound(new Step(run, action), performRestore);
    case "rename":
      return bound(new Step(run, action), performRename);
    case "start":
    case "restart":
      return bound(new Step(run, action), performStart);
    case "stop":
      return bound(new Step(run, action), performStop);
    case "config":
      return bound(new Step(run, action), performConfig);
    case "write":
    case "run":
    case "remove":
      return subjectPerformance(run, action);
    case "export":
      return bound(new Step(run, action), performExport);
    case "set-default":
      return bound(new Step(run, action), performSetDefault);
    case "delete":
      return bound(new Step(run, action), performDelete);
    case "adopt":
      return bound(new Step(run, action), performAdopt);
    case "forget":
      return bound(new Step(run, action), performForget);
    default:
      return assertNever(action);
  }
}

function subjectPerformance(run: Run, action: SettingAction | InsideAction | ArchiveAction): Performance {
  if (action.subject === "archive") return bound(new Step(run, action), performRemoveArchives);
  return action.subject === "setting" ? settingPerformance(run, action) : insidePerformance(run, action);
}

function settingPerformance(run: Run, action: SettingAction): Performance {
  return bound(new Step(run, action), action.kind === "write" ? performWrite : performRemove);
}

function insidePerformance(run: Run, action: InsideAction): Performance {
  return bound(new Step(run, action), action.kind === "remove" ? performTakeAway : performInside);
}

function bound<A extends Action>(step: Step<A>, perform: (step: Step<A>) => Promise<Done>): Performance {
  return { step, attempt: () => perform(step) };
}
