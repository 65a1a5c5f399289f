import type { HttpAnswer } from "../model/probe.ts";
import type { Attempt, Tried } from "./probe-script.ts";
import { lastLine, unreached } from "./unreached.ts";

const WRITE_OUT = String.raw`http_code=%{http_code} time_total=%{time_total} remote_ip=%{remote_ip}\n`;

const PYTHON = `
import sys, urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    print("http_code=%d" % opener.open(sys.argv[1], timeout=10).status)
except urllib.error.HTTPError as error:
    print("http_code=%d" % error.code)`;

/** `$1` the URL. Machines are next to each other, so proxies are left aside; the body is read and thrown away. */
export const HTTP_ATTEMPTS: readonly Attempt[] = [
  { tool: "curl", run: `curl -sS -g --noproxy '*' -m 10 -o /dev/null -w '${WRITE_OUT}' "$1"` },
  { tool: "wget", run: 'wget --no-proxy -S -T 10 -t 1 -O /dev/null "$1"' },
  { tool: "wget", run: 'wget -S -T 10 -O /dev/null "$1"' },
  { tool: "wget", run: 'wget -T 10 -O /dev/null "$1"' },
  { tool: "python3", run: `python3 -c '${PYTHON}' "$1"` },
];

/** Reads what curl, wget (GNU's or busybox's) or Python printed. The last status counts: those before it redirect. */
export function readHttp({ tool, output, exitCode }: Tried): HttpAnswer {
  if (tool === null) return { probe: "http", tool, outcome: "no tool", detail: "" };
  const codes = [...output.matchAll(/(?:http_code=|\bHTTP\/[\d.]+ )(\d{3})\b/g)].map(([, code]) => Number(code));
  const status = codes.findLast((code) => code > 0);
  if (status === undefined && exitCode !== 0)
    return { probe: "http", tool, outcome: unreached(output), detail: lastLine(withoutFigures(output)) };
  const ip = /\bremote_ip=([0-9a-fA-F:.]+)/.exec(output)?.[1];
  const seconds = /\btime_total=([\d.]+)/.exec(output)?.[1];
  return {
    probe: "http",
    tool,
    outcome: "answered",
    detail: "",
    ...(status !== undefined && { status }),
    ...(ip !== undefined && { ip }),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
  };
}

/** What curl says, without the line that was asked for. */
function withoutFigures(output: string): string {
  return output.replaceAll(/^http_code=.*$/gm, "");
}
