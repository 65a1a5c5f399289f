import type { Faults } from "./findings.ts";
import { comment } from "./markdown.ts";
import { bounded } from "./markdown-fit.ts";
import { problemItem } from "./markdown-head.ts";
import { diagnosticBlock, noticesBlock } from "./markdown-sections.ts";
import { codeSpan, counted, marker } from "./markdown-text.ts";

/** What was found without a plan, as a comment: as `markdown` writes it of a plan. */
export function faultsMarkdown(faults: Faults): string {
  const { command, stack, env, commit, link, diagnostics, notices = [] } = faults;
  const errors = diagnostics.filter((each) => each.severity === "error");
  const warnings = diagnostics.filter((each) => each.severity === "warning");
  const whose = `${stack === undefined ? "" : ` of ${codeSpan(stack)}`}${env === undefined ? "" : `, env ${codeSpan(env)}`}`;
  const head = [
    marker({ ...(stack !== undefined && { stack }), ...(env !== undefined && { env }) }),
    `## Orbform: ${command}${whose}`,
    `**${verdict(command, errors.length, warnings.length)}**`,
    ...(commit === undefined ? [] : [`- Commit: ${codeSpan(commit)}`]),
    ...(diagnostics.length === 0 ? [] : [bounded([...errors, ...warnings].map(problemItem), 10_000).join("\n")]),
  ];
  const sections = [
    { one: "error", many: "errors", blocks: errors.map(diagnosticBlock), share: 20_000 },
    { one: "warning", many: "warnings", blocks: warnings.map(diagnosticBlock), share: 4000 },
    { one: "list of notices", many: "lists of notices", blocks: noticesBlock({ notices }), share: 4000 },
  ];
  return comment(head, sections, link);
}

function verdict(command: string, errors: number, warnings: number): string {
  const also = warnings === 0 ? "" : `, ${counted(warnings, "warning")}`;
  if (command === "validate")
    return errors === 0 ? `The stack is valid${also}.` : `The stack is not valid: ${counted(errors, "error")}${also}.`;
  return `Nothing could be planned: ${counted(errors, "error")}${also}.`;
}
