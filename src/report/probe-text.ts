import { assertNever } from "../model/errors.ts";
import {
  isGood,
  type Answer,
  type DnsAnswer,
  type HttpAnswer,
  type PingAnswer,
  type Question,
} from "../model/probe.ts";
import type { Theme } from "./theme.ts";
import { oneLine } from "./value-text.ts";

/** A probe as it is told. */
export interface ProbeTold {
  readonly from: string;
  readonly question: Question;
  readonly answer: Answer;
}

/** A probe for people: one line with the verdict, then what was found. */
export function probeText({ from, question, answer }: ProbeTold, theme: Theme): string {
  const good = isGood(answer);
  const verdict = good ? theme.add(answer.outcome) : theme.error(answer.outcome);
  const by = answer.tool === null ? "" : theme.dim(` (by ${oneLine(answer.tool)})`);
  const head = `${oneLine(from)} -> ${oneLine(targetOf(question))}: ${verdict}${by}\n`;
  const lines = [...factLines(answer), ...(answer.detail === "" ? [] : [answer.detail])];
  const remedy = answer.outcome === "no tool" ? [noTool(question)] : [];
  return `${head}${[...lines, ...remedy].map((line) => `  ${oneLine(line)}\n`).join("")}`;
}

function targetOf(question: Question): string {
  switch (question.probe) {
    case "ping":
      return question.host;
    case "tcp":
      return `${question.host} port ${question.port}`;
    case "http":
      return question.url;
    case "dns":
      return `${question.type} of ${question.host}`;
    default:
      return assertNever(question);
  }
}

function factLines(answer: Answer): readonly string[] {
  switch (answer.probe) {
    case "ping":
      return pingLines(answer);
    case "http":
      return httpLines(answer);
    case "dns":
      return dnsLines(answer);
    case "tcp":
      return [];
    default:
      return assertNever(answer);
  }
}

function pingLines({ ip, sent, received, minMs, avgMs, maxMs }: PingAnswer): readonly string[] {
  const where = ip === undefined ? "" : ` from ${ip}`;
  const times = avgMs === undefined ? "" : `; ${minMs} / ${avgMs} / ${maxMs} ms (least, mean, most)`;
  return sent === undefined ? [] : [`${received} of ${sent} came back${where}${times}`];
}

function httpLines({ outcome, status, ip, seconds }: HttpAnswer): readonly string[] {
  if (outcome !== "answered") return [];
  const facts = [
    status === undefined ? "status not told" : `status ${status}`,
    ...(ip === undefined ? [] : [`from ${ip}`]),
    ...(seconds === undefined ? [] : [`in ${Math.round(seconds * 1000)} ms`]),
  ];
  return [facts.join(", ")];
}

function dnsLines({ records }: DnsAnswer): readonly string[] {
  return records.map(({ type, value, preference, ttlSeconds }) => {
    const before = preference === undefined ? "" : `${preference} `;
    return `${type.padEnd(5)} ${before}${value}${ttlSeconds === undefined ? "" : `  (${ttlSeconds} s)`}`;
  });
}

/** What a machine needs, where it has nothing to ask by. */
function noTool(question: Question): string {
  const tools = {
    ping: "it has no ping: install iputils-ping (or iputils), or try a port with `orb probe tcp`",
    tcp: "it has neither nc, python3 nor bash: install netcat",
    http: "it has neither curl, wget nor python3: install curl",
    dns: "it has nothing that looks up such records: install bind9-dnsutils (bind-utils, bind-tools)",
  };
  return tools[question.probe];
}

/** A probe as JSON. */
export function probeJson({ from, question, answer }: ProbeTold): object {
  const { probe: _probe, ...asked } = question;
  return { format_version: "1.0", from, ...asked, ok: isGood(answer), ...answer };
}
