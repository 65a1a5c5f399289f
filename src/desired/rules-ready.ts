import type { Ready } from "../model/resource.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { read, readList, readUserName, readWhole, refuse } from "./field.ts";
import type { Field } from "./field.ts";
import { readDuration } from "./rules-duration.ts";
import { checkKeys } from "./rules-keys.ts";

/** How long a check is waited for where the stack does not say. Milliseconds. */
const DEFAULT_TIMEOUT_MS = { answers: 60_000, "cloud-init": 600_000, command: 120_000, tcp: 120_000 } as const;

/** What is waited for where the stack does not say: cloud-init where there is some, else that the machine answers. */
export function defaultReady(hasCloudInit: boolean): Ready {
  return plainReady(hasCloudInit ? "cloud-init" : "answers", undefined);
}

/** A machine's readiness check. */
export function readReady(field: Field): Ready | undefined {
  const { value } = field;
  if (value === "answers" || value === "cloud-init") return plainReady(value, undefined);
  if (!isPlainObject(value)) return refuse(field, '"answers", "cloud-init", or an object');
  checkKeys(field.findings, value, {
    of: "ready",
    known: ["answers", "cloudInit", "command", "tcp", "user", "timeout"],
  });
  const checks = ["answers", "cloudInit", "command", "tcp"].filter((each) => value[each] !== undefined);
  const [check] = checks;
  if (check === undefined || checks.length > 1)
    return refuse(field, "exactly one of answers, cloudInit, command and tcp");
  const timeoutMs = read(field, ["ready.timeout", value["timeout"]], readDuration);
  if (check === "command") return readCommand(field, value, timeoutMs);
  if (value["user"] !== undefined) refuse({ ...field, name: "ready.user", value: value["user"] }, "left out here");
  if (check === "tcp") return readTcp({ ...field, name: "ready.tcp", value: value["tcp"] }, timeoutMs);
  if (value[check] !== true) return refuse({ ...field, name: `ready.${check}`, value: value[check] }, "true");
  return plainReady(check === "cloudInit" ? "cloud-init" : "answers", timeoutMs);
}

function plainReady(kind: "answers" | "cloud-init", timeoutMs: number | undefined): Ready {
  return { kind, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS[kind] };
}

function readTcp(field: Field, timeoutMs: number | undefined): Ready | undefined {
  const port = readWhole({ min: 1, max: 65_535 })(field);
  return port === undefined ? undefined : { kind: "tcp", port, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS.tcp };
}

function readCommand(
  field: Field,
  value: { readonly [key: string]: unknown },
  timeoutMs: number | undefined,
): Ready | undefined {
  const command = readArgv({ ...field, name: "ready.command", value: value["command"] });
  const user = read(field, ["ready.user", value["user"]], readUserName);
  if (command === undefined) return undefined;
  return { kind: "command", command, ...(user && { user }), timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS.command };
}

/** argv; `orbctl run` would read a first word with `-` as its own flag (contract 4.1). */
function readArgv(field: Field): readonly string[] | undefined {
  if (typeof field.value === "string")
    return field.value === "" ? refuse(field, "a command") : ["sh", "-c", field.value];
  const argv = readList(readArgument)(field);
  const [program] = argv ?? [];
  if (argv === undefined) return undefined;
  return program === undefined || program === "" || program.startsWith("-") ? refuse(field, "a command") : argv;
}

function readArgument(field: Field): string | undefined {
  const { value } = field;
  return typeof value === "string" && !value.includes("\0") ? value : refuse(field, "a string");
}
