/** The shape of a line of `--json`, by its type. Words are those that the code writes. */
import { ACTION_WORDS } from "../../../src/report/action-words.ts";
import { EVENT_REASONS, PROVIDER_KEY } from "../../../src/report/terraform-words.ts";
import { ERROR_CODES } from "../../../src/model/error-codes.ts";
import {
  address,
  byField,
  count,
  flag,
  json,
  list,
  mapOf,
  named,
  nonNegative,
  nullOr,
  number,
  object,
  oneOf,
  text,
  word,
  type Check,
  type Fields,
} from "../../../src/plan/shape.ts";

const DOES = oneOf(...Object.keys(ACTION_WORDS));
const UI = oneOf(...new Set(Object.values(ACTION_WORDS).map(({ ui }) => ui)));
const REASON = oneOf(...new Set(Object.values(EVENT_REASONS)));

const RESOURCE = named("resource", () =>
  object({
    addr: word,
    module: text,
    resource: word,
    implied_provider: oneOf(PROVIDER_KEY),
    resource_type: word,
    resource_name: word,
    resource_key: oneOf(null),
    orbform: object({ address }),
  }),
);

const DIAGNOSTIC = named("diagnostic", () => {
  const position = object({ line: count, column: count, byte: count });
  const snippet = object({
    context: oneOf(null),
    code: text,
    start_line: count,
    highlight_start_offset: count,
    highlight_end_offset: count,
    values: list(json),
  });
  return object(
    { severity: oneOf("error", "warning"), summary: text, detail: text, code: oneOf(...ERROR_CODES) },
    { address: text, range: object({ filename: text, start: position, end: position }), snippet, hint: text },
  );
});

/** A line of `--json`. */
export function eventShape(): Check {
  return byField("type", {
    ...plain(),
    ...planned(),
    ...carriedOut(),
    ...onMachines(),
  });
}

function line(type: string, own: Fields = {}, level: Check = oneOf("info")): Fields {
  const head = { "@level": level, "@message": text, "@module": oneOf("orbform.ui"), "@timestamp": word };
  return { [type]: object({ ...head, type: oneOf(type), ...own }) };
}

function plain(): Fields {
  return {
    ...line("version", { orbform: word, ui: oneOf("1.2") }),
    ...line("log"),
    ...line("diagnostic", { diagnostic: DIAGNOSTIC }, oneOf("warn", "error")),
    ...line("timings", { timings: timings() }),
  };
}

function planned(): Fields {
  const difference = object(
    { path: word, forces_replacement: flag },
    { before: json, after: json, after_unknown: oneOf(true), note: text },
  );
  const diff = list(difference);
  const actions = ["noop", "create", "update", "replace", "delete", "move", "import", "remove"];
  const change = object(
    { resource: RESOURCE, action: oneOf(...actions) },
    {
      previous_resource: RESOURCE,
      reason: REASON,
      importing: object({ id: word }),
      diff,
      orbform: object({ recovered: oneOf(true) }),
    },
  );
  const drift = object({ resource: RESOURCE, action: oneOf("update", "delete") }, { diff });
  return {
    ...line("resource_drift", { change: drift }),
    ...line("planned_change", { change }),
    ...line("change_summary", { changes: changes() }),
    ...line("policy", { policy: policy() }, oneOf("warn", "error")),
  };
}

function policy(): Check {
  const range = object({ filename: text, start: object({ line: count, column: count }) });
  return object({ name: text, severity: oneOf("deny", "warn"), message: text }, { address, range });
}

/** `drift`: how many resources changed outside, of a plan that takes that in only; `partial`: not all of it was done; `errored`: it ended before there was anything to count. */
function changes(): Check {
  const judged = object({ checked: count, denied: count, warned: count });
  return object(
    { add: count, change: count, import: count, remove: count, operation: word, forget: count },
    {
      drift: count,
      partial: flag,
      failed: count,
      skipped: count,
      unknown: count,
      errored: oneOf(true),
      policy: judged,
    },
  );
}

function carriedOut(): Fields {
  const output = object({ sensitive: flag }, { action: oneOf("create", "update", "delete"), type: json, value: json });
  return {
    ...line("outputs", { outputs: mapOf(text, output) }),
    ...hooked("apply_start", "started"),
    ...hooked("apply_complete", "succeeded", { id_key: oneOf("id"), id_value: word }),
    ...hooked("apply_errored", "failed or unknown"),
    ...hooked("apply_skipped", "skipped"),
    ...hooked("apply_progress", ""),
    ...hooked("retry", "retrying"),
    ...hooked("wait", "waiting"),
    ...line("queue", { queue: queue() }),
  };
}

function hooked(type: string, outcomes: string, optional: Fields = {}): Fields {
  const outcome = outcomes === "" ? {} : { outcome: oneOf(...outcomes.split(" or ")) };
  const orbform = object({ action: word, does: DOES, ...outcome });
  const isTimed = ["apply_complete", "apply_errored", "apply_progress"].includes(type);
  const timed = isTimed ? { elapsed_seconds: count } : {};
  return line(type, { hook: object({ resource: RESOURCE, action: UI, ...timed, orbform }, optional) });
}

function queue(): Check {
  const counts = { total: count, running: count, waiting: count, succeeded: count };
  const ends = { failed: count, skipped: count, unknown: count };
  return object({ ...counts, ...ends, remainingWorkMs: nonNegative, remainingPathMs: nonNegative });
}

function timings(): Check {
  const times = { began_ms: nonNegative, duration_ms: nonNegative };
  const action = { addr: address, action: word, does: DOES, outcome: word, attempts: count, waited_ms: nonNegative };
  const call = { command: text, count, failed: count, total_ms: nonNegative, slowest_ms: nonNegative };
  return object({
    elapsed_ms: nonNegative,
    actions: list(object({ ...action, ...times })),
    machines: list(object({ machine: text, outcome: word, ...times })),
    calls: list(object(call)),
  });
}

/** What `orb on` and `orb copy` tell of many machines. */
function onMachines(): Fields {
  const status = oneOf("succeeded", "failed", "unreachable", "skipped");
  const head = {
    "@level": oneOf("info", "error"),
    "@message": text,
    "@module": oneOf("orbform.ui"),
    "@timestamp": word,
  };
  const ended = { ...head, type: oneOf("machine_complete"), machine: text, status };
  const counts = { succeeded: count, failed: count, unreachable: count, skipped: count };
  return {
    ...line("command_output", { machine: text, stream: oneOf("stdout", "stderr"), text }),
    ...line("file_copied", { machine: text, path: text, bytes: nullOr(number) }),
    machine_complete: object(ended, { exit_code: number, diagnostic: DIAGNOSTIC }),
    ...line("machines_summary", { operation: word, ...counts }),
  };
}
