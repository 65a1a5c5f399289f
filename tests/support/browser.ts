import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { hasTool } from "./real-tools.ts";

/** The program that pages are tried in: Debian's name for it, unless ORBFORM_TEST_CHROMIUM says another. */
const PROGRAM = process.env["ORBFORM_TEST_CHROMIUM"] ?? "chromium";

/** Whether there is a browser to test with: see {@link hasTool}. */
export function hasBrowser(): boolean {
  return hasTool(PROGRAM, "--version");
}

/** No sandbox, for tests may run as root; nothing that talks to anybody by itself. */
const ARGUMENTS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** A browser for a file of tests. */
export interface Reader {
  /** Opens a document as a file, in a window of its own. */
  open(html: string, options?: BrowserContextOptions): Promise<Reading>;
  /** Closes all windows. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** A document that is open, and what the browser had to say of it. */
export interface Reading {
  readonly page: Page;
  /** Messages on the console, of whatever level, and errors. */
  readonly said: readonly string[];
  /** What was asked for, by address, the file itself apart. */
  readonly asked: readonly string[];
}

/** Starts the browser with an empty profile. */
export async function reader(): Promise<Reader> {
  const folder = mkdtempSync(join(tmpdir(), "orbform-page-"));
  const browser = await chromium.launch({ executablePath: located(PROGRAM), args: ARGUMENTS.split(" ") });
  let count = 0;
  return {
    open: (html, options = {}) => {
      const file = join(folder, `${(count += 1)}.html`);
      writeFileSync(file, html);
      return opened(browser, pathToFileURL(file).href, options);
    },
    leave: async () => {
      await Promise.all(browser.contexts().map((each) => each.close()));
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function opened(browser: Browser, address: string, options: BrowserContextOptions): Promise<Reading> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const [said, asked]: [string[], string[]] = [[], []];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    if (request.url().replace(/#.*$/, "") !== address) asked.push(request.url());
  });
  await page.goto(address);
  return { page, said, asked };
}

/** Where a program is: the browser is started by its path. */
function located(program: string): string {
  if (program.includes("/")) return program;
  const { stdout } = spawnSync("sh", ["-c", 'command -v "$1"', "sh", program], { encoding: "utf8" });
  return stdout.trim();
}

/** The contrast of each text with what it stands on, the worst first; runs inside of a page. */
export const CONTRASTS = `(() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((each) => each / 255).map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const solid = (colour) => colour !== "transparent" && numbers(colour)[3] !== 0;
  const ground = (element) => {
    const node = element.closest(".node");
    const badge = node && element.classList.contains("sym") ? getComputedStyle(node.querySelector(".badge")) : null;
    if (badge && badge.display !== "none") return badge.fill;
    if (node) return getComputedStyle(node.querySelector("rect")).fill;
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (solid(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const seen = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("script, title, [hidden], .vh, .skip")) continue;
    if (!element.checkVisibility({ checkVisibilityCSS: true })) continue;
    const own = element.closest("svg") ? getComputedStyle(element).fill : getComputedStyle(element).color;
    const [one, other] = [light(own), light(ground(element))].sort((a, b) => b - a);
    const key = own + " on " + ground(element);
    if (!seen.has(key)) seen.set(key, { contrast: (one + 0.05) / (other + 0.05), text: walker.currentNode.data.trim().slice(0, 30), key });
  }
  return [...seen.values()].sort((a, b) => a.contrast - b.contrast);
})()`;
