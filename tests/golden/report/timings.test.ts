import { expect, test } from "vitest";
import { openLog } from "../../../src/cli/log.ts";
import { lineText } from "../../../src/report/events-json.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { timingsOf } from "../../../src/report/timings.ts";
import { timingsLine, timingsText } from "../../../src/report/timings-text.ts";
import { silentConsole } from "../../support/silent-console.ts";
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
