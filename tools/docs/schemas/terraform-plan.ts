/** The shape of a plan's JSON: Terraform's part, and what is ours in it. Words are those that the code writes. */
import { address as addressOf } from "../../../src/model/address.ts";
import { INSIDE_TYPES } from "../../../src/model/inside.ts";
import { ACTION_WORDS } from "../../../src/report/action-words.ts";
import { ACTION_LISTS, PROVIDER } from "../../../src/report/terraform-actions.ts";
import { ACTION_REASONS, terraformName } from "../../../src/report/terraform-words.ts";
import { savedShape } from "../../../src/plan/plan-shape-saved.ts";
import {
  address,
  count,
  byField,
  digest,
  either,
  flag,
  json,
  list,
  loose,
  mapOf,
  named,
  nonNegative,
  nullOr,
  object,
  oneOf,
  text,
  word,
  type Check,
  type Fields,
} from "../../../src/plan/shape.ts";

/** Terraform's names of our resource types. */
const TYPE = oneOf(
  ...["machine", "setting", "archive", ...INSIDE_TYPES].map((each) => terraformName(addressOf(each, "x")).type),
);
const VALUES = mapOf(word, json);
/** `true` for each property that is marked. */
const MARKS = mapOf(word, oneOf(true));
const ACTIONS = oneOf(...ACTION_LISTS.map((each) => [...each]));
const OP = oneOf(...Object.keys(ACTION_WORDS));
const REASON = oneOf(...new Set(Object.values(ACTION_REASONS)));

/** A plan's JSON: `orb plan --format json`, and the file of a plan. */
export function terraformPlanShape(): Check {
  const described = named("resource", resource);
  const changed = list(named("resource_change", () => resourceChange(ours())));
  const drifted = list(named("resource_drift", () => resourceChange(drift())));
  return object(
    {
      format_version: oneOf("1.2"),
      terraform_version: word,
      planned_values: object({ root_module: modules(described) }, { outputs: mapOf(text, outputValue()) }),
      configuration: configuration(),
      timestamp: word,
      applyable: flag,
      complete: flag,
      errored: flag,
    },
    {
      resource_drift: drifted,
      resource_changes: changed,
      output_changes: mapOf(text, outputChange()),
      prior_state: object({ format_version: oneOf("1.0"), terraform_version: word, values: stateValues(described) }),
      relevant_attributes: list(object({ resource: word, attribute: list(word) })),
      checks: list(policyCheck()),
      orbform: orbformPart(),
      checksum: digest,
    },
  );
}

function stateValues(described: Check): Check {
  return object({ root_module: modules(described) }, { outputs: mapOf(text, outputValue()) });
}

function identity(): Fields {
  return { address: word, mode: oneOf("managed"), type: TYPE, name: word, provider_name: oneOf(PROVIDER) };
}

function resource(): Check {
  return object(
    { ...identity(), schema_version: count, values: VALUES, sensitive_values: MARKS },
    { depends_on: list(word), tainted: oneOf(true) },
  );
}

function modules(described: Check): Check {
  const children = named("child_module", () =>
    object({ address: word }, { resources: list(described), child_modules: list(children) }),
  );
  return object({}, { resources: list(described), child_modules: list(children) });
}

function resourceChange(orbform: Check): Check {
  const change = object(
    {
      actions: ACTIONS,
      before: nullOr(VALUES),
      after: nullOr(VALUES),
      after_unknown: MARKS,
      before_sensitive: either(oneOf(false), MARKS),
      after_sensitive: either(oneOf(false), MARKS),
      orbform,
    },
    { replace_paths: list(list(word)), importing: object({ id: word }) },
  );
  return object(
    { ...identity(), change },
    { previous_address: word, module_address: word, deposed: word, action_reason: REASON },
  );
}

/** What Terraform has no words for. */
function ours(): Check {
  const action = oneOf("no-op", "create", "update", "replace", "delete", "forget", "adopt");
  return object(
    { address, action, ops: list(OP), restarts: flag },
    { changed: list(word), reason: word, notes: list(text), recovered: oneOf(true), unchanged: count },
  );
}

function drift(): Check {
  return object({ address, kind: oneOf("changed", "deleted", "replaced"), folded: flag });
}

/** An output of planned values or of a state: without a value where it is not known, or not shown. */
function outputValue(): Check {
  return object({ sensitive: flag }, { type: json, value: json });
}

function outputChange(): Check {
  const actions = oneOf(["no-op"], ["create"], ["update"], ["delete"]);
  return object(
    { actions, before: json, after_unknown: flag, before_sensitive: flag, after_sensitive: flag },
    { after: json },
  );
}

function configuration(): Check {
  const expression = object({}, { references: list(word), constant_value: json });
  const declared = object(
    {
      address: word,
      mode: oneOf("managed"),
      type: TYPE,
      name: word,
      provider_config_key: word,
      expressions: mapOf(word, expression),
      schema_version: count,
    },
    { depends_on: list(word) },
  );
  const module = named("configured_module", () => object({}, calls()));
  const calls = (): Fields => ({ resources: list(declared), module_calls: mapOf(word, object({ module })) });
  const output = object({ expression }, { sensitive: flag });
  return object({
    provider_config: mapOf(word, object({ name: word, full_name: word })),
    root_module: object({}, { outputs: mapOf(text, output), ...calls() }),
  });
}

/** A policy: its name, and what it has to say. */
function policyCheck(): Check {
  const status = oneOf("pass", "fail", "error");
  const about = object({ severity: oneOf("deny", "warn") }, { address });
  const problems = list(object({ message: text }, { orbform: about }));
  return object({
    address: object({ kind: oneOf("check"), name: text, to_display: text }),
    status,
    instances: list(object({ address: object({ to_display: text }), status }, { problems })),
  });
}

/** What Terraform's representation has no place for; in a plan file also what carrying it out takes. */
function orbformPart(): Check {
  const silent = object({ policy: text, message: text });
  return object(
    {
      version: text,
      mode: oneOf("normal", "destroy", "refresh-only"),
      stack: word,
      digest: word,
      serial: count,
      lineage: word,
      has_changes: flag,
      summary: object({ add: count, change: count, destroy: count, forget: count, adopt: count }),
      actions: list(graphAction()),
      policy: object({ checked: list(text), findings: list(finding()) }, { failed: list(silent) }),
      notices: list(text),
      diagnostics: list(loose({ severity: oneOf("error", "warning"), code: word, summary: text, detail: text })),
      patches: list(patch()),
    },
    { env: word, commit: text, applied: applied(), saved: named("saved", savedShape) },
  );
}

function graphAction(): Check {
  const names = list(word);
  return object({ id: word, kind: OP, address, after: names, expected_ms: nonNegative }, { after_end: names });
}

function finding(): Check {
  const range = object({ filename: text, start: object({ line: count, column: count }) });
  return object({ policy: text, severity: oneOf("deny", "warn"), message: text }, { address, range });
}

/** RFC 6902. */
function patch(): Check {
  const operations = byField("op", {
    add: object({ op: text, path: text, value: json }),
    replace: object({ op: text, path: text, value: json }),
    remove: object({ op: text, path: text }),
  });
  return object({ address, operations: list(operations), unknown: list(word) });
}

function applied(): Check {
  const ends = oneOf("succeeded", "failed", "skipped", "unknown");
  const counted = object({ added: count, changed: count, destroyed: count, forgotten: count, adopted: count });
  return object({
    operation: oneOf("apply", "destroy"),
    counts: counted,
    interrupted: flag,
    results: list(object({ action: word, status: ends }, { left: oneOf(true), problem: loose({ summary: text }) })),
  });
}
