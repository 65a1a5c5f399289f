import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, reader, type Reader } from "../support/browser.ts";
import { hostileReview } from "../support/hostile-review.ts";
import { page as pageOf } from "../support/html-reports.ts";
import { REVIEWS } from "../support/reviews.ts";

describe.runIf(hasBrowser())(
  "a page of hostile names and contents (where Chromium is installed)",
  { tags: ["slow"] },
  () => {
    let browser: Reader;
    beforeAll(async () => {
      browser = await reader();
    });
    afterEach(() => browser.leave());
    afterAll(() => browser.close());

    it("lets nothing be loaded or run, even if something asked for it", async () => {
      const { page, asked } = await browser.open(pageOf(REVIEWS["one-change"]()));
      const refused = await page.evaluate<string[]>(`(async () => {
      const refused = [];
      document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
      const image = new Image();
      image.src = "https://example.invalid/x.png";
      document.body.append(image);
      const frame = document.createElement("iframe");
      frame.src = "https://example.invalid/";
      document.body.append(frame);
      try { document.body.setAttribute("onclick", "window.pwned = 1"); } catch { refused.push("onclick"); }
      document.body.click();
      await fetch("https://example.invalid/").catch(() => {});
      try { document.body.innerHTML = "<b>x</b>"; } catch { refused.push("innerHTML"); }
      await new Promise((done) => setTimeout(done, 100));
      return refused;
    })()`);
      expect([...new Set(refused)].toSorted()).toEqual([
        "connect-src",
        "frame-src",
        "img-src",
        "innerHTML",
        "onclick",
        "require-trusted-types-for",
      ]);
      expect(asked.filter((each) => !each.startsWith("https://example.invalid/"))).toEqual([]);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
    });

    // What may count by how a text begins stands first in one of its own; the others stand in one together.
    it.each([
      "\"><img src=x onerror='window.pwned=1'>",
      "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
      "javascript:window.pwned=1",
      "<!--<script>window.pwned=1//",
      "<form id=drawing><input name=textContent><a id=changes>",
      [
        "</script><script>window.pwned=1</script>",
        "</style></title></textarea><script>window.pwned=1</script>",
        "<img src=x onerror=window.pwned=1>",
        "<svg/onload=window.pwned=1>",
        "` onclick=window.pwned=1 `",
        "${window.pwned=1}{{window.pwned=1}}<%= window.pwned=1 %>",
        "]]><script>window.pwned=1</script>",
        "&lt;script&gt;window.pwned=1&lt;/script&gt;",
        "\\u003cscript\\u003e \\x3cscript\\x3e",
        "<iframe srcdoc='<script>parent.pwned=1</script>'>",
        "<base href='https://example.invalid/'><meta http-equiv=refresh content='0;url=https://example.invalid/'>",
        "<math><mtext><style><img src onerror=window.pwned=1></style>",
      ].join(" "),
    ])("shows %s as it is, and does nothing of it", async (text) => {
      const reading = await browser.open(pageOf(hostileReview(text)));
      const { page } = reading;
      await page.getByRole("button", { name: "Open all" }).click();
      expect(await page.locator("h1").innerText()).toBe(`${text} stack ${text} env`);
      const shown = await page.locator("body").innerText();
      const words =
        "address summary detail hint file name path note before after key output was drifted policy other message notice";
      expect(
        words
          .split(" ")
          .filter((word) => !shown.includes(`${text} ${word}`) && !shown.includes(JSON.stringify(`${text} ${word}`))),
      ).toEqual([]);
      expect(await page.locator("pre.text").first().innerText()).toContain(`+ ${text}`);
      await page.locator(".node").first().click();
      expect(await page.locator("#picked").innerText()).toContain(text);
      await page.locator("#picked a").click();
      await page.mouse.move(400, 400);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await page.locator("img, iframe, form, base, style:not(head style), script").count()).toBe(1);
      expect(reading.said).toEqual([]);
      expect(reading.asked).toEqual([]);
    });

    it.each(["x", "字", "\u0301"])("keeps long names and contents of %s on a narrow page", async (character) => {
      const html = pageOf(hostileReview(character.repeat(300)));
      const { page } = await browser.open(html, { viewport: { width: 360, height: 800 } });
      await page.getByRole("button", { name: "Open all" }).click();
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      const [node, text] = [page.locator(".node rect").first(), page.locator(".node .what").first()];
      const [around, inside] = [await node.boundingBox(), await text.boundingBox()];
      expect(inside?.width).toBeGreaterThan(40);
      expect((inside?.x ?? 0) + (inside?.width ?? 0)).toBeLessThanOrEqual((around?.x ?? 0) + (around?.width ?? 0));
    });

    it("writes out what is invisible", async () => {
      const { page } = await browser.open(pageOf(hostileReview("a\u202Eb\u2028c\u0007d\u{200B}e")));
      expect(await page.locator("h1").innerText()).toContain(String.raw`a\u{202e}b\u{2028}c\u{7}d\u{200b}e stack`);
      expect(await page.evaluate("/[\\u202e\\u2028\\u0007\\u200b]/.test(document.documentElement.outerHTML)")).toBe(
        false,
      );
    });
  },
);
