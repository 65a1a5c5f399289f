import type { Capabilities } from "../../model/capabilities.ts";
import { assertNever } from "../../model/errors.ts";
import type { Operation } from "../driver.ts";
import {
  cloneArgv,
  configArgv,
  createArgv,
  deleteArgv,
  exportArgv,
  importArgv,
  machineKey,
  powerArgv,
  renameArgv,
  setDefaultArgv,
} from "./argv.ts";
import type { Change } from "./client.ts";
import { settingPairs } from "./setting-words.ts";

/**
 * The calls that carry out one operation, in order: one each, but one a key for settings. All are built before the
 * first runs, so a word that is refused (`ORB_NAME_REFUSED`) leaves everything as it was.
 */
export function operationCalls(operation: Operation, capabilities: Capabilities): readonly Change[] {
  switch (operation.verb) {
    case "create":
      return [change(createArgv({ ...operation, capabilities }), operation.name)];
    case "clone":
      return [change(cloneArgv(operation.source, operation.name), operation.name)];
    case "restore":
      return [change(importArgv(operation.name, operation.path), operation.name)];
    case "rename":
      return [change(renameArgv(operation.id, operation.to), operation.to)];
    case "start":
    case "stop":
    case "restart":
      return [change(powerArgv(operation.verb, operation.id), operation.id)];
    case "configure":
      return settingPairs(operation.settings).map(({ word, value }) =>
        setting(machineKey(operation.name, word), value),
      );
    case "set":
      return [setting(operation.key, operation.value)];
    case "set-default":
      return [change(setDefaultArgv(operation.name), operation.name ?? "none")];
    case "delete":
      return [change(deleteArgv(operation.name), operation.name)];
    case "export":
      return [change(exportArgv(operation.name, operation.path), operation.name)];
    default:
      return assertNever(operation);
  }
}

function change(argv: readonly string[], subject: string): Change {
  return { argv, doing: { command: argv[0] ?? "", subject } };
}

function setting(key: string, value: string): Change {
  return { argv: configArgv("set", key, value), doing: { command: "config set", subject: key } };
}
