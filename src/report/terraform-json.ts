import { hasErrors } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { PolicyFinding, PolicyReport } from "../model/policy.ts";
import { printable } from "../model/printable.ts";
import type { ResourceState } from "../model/snapshot.ts";
import { changesAnything } from "./plan-summary.ts";
import type { Review } from "./review.ts";
import { identity, resourceChange, resourceDrift } from "./terraform-change.ts";
import { configuration, relevantAttributes } from "./terraform-configuration.ts";
import { valuesModule, type Leaf } from "./terraform-modules.ts";
import { outputChanges, plannedOutputs, stateOutputs } from "./terraform-outputs.ts";
import { filled, hiddenOf, setScene, type Scene, type Worlds } from "./terraform-scene.ts";
import { concealing, sideOf, type Side } from "./terraform-sides.ts";
import { wholeValues } from "./terraform-values.ts";
import { terraformName } from "./terraform-words.ts";

/** The version of Terraform's plan representation. */
const PLAN_FORMAT_VERSION = "1.2";

/**
 * A plan as `terraform show -json` writes one: keys and words are Terraform's, in its order, so that what reads those plans
 * reads ours. What Terraform has no words for is under `orbform`, in a change and in a check's problem. Nothing sensitive
 * is in it. `timestamp`: when the plan was made, ISO-8601.
 */
export function terraformPlan(review: Review, worlds: Worlds, stamp: { readonly timestamp: string }): JsonObject {
  const scene = setScene(review, worlds);
  const { plan } = review;
  const errored = hasErrors(plan.diagnostics);
  const denied = review.policy.findings.some((each) => each.severity === "deny");
  const isPart = plan.diagnostics.some((each) => each.code === "ORB_TARGETED");
  return {
    format_version: PLAN_FORMAT_VERSION,
    terraform_version: review.version,
    planned_values: plannedValues(scene),
    ...filled<"resource_drift", Json>("resource_drift", scene.drift.map(resourceDrift)),
    ...filled<"resource_changes", Json>("resource_changes", scene.outcomes.map(resourceChange)),
    ...filled("output_changes", outputChanges(plan, worlds.prior)),
    ...priorState(scene),
    configuration: configuration(worlds.desired),
    ...filled<"relevant_attributes", Json>("relevant_attributes", relevantAttributes(worlds.desired)),
    ...filled<"checks", Json>("checks", checks(review.policy)),
    timestamp: stamp.timestamp,
    applyable: !errored && !denied && changesAnything(plan),
    complete: !errored && !isPart,
    errored,
  };
}

function plannedValues({ plan, worlds, outcomes }: Scene): JsonObject {
  const leaves = outcomes.flatMap(({ address, after }): readonly Leaf[] =>
    after === null ? [] : [{ address, body: { ...identityOf(address), ...valuesOf(after) } }],
  );
  return {
    ...filled("outputs", plannedOutputs(plan, worlds.prior)),
    root_module: valuesModule(leaves),
  };
}

/** There resources stand in their module: it is not said again. */
function identityOf(address: Leaf["address"]): JsonObject {
  const { module_address: _module, ...rest } = identity(address);
  return { ...rest, schema_version: 0 };
}

function valuesOf({ values, sensitive }: Side): JsonObject {
  return { values, sensitive_values: sensitive };
}

/** State as it was refreshed; left out where there is none. */
function priorState(scene: Scene): JsonObject {
  const { review, refreshed, worlds } = scene;
  const leaves = [...refreshed]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([address, state]): Leaf => ({ address, body: stateResource(scene, address, state) }));
  const outputs = stateOutputs(worlds.prior.outputs);
  if (leaves.length === 0 && Object.keys(outputs).length === 0) return {};
  return {
    prior_state: {
      format_version: "1.0",
      terraform_version: review.version,
      values: { ...filled("outputs", outputs), root_module: valuesModule(leaves) },
    },
  };
}

function stateResource(scene: Scene, address: Leaf["address"], state: ResourceState): JsonObject {
  const whole = sideOf(wholeValues({ type: state.type, state }), [], "before");
  const side = concealing(whole, hiddenOf(scene, address));
  return {
    ...identityOf(address),
    ...valuesOf(side),
    ...filled(
      "depends_on",
      state.dependencies.map((each) => terraformName(each).address),
    ),
    ...(state.type === "machine" && state.status === "unready" && { tainted: true }),
  };
}

/** Every policy as a check. A denial and a warning both fail it: which of them it is stands in the problem. */
function checks({ checked, findings, failed = [] }: PolicyReport): readonly JsonObject[] {
  const silent = new Map(failed.map(({ policy, message }) => [policy, message]));
  const names = [...new Set([...checked, ...silent.keys(), ...findings.map(({ policy }) => policy)])].toSorted();
  return names.map((name) => {
    const why = silent.get(name);
    if (why !== undefined) return check(name, "error", [{ message: printable(why) }]);
    const problems = findings.filter(({ policy }) => policy === name).map(problem);
    return check(name, problems.length === 0 ? "pass" : "fail", problems);
  });
}

function check(policy: string, status: "pass" | "fail" | "error", problems: readonly JsonObject[]): JsonObject {
  const name = printable(policy);
  const shown = `check.${name}`;
  return {
    address: { kind: "check", name, to_display: shown },
    status,
    instances: [
      {
        address: { to_display: shown },
        status,
        ...filled<"problems", Json>("problems", problems),
      },
    ],
  };
}

function problem({ message, severity, address }: PolicyFinding): JsonObject {
  const about = address === undefined ? {} : { address };
  return { message: printable(message), orbform: { severity, ...about } };
}
