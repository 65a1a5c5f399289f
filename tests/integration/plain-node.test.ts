import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function node(
  program: string,
): Promise<{ readonly failed: boolean; readonly stdout: string; readonly stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, ["--input-type=module", "--eval", program], { cwd: root }, (error, stdout, stderr) =>
      done({ failed: error !== null, stdout, stderr }),
    );
  });
}

/** vitest and tsc take imports that Node does not: what must hold in Node is asked of Node. */
describe("fast-json-patch under plain node", () => {
  it("has no named exports, whatever tsc and vitest say", async () => {
    expect(await node('import { compare } from "fast-json-patch"; compare({}, {});')).toMatchObject({
      failed: true,
      stderr: expect.stringMatching(/Named export 'compare' not found/),
    });
  });

  it("changes nothing in a frozen document, and says nothing of it", async () => {
    const program = `import fjp from "fast-json-patch";
      const frozen = Object.freeze({ name: "web" });
      const { newDocument } = fjp.applyPatch(frozen, [{ op: "replace", path: "/name", value: "www" }], true);
      console.log(newDocument.name);`;
    expect(await node(program)).toEqual({ failed: false, stdout: "web\n", stderr: "" });
  });

  it("is used in a way that works there, on frozen data too", async () => {
    const program = `import { applyResourcePatch, patchBetween } from "./src/state/patch.ts";
      const before = Object.freeze({ type: "machine", labels: Object.freeze({ a: "b" }) });
      const after = Object.freeze({ type: "machine", labels: Object.freeze({ a: "c" }) });
      const patch = Object.freeze(patchBetween(before, after).map(Object.freeze));
      console.log(JSON.stringify(applyResourcePatch(before, patch)));`;
    expect(await node(program)).toMatchObject({
      failed: false,
      stdout: `${JSON.stringify({ type: "machine", labels: { a: "c" } })}\n`,
    });
  });
});
