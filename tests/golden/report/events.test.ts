import { expect, test } from "vitest";
import { failedApply, planStream, stopped } from "../../support/event-streams.ts";

const STREAMS = {
  "failed-apply": failedApply(),
  stopped: stopped(),
  ...Object.fromEntries(
    ["no-changes", "one-change", "adopt", "moved", "modules", "drift-only", "errors"].map((name) => [name, planStream(name)]),
  ),
};

test.each(Object.entries(STREAMS))("%s is told in lines of JSON as before", async (name, lines) => {
  await expect(lines.map((line) => `${line}\n`).join("")).toMatchFileSnapshot(`events/${name}.jsonl`);
});
