import { printable } from "../model/printable.ts";
import type { Case, Finding, Findings, Suite } from "./findings.ts";
import { oneLine } from "./value-text.ts";
import { xmlDocument, type XmlElement } from "./xml-text.ts";

/**
 * Findings as JUnit's XML: a suite for rules, policy, drift and, of an apply, its actions; a case for each thing that was
 * looked at. What only warns passes, with the warning as its output. No times: the same findings give the same bytes.
 */
export function junit(findings: Findings): string {
  const { suites, notices } = findings;
  const whose = subject(findings);
  const cases = suites.flatMap((suite) => suite.cases);
  return xmlDocument({
    name: "testsuites",
    attributes: { name: whose, ...counts(cases) },
    // Readers show what a suite puts out, not what stands beside suites.
    inside: suites.map((suite, index) => suiteElement(suite, whose, index === 0 ? notices : [])),
  });
}

function subject({ stack, env }: Findings): string {
  const name = stack === undefined ? "orbform" : `orbform ${oneLine(stack)}`;
  return env === undefined ? name : `${name} (${oneLine(env)})`;
}

function counts(cases: readonly Case[]): { readonly [name: string]: number } {
  return {
    tests: cases.length,
    failures: cases.filter((each) => each.findings.some(({ fails }) => fails)).length,
    errors: 0,
    skipped: cases.filter((each) => each.skipped !== undefined).length,
  };
}

function suiteElement({ name, cases }: Suite, whose: string, notices: readonly string[]): XmlElement {
  const title = `${whose}: ${name}`;
  return {
    name: "testsuite",
    attributes: { name: title, ...counts(cases) },
    inside: [
      ...cases.map((each) => caseElement(each, title)),
      ...(notices.length === 0
        ? []
        : [{ name: "system-out", attributes: {}, inside: notices.map(printable).join("\n") }]),
    ],
  };
}

function caseElement({ name, findings, skipped, place }: Case, classname: string): XmlElement {
  const failing = findings.filter(({ fails }) => fails);
  const warnings = findings.filter(({ fails }) => !fails);
  const inside = [
    ...(skipped === undefined ? [] : [{ name: "skipped", attributes: { message: oneLine(skipped) }, inside: "" }]),
    ...(failing.length === 0 ? [] : [failure(failing)]),
    ...(warnings.length === 0 ? [] : [{ name: "system-out", attributes: {}, inside: textOf(warnings) }]),
  ];
  const attributes = { classname, name: oneLine(name), file: place?.file, line: place?.line };
  return { name: "testcase", attributes, inside };
}

/** One for all: readers take the first and pass over others. */
function failure(findings: readonly Finding[]): XmlElement {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  const attributes = { type: first?.rule, message: `${oneLine(first?.summary ?? "")}${more}` };
  return { name: "failure", attributes, inside: textOf(findings) };
}

function textOf(findings: readonly Finding[]): string {
  return findings.map(findingText).join("\n\n");
}

function findingText({ rule, level, summary, text, place }: Finding): string {
  const where = place === undefined ? "" : `\non ${oneLine(place.file)} line ${place.line}`;
  const head = `${level === "error" ? "Error" : "Warning"}: ${oneLine(summary)} (${oneLine(rule)})${where}`;
  return text === "" ? head : `${head}\n\n${printable(text)}`;
}
