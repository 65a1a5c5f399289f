import type { JsonObject } from "../model/json.ts";
import type { Place } from "../model/place.ts";
import { printable } from "../model/printable.ts";
import type { Finding, Findings } from "./findings.ts";
import { fingerprints } from "./fingerprints.ts";
import { oneLine } from "./value-text.ts";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/**
 * Findings as SARIF 2.1.0, as GitHub's code scanning takes it. Only what was found is a result. One without a place is
 * put at the beginning of the stack's file; where that is not known either, it has no location.
 */
export function sarif(findings: Findings): JsonObject {
  const { stack = "", env, version, file, suites, of } = findings;
  const notices = findings.notices.map(printable).filter((each) => each !== "");
  const all = suites.flatMap(({ cases }) => cases.flatMap((each) => each.findings));
  const rules = rulesOf(all);
  const indexOf = new Map(rules.map(({ rule }, index) => [rule, index]));
  const prints = fingerprints(all);
  const results = all.map((each, index) => ({
    ...resultOf(each, file),
    ruleIndex: indexOf.get(each.rule) ?? 0,
    partialFingerprints: { primaryLocationLineHash: prints[index] ?? "", "orbform/v1": prints[index] ?? "" },
  }));
  const whole = env === undefined ? stack : `${stack}/${env}`;
  const run: JsonObject = {
    tool: { driver: { name: "Orbform", version, semanticVersion: version, rules: rules.map(ruleJson) } },
    // By this a reader of several files knows which one takes the place of which: that of drift not of that of a plan.
    automationDetails: { id: `orbform/${oneLine(whole)}/${oneLine(of)}/` },
    ...(notices.length > 0 && {
      invocations: [
        {
          executionSuccessful: !all.some(({ fails, rule }) => fails && rule.startsWith("ORB_")),
          ...notifications(notices),
        },
      ],
    }),
    columnKind: "utf16CodeUnits",
    results,
  };
  return { $schema: SCHEMA, version: "2.1.0", runs: [run] };
}

function notifications(notices: readonly string[]): JsonObject {
  return {
    toolExecutionNotifications: notices.map((each) => ({ level: "note", message: { text: each } })),
  };
}

/** The first finding of each rule, in the order of their names. */
function rulesOf(findings: readonly Finding[]): readonly Finding[] {
  const byRule = new Map(findings.toReversed().map((each) => [each.rule, each]));
  return [...byRule.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
}

function ruleJson({ rule, level, summary }: Finding): JsonObject {
  const [kind, name] = [rule.split("/")[0] ?? "", rule.slice(rule.indexOf("/") + 1)];
  const isCode = !rule.includes("/");
  const described =
    kind === "policy" ? `The policy ${oneLine(name)}` : "What Orbform manages was changed outside of it";
  return {
    id: oneLine(rule),
    shortDescription: { text: isCode ? oneLine(summary) || rule : described },
    defaultConfiguration: { level },
    properties: { tags: [isCode ? "rules" : kind] },
  };
}

function resultOf({ rule, level, summary, text, address, place }: Finding, file: string | undefined): JsonObject {
  const name = oneLine(address ?? "");
  const logical = name === "" ? undefined : [{ fullyQualifiedName: name, kind: "resource" }];
  const known = place ?? { file: file ?? "", line: 1, column: 1 };
  const seen = known.file === "" ? undefined : known;
  const location: JsonObject = {
    ...(seen && { physicalLocation: physical(seen) }),
    ...(logical && { logicalLocations: logical }),
  };
  const said = oneLine(summary);
  const sentence = /[.?!]$/.test(said) ? said : `${said}.`;
  return {
    ruleId: oneLine(rule),
    level,
    message: { text: text === "" ? sentence : `${sentence} ${printable(text)}` },
    ...(Object.keys(location).length > 0 && { locations: [location] }),
  };
}

function physical({ file, line, column }: Place): JsonObject {
  return {
    artifactLocation: isAbsolute(file) ? { uri: `file://${uri(file)}` } : { uri: uri(file), uriBaseId: "%SRCROOT%" },
    region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
  };
}

function isAbsolute(file: string): boolean {
  return file.startsWith("/");
}

function uri(file: string): string {
  return file.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
