import { expect, test } from "vitest";
import { htmlFaults } from "../../../src/report/html/page.ts";
import { page, sha256 } from "../../support/html-reports.ts";
import { REVIEWS } from "../../support/reviews.ts";

/** The page without its style and script: what a browser shows. */
const body = (html: string): string => html.replace(/^[^]*?<body>\s*/, "").replace(/<script>[^]*$/, "");

test.each(["no-changes", "one-change", "failed-apply", "denied", "drift-only"] as const)("shows %s", async (name) => {
  await expect(body(page(REVIEWS[name]()))).toMatchFileSnapshot(`html/${name}.html`);
});

test("shows what was found where there is no plan", async () => {
  const html = htmlFaults(
    {
      command: "validate",
      stack: "dev",
      env: "ci",
      version: "0.1.0",
      file: "stacks/dev.ts",
      commit: "0123456789abcdef0123456789abcdef01234567",
      link: "https://ci.example/runs/17",
      diagnostics: [
        {
          severity: "error",
          code: "ORB_STACK_INVALID",
          summary: "A name is taken twice",
          detail: "machine.a and machine.b are both named <web>.",
          hint: "Give one of them another name.",
          address: "machine.b",
          place: { file: "stacks/dev.ts", line: 7, column: 3 },
        },
      ],
    },
    sha256,
  );
  await expect(body(html)).toMatchFileSnapshot("html/invalid.html");
});
