import * as fc from "fast-check";
import { expect, test } from "vitest";
import { definePolicy, defineStack, file, machine } from "../../../src/index.ts";
import { testWorld } from "../../../src/testing.ts";
import { hashText } from "../../../src/state/digest.ts";

const HIDDEN = ["swordfish", "hunter2 hunter2", "#cloud-config secret"];

/** What a stack holds that nobody may see, in words that stand in `HIDDEN`. */
interface Draw {
  readonly content: string;
  readonly cloudInit: string;
  readonly image: "debian" | "alpine";
  readonly there: boolean;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  content: fc.constantFrom("swordfish", "hunter2 hunter2"),
  cloudInit: fc.constant("#cloud-config secret"),
  image: fc.constantFrom("debian", "alpine"),
  there: fc.boolean(),
});

const SURE: Draw = { content: "swordfish", cloudInit: "#cloud-config secret", image: "debian", there: true };

function stackOf({ content, cloudInit, image, there }: Draw) {
  const web = machine({ image, cloudInit, ready: "answers" });
  const token = file({ on: web, path: "/etc/token", content, sensitive: true });
  return defineStack({ resources: there ? { web, token } : { web }, outputs: { plain: "told" } });
}

test("policies see nothing that is sensitive, whatever becomes of it", async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(draw, draw, fc.boolean(), async (before, after, isMeddled) => {
      const shown: string[] = [];
      const spy = definePolicy({
        name: "spy",
        plan: (plan) => void shown.push(JSON.stringify(plan)),
        machine: (each) => void shown.push(JSON.stringify(each)),
        change: (each) => void shown.push(JSON.stringify(each)),
      });
      const world = testWorld();
      const applied = await world.apply(stackOf(before), { policies: [spy] });
      expect(applied.problems).toEqual([]);
      if (isMeddled) await world.orbctl("run", "-m", "web", "-u", "root", "sh", "-c", "echo swordfish > /etc/token");
      await world.judge(stackOf(after), { policies: [spy] });
      await world.judge(stackOf(after), { policies: [spy], plan: { mode: "destroy" } });
      const text = shown.join("\n");
      for (const word of HIDDEN) {
        expect(text).not.toContain(word);
        expect(text).not.toContain(hashText(word));
      }
      seen += /"path":"content","afterUnknown":\w+,"sensitive":true/.test(text) ? 1 : 0;
    }),
    { numRuns: 6, examples: [[SURE, { ...SURE, content: "hunter2 hunter2" }, true]] },
  );
  expect(seen).toBeGreaterThan(0);
});
