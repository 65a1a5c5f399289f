import type { Action } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { AttributeChange, Change, Drift } from "../../src/model/plan.ts";
import type { Review } from "../../src/report/review.ts";
import { actionId, attribute, change, planWith, renaming } from "./report-builders.ts";

/** A review in which every text that a stack, a machine or a policy can write is this one, with a word behind it. */
export function hostileReview(text: string, content: string = text): Review {
  const address = `machine.${text}` as Address;
  const problem: Diagnostic = {
    severity: "error",
    code: "ORB_ACTION_FAILED",
    summary: `${text} summary`,
    detail: `${text} detail`,
    hint: `${text} hint`,
    address: `${text} address`,
    place: { file: `${text} file`, line: 1, column: 1 },
  };
  const attributes = attributesOf(text, content);
  const action: Action = {
    ...renaming("machine.a", { from: `${text} from`, to: `${text} to` }),
    id: actionId(`${text}:rename`),
    address,
  };
  return {
    plan: planWith({
      stack: `${text} stack`,
      env: `${text} env`,
      world: { driver: `${text} driver`, host: `${text} host` },
      changes: [changeOf(address, text, attributes), { ...changeOf(address, text, []), action: "delete", actions: [] }],
      drift: [driftOf(address, text, attributes)],
      actions: [action],
      outputChanges: [{ name: `${text} output`, before: `${text} was`, after: content, sensitive: false }],
      diagnostics: [problem, { ...problem, severity: "warning" }],
    }),
    digest: `${text} digest`,
    notices: [`${text} notice`],
    policy: {
      checked: [`${text} policy`, `${text} other policy`],
      findings: [
        { policy: `${text} policy`, severity: "deny", message: `${text} message`, address },
        { policy: `${text} policy`, severity: "warn", message: `${text} message`, place: problem.place ?? NOWHERE },
      ],
    },
    version: `${text} version`,
    commit: `${text} commit`,
    link: `https://ci.example/${text}`,
    applied: {
      operation: "apply",
      counts: { added: 0, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 },
      results: new Map([[action.id, { status: "failed", problem }]]),
      interrupted: false,
    },
  };
}

const NOWHERE = { file: "", line: 1, column: 1 };

function attributesOf(text: string, content: string): readonly AttributeChange[] {
  return [
    attribute(`${text} path`, { before: `${text} before`, after: `${text} after`, note: `${text} note` }),
    attribute("content", { before: "a\nb\n", after: `a\n${content}\n` }),
    attribute("list", { after: [text, { [`${text} key`]: text }], forcesReplacement: true }),
  ];
}

function changeOf(address: Address, text: string, attributes: readonly AttributeChange[]): Change {
  return {
    ...change("machine.a", { action: "update", previousAddress: `machine.${text}old` as Address }),
    address,
    name: `${text} name`,
    attributes,
    actions: [actionId(`${text}:rename`)],
    notes: [`${text} change note`],
  };
}

function driftOf(address: Address, text: string, attributes: readonly AttributeChange[]): Drift {
  return { address, name: `${text} drifted`, kind: "changed", attributes, folded: false };
}
