import type { BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { longestPath } from "../../src/report/html/longest-path.ts";
import type { Review } from "../../src/report/review.ts";
import { CONTRASTS, hasBrowser, reader, type Reader, type Reading } from "../support/browser.ts";
import { page as pageOf } from "../support/html-reports.ts";
import { REVIEWS } from "../support/reviews.ts";

type Name = keyof typeof REVIEWS;

const NAMES: readonly Name[] = [
  "no-changes",
  "one-change",
  "every-action",
  "five-hundred",
  "failed-apply",
  "denied",
  "drift-only",
];

const pages = new Map<Name, { readonly review: Review; readonly html: string }>();

/** A review and its page, made once. */
function made(name: Name): { readonly review: Review; readonly html: string } {
  const before = pages.get(name);
  if (before !== undefined) return before;
  const review = REVIEWS[name]();
  const fresh = { review, html: pageOf(review) };
  pages.set(name, fresh);
  return fresh;
}

describe.runIf(hasBrowser())("a report as a page (where Chromium is installed)", { tags: ["slow"] }, () => {
  let browser: Reader;
  beforeAll(async () => {
    browser = await reader();
  });
  afterEach(() => browser.leave());
  afterAll(() => browser.close());

  const open = (name: Name, options?: BrowserContextOptions): Promise<Reading> =>
    browser.open(made(name).html, options);
  const quiet = ({ said, asked }: Reading): void => expect({ said, asked }).toEqual({ said: [], asked: [] });

  describe.each([
    ["light", 1200],
    ["dark", 360],
  ] as const)("%s and %i pixels wide", (colorScheme, width) => {
    it.each(NAMES)("loads without an error, asks for nothing and can be read: %s", async (name) => {
      const reading = await open(name, { colorScheme, viewport: { width, height: 800 } });
      const { page } = reading;
      expect(await page.locator("h1").textContent()).toBe("dev");
      expect(await page.locator(".change").count()).toBe(made(name).review.plan.changes.length);
      expect(await page.locator(".node").count()).toBe(made(name).review.plan.actions.length);
      await page.evaluate(
        `[...document.querySelectorAll("details")].slice(0, 40).forEach((each) => (each.open = true))`,
      );
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      const contrasts = await page.evaluate<readonly { readonly contrast: number }[]>(CONTRASTS);
      expect(contrasts.length).toBeGreaterThan(2);
      expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      quiet(reading);
    });
  });

  it("is dark where the system is", async () => {
    const grounds = ["light", "dark"] as const;
    const seen = await Promise.all(
      grounds.map(async (colorScheme) => {
        const { page } = await open("one-change", { colorScheme });
        return page.evaluate("getComputedStyle(document.body).backgroundColor");
      }),
    );
    expect(seen).toEqual(["rgb(247, 247, 245)", "rgb(18, 20, 23)"]);
  });

  it("opens a change by a click and closes it by the next", async () => {
    const reading = await open("every-action");
    const change = reading.page.locator(".change", { hasText: "machine.next" }).first();
    const value = change.getByText('"debian:trixie"');
    expect(await value.isVisible()).toBe(false);
    await change.locator("summary").click();
    expect(await value.isVisible()).toBe(true);
    expect(await change.getByText("forces replacement").isVisible()).toBe(true);
    await change.locator("summary").click();
    expect(await value.isVisible()).toBe(false);
    quiet(reading);
  });

  it("opens and closes all that is shown", async () => {
    const { page } = await open("every-action");
    await page.locator("[data-filter=delete]").click();
    await page.getByRole("button", { name: "Open all" }).click();
    expect(await page.locator(".change[open]").count()).toBe(3);
    await page.getByRole("button", { name: "Close all" }).click();
    expect(await page.locator(".change[open]").count()).toBe(0);
  });

  it("shows only what is filtered by, and dims the rest of the graph", async () => {
    const reading = await open("every-action");
    const { page } = reading;
    const shown = page.locator(".change:visible");
    const button = page.locator("[data-filter=replace]");
    await button.click();
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    expect(await shown.locator("summary code").allTextContents()).toEqual(["machine.later", "machine.next"]);
    expect(await page.locator("#shown").textContent()).toBe("2 of 24 shown");
    const bright = await page.locator(".node:not(.dim) .what").allTextContents();
    expect([...new Set(bright)].toSorted()).toEqual(["machine.later", "machine.next"]);
    await page.locator("[data-filter=delete]").click();
    expect(await shown.count()).toBe(5);
    await button.click();
    expect(await shown.count()).toBe(3);
    await page.keyboard.press("Escape");
    expect(await shown.count()).toBe(24);
    expect(await page.locator(".dim").count()).toBe(0);
    quiet(reading);
  });

  it("filters by each action, and by what is so besides", async () => {
    const { page } = await open("every-action");
    const counts = { create: 5, update: 10, replace: 2, delete: 3, forget: 2, adopt: 1, move: 1, restart: 2, stop: 1 };
    const shown: { [kind: string]: number } = {};
    for (const kind of await page.evaluate<string[]>(
      "[...document.querySelectorAll('[data-filter]')].map((each) => each.dataset.filter)",
    )) {
      const button = page.locator(`[data-filter="${kind}"]`);
      await button.click();
      shown[kind] = await page.locator(".change:visible").count();
      expect(await page.locator(`.change.${kind}:visible, .change:visible .badges .tag.${kind}`).count()).toBe(
        shown[kind],
      );
      await button.click();
    }
    expect(shown).toEqual(counts);
  });

  it("filters the graph by what actions do", async () => {
    const reading = await open("every-action");
    const { page } = reading;
    const bright = () => page.locator(".node:not(.dim) .kind").allTextContents();
    const button = page.locator("button[data-does=restart]");
    await button.click();
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    expect(await bright()).toEqual(["restart", "restart"]);
    await page.locator("button[data-does=adopt]").click();
    expect((await bright()).toSorted()).toEqual(["adopt", "restart", "restart"]);
    await page.locator("[data-filter=adopt]").click();
    expect(await bright()).toEqual(["adopt"]);
    await page.keyboard.press("Escape");
    expect(await page.locator(".dim").count()).toBe(0);
    expect(await button.getAttribute("aria-pressed")).toBe("false");
    quiet(reading);
  });

  it("finds changes by what their names and values say", async () => {
    const { page } = await open("every-action");
    const shown = page.locator(".change:visible summary code");
    await page.getByRole("searchbox").fill("TRIXIE later");
    expect(await shown.allTextContents()).toEqual(["machine.later"]);
    await page.getByRole("searchbox").fill("nothing says this");
    expect(await shown.count()).toBe(0);
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await shown.count()).toBe(24);
    expect(await page.evaluate("document.activeElement.id")).toBe("search");
  });

  it("is of use with the keyboard alone", async () => {
    const reading = await open("every-action");
    const { page } = reading;
    const focused = (): Promise<string> => page.evaluate("document.activeElement.textContent.trim()");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the report");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.keyboard.press("/");
    await page.keyboard.type("machine.ne");
    await page.keyboard.press("Tab");
    await page.keyboard.press("j");
    expect(await focused()).toContain("machine.next");
    await page.keyboard.press("Enter");
    expect(await page.locator(".change[open] summary code").allTextContents()).toEqual(["machine.next"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("k");
    expect(await focused()).toContain("machine.named");
    await page.keyboard.press("g");
    expect(await page.evaluate("document.activeElement.id")).toBe("drawing");
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    expect(await page.locator(".node.picked").count()).toBe(1);
    const picked = await page.locator(".node.picked .what").textContent();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("SUMMARY");
    expect(await focused()).toContain(picked);
    quiet(reading);
  });

  it("takes no letter for a command once that is switched off, nor while somebody types", async () => {
    const { page } = await open("every-action");
    await page.getByRole("searchbox").fill("");
    await page.keyboard.type("jgk/");
    expect(await page.getByRole("searchbox").inputValue()).toBe("jgk/");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("checkbox").uncheck();
    await page.keyboard.press("g");
    expect(await page.evaluate("document.activeElement.id")).toBe("keys");
  });

  it("zooms and moves the graph by buttons, keys, wheel and hand", async () => {
    const reading = await open("every-action");
    const { page } = reading;
    const svg = page.locator("#drawing");
    const view = async (): Promise<readonly number[]> =>
      ((await svg.getAttribute("viewBox")) ?? "").split(" ").map(Number);
    const whole = await view();
    await page.getByRole("button", { name: "Zoom in" }).click();
    expect((await view())[2]).toBeCloseTo((whole[2] ?? 0) / 1.4, 0);
    await page.getByRole("button", { name: "Zoom out" }).click();
    expect((await view())[2]).toBeCloseTo(whole[2] ?? 0, 0);
    await svg.focus();
    for (const key of ["+", "+", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    const [x = 0, y = 0, width = 0] = await view();
    expect(width).toBeCloseTo((whole[2] ?? 0) / 1.96, 0);
    await svg.hover();
    await page.mouse.wheel(0, -100);
    await expect.poll(async () => (await view())[2]).toBeLessThan(width);
    await page.keyboard.press("0");
    expect(await view()).toEqual(whole);
    const box = await svg.boundingBox();
    const scale = (whole[2] ?? 0) / (box?.width ?? 0);
    const [fromX, fromY] = [(box?.x ?? 0) + 500, (box?.y ?? 0) + 100];
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move(fromX - 100, fromY + 60, { steps: 4 });
    await page.mouse.up();
    const [movedX = 0, movedY = 0] = await view();
    expect(movedX).toBeCloseTo((whole[0] ?? 0) + 100 * scale, 0);
    expect(movedY).toBeCloseTo((whole[1] ?? 0) - 60 * scale, 0);
    expect([x, y]).not.toEqual(whole.slice(0, 2));
    await page.getByRole("button", { name: "Show the whole graph" }).click();
    expect(await view()).toEqual(whole);
    quiet(reading);
  });

  it("leaves the wheel to the page while the graph has no focus", async () => {
    const { page } = await open("every-action");
    const svg = page.locator("#drawing");
    const before = await svg.getAttribute("viewBox");
    await svg.hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(() => page.evaluate<number>("scrollY")).toBeGreaterThan(0);
    expect(await svg.getAttribute("viewBox")).toBe(before);
  });

  it("marks the critical path, in the graph and in the steps", async () => {
    const { page } = await open("every-action");
    const { path } = longestPath(made("every-action").review.plan.actions);
    const marked = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.node.path')].map((each) => each.dataset.step)",
    );
    expect(marked.toSorted()).toEqual([...path].toSorted());
    expect(await page.locator(".edge.path").count()).toBe(path.length - 1);
    expect(await page.locator(".steps .tag.path").count()).toBe(path.length);
    const width = (query: string) =>
      page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector("${query}")).strokeWidth)`);
    expect(await width(".node.path rect")).toBeGreaterThan(await width(".node:not(.path) rect"));
    await page.getByRole("button", { name: "Show the critical path" }).click();
    expect(await page.evaluate("document.querySelector('#drawing').classList.contains('far')")).toBe(false);
    expect(await page.locator(".node.path title").first().textContent()).toContain("on the critical path");
  });

  it("leads from an action to its change and back", async () => {
    const reading = await open("every-action");
    const { page } = reading;
    await page.locator(".node", { hasText: "machine.restored" }).first().click();
    expect(await page.locator("#picked").textContent()).toContain("machine.restored: restore · about 30s");
    await page.locator("#picked a").click();
    const change = page.locator(".change[open]");
    expect(await change.locator("summary code").allTextContents()).toEqual(["machine.restored"]);
    expect(await page.evaluate("document.activeElement.textContent")).toContain("machine.restored");
    await change.locator(".step button").first().click();
    expect(await page.evaluate("document.activeElement.id")).toBe("drawing");
    expect(await page.locator(".node.picked").getAttribute("data-step")).toBe("machine.restored:restore");
    quiet(reading);
  });

  it("goes to what the summary names, also where that is filtered out", async () => {
    const { page } = await open("every-action");
    await page.locator('[data-filter="create"]').click();
    await page.locator(".named.delete a", { hasText: "machine.gone" }).click();
    await expect
      .poll(() => page.locator(".change[open]:visible summary code").allTextContents())
      .toEqual(["machine.gone"]);
  });

  it("says how each action of an apply ended, and what to do", async () => {
    const { page } = await open("failed-apply");
    const ends = await page.locator(".node .end").allTextContents();
    expect(ends.toSorted()).toEqual(["?", "↷", "↷", "↷", "✓", "✓", "✗"]);
    expect(await page.locator("#problems .hint").first().textContent()).toBe(
      "Free some disk space and run: orb apply dev",
    );
    await page.locator('[data-filter="failed"]').click();
    expect(await page.locator(".change:visible summary code").allTextContents()).toEqual(["machine.base"]);
  });

  it("copies the digest", async () => {
    const { page } = await open("one-change", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy" }).click();
    await expect.poll(() => page.locator("#copied").textContent()).toMatch(/^(?:Copied|Selected)\.$/);
  });

  it("can be worked with where 500 machines change", async () => {
    const reading = await open("five-hundred");
    const { page } = reading;
    const timed = (work: string): Promise<number> =>
      page.evaluate<number>(`(async () => {
        const began = performance.now();
        ${work};
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return performance.now() - began;
      })()`);
    const took = {
      filter: await timed(`document.querySelector("[data-filter=replace]").click()`),
      search: await timed(
        `document.querySelector("#search").value = "04"; document.querySelector("#search").dispatchEvent(new Event("input"))`,
      ),
      all: await timed(`document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`),
      graph: await timed(`document.querySelector("#graph").scrollIntoView()`),
      zoom: await timed(`document.querySelector("#zoom-in").click()`),
      far: await timed(`document.querySelector("#zoom-all").click()`),
      open: await timed(`document.querySelector("#open-all").click()`),
    };
    expect(Object.entries(took).filter(([, ms]) => ms > 3000)).toEqual([]);
    expect(await page.locator(".change[open]").count()).toBe(500);
    quiet(reading);
  });

  it("says everything without its script", async () => {
    const { page } = await open("every-action", { javaScriptEnabled: false });
    expect(await page.locator("button:visible, input:visible, kbd:visible").count()).toBe(0);
    const change = page.locator(".change", { hasText: "machine.next" }).first();
    await change.locator("summary").click();
    expect(await change.getByText('"debian:trixie"').isVisible()).toBe(true);
    expect(await page.locator(".node").count()).toBe(33);
  });

  it("is printed whole, without what can only be clicked", async () => {
    const { page } = await open("every-action");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("button:not(.link):visible, nav:visible, input:visible").count()).toBe(0);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator(".change:not([open])").count()).toBe(0);
    expect(await page.getByText("restore", { exact: true }).first().isVisible()).toBe(true);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator(".change[open]").count()).toBe(0);
  });
});
