import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Console } from "../../../src/cli/console.ts";
import { openLog } from "../../../src/cli/log.ts";
import { lineText } from "../../../src/report/events-json.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { timingsOf } from "../../../src/report/timings.ts";
import { timingsLine, timingsText } from "../../../src/report/timings-text.ts";
import { watchedApply } from "../../support/watched-apply.ts";

test("the timings of an apply are as before, as text and as a line", async () => {
  const { happenings, clock } = await watchedApply();
  const timings = timingsOf(happenings, clock.elapsed());
  await expect(timingsText(timings, PLAIN)).toMatchFileSnapshot("timings.txt");
  const line = lineText(timingsLine(timings), new Date(clock.now()).toISOString());
  await expect(`${JSON.stringify(JSON.parse(line), null, 2)}\n`).toMatchFileSnapshot("timings.json");
});

test("the log of an apply is as before", async () => {
  const lines: string[] = [];
  await watchedApply((clock) => {
    const log = openLog("apply", consoleWith({ ORBFORM_LOG: "trace" }, { lines, now: () => clock.now() }));
    return log.watch;
  });
  const text = lines
    .join("")
    .replaceAll(/"pid":\d+/g, '"pid":1')
    .replace(/"version":"[^"]*","node":"[^"]*","platform":"\w+"/, '"version":"1","node":"24","platform":"darwin"');
  await expect(text).toMatchFileSnapshot("log.jsonl");
});

interface Told {
  readonly lines: string[];
  readonly now: () => number;
}

function consoleWith(env: Console["env"], { lines, now }: Told): Console {
  return {
    out: () => undefined,
    err: (text) => lines.push(text),
    write: () => Promise.resolve(),
    shown: false,
    outTheme: PLAIN,
    errTheme: PLAIN,
    live: false,
    interactive: false,
    stdin: new PassThrough(),
    stderr: new PassThrough(),
    cwd: "/",
    env,
    now,
  };
}
