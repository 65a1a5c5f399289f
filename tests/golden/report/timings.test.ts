import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openLog } from "../../../src/cli/log.ts";
import { lineText } from "../../../src/report/events-json.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { timingsOf } from "../../../src/report/timings.ts";
import { timingsLine, timingsText } from "../../../src/report/timings-text.ts";
import { silentConsole } from "../../support/silent-console.ts";
import { watchedApply } from "../../support/watched-apply.ts";

const GUIDE = new URL("../../../docs/guides/timings-and-log.md", import.meta.url);

test("the timings of an apply are as before, as text and as a line", async () => {
  const { happenings, clock } = await watchedApply();
  const timings = timingsOf(happenings, clock.elapsed());
  const text = timingsText(timings, PLAIN);
  await expect(text).toMatchFileSnapshot("timings.txt");
  expect(readFileSync(GUIDE, "utf8"), "the guide shows another").toContain(text.trim());
  const line = lineText(timingsLine(timings), new Date(clock.now()).toISOString());
  await expect(`${JSON.stringify(JSON.parse(line), null, 2)}\n`).toMatchFileSnapshot("timings.json");
});

test("the log of an apply is as before", async () => {
  const lines: string[] = [];
  await watchedApply((clock) => {
    const console = silentConsole({
      env: { ORBFORM_LOG: "trace" },
      err: (text) => lines.push(text),
      now: () => clock.now(),
    });
    return openLog("apply", console).watch;
  });
  const text = lines
    .join("")
    .replaceAll(/"pid":\d+/g, '"pid":1')
    .replace(/"version":"[^"]*","node":"[^"]*","platform":"\w+"/, '"version":"1","node":"24","platform":"darwin"');
  await expect(text).toMatchFileSnapshot("log.jsonl");
});
