import { stripTypeScriptTypes } from "node:module";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proven } from "../../../src/cli/context-generate.ts";
import { keysFor } from "../../../src/desired/author-keys.ts";
import { authoredStack } from "../../../src/desired/authored-stack.ts";
import type { AuthoredMachine } from "../../../src/model/authored-machine.ts";
import type { Json } from "../../../src/model/json.ts";
import type { MachineFacts, MachineSettings, MachineState } from "../../../src/model/machine.ts";
import { isKey } from "../../../src/model/address.ts";
import { stackCode } from "../../../src/report/stack-code.ts";
import { digest, hashText } from "../../../src/state/digest.ts";
import { troublesOf, type Survey } from "../../../src/engine-generate.ts";
import { inputOf, liveMachine } from "../../support/plan-builders.ts";

const EVIL = [
  "`",
  "${process.exit(1)}",
  "*/",
  "//",
  "\n",
  "\u2028",
  "\u2029",
  "\r",
  '"',
  "'",
  "\\",
  "\u202e",
  "\u001b[2J",
  "__proto__",
];

/** Text that would break out of a literal or a comment if it could. */
const evil = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 5 })
    .map((parts) => parts.join("")),
  fc.constantFrom("", "debian", "almalinux", "Ubuntu", "plan9", "noble", "10-Stream", "current", "arm64", "x86_64"),
);

const key = fc.oneof(
  fc.constantFrom("a", "constructor", "__proto__", "a-b", "1"),
  evil.filter((each) => each !== ""),
);

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, 0, 1.5, -3, 2 ** 53),
    evil,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const authored: fc.Arbitrary<AuthoredMachine> = fc.record({
  key,
  name: evil,
  input: fc.array(fc.tuple(key, json), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  remarks: fc.array(evil, { maxLength: 3 }),
});

/** Runs code as Node runs a stack: its types stripped. What `machine` was called with, by key. */
function evaluated(code: string): unknown {
  const body = stripTypeScriptTypes(code, { mode: "strip" })
    .replace(/^import .*$/m, "")
    .replace("export default", "return");
  // oxlint-disable-next-line no-implied-eval, no-new-func -- code is what is tested
  return new Function("machine", "defineStack", body)(
    (input: unknown) => input,
    (stack: { readonly resources: unknown }) => stack.resources,
  );
}

describe("generated code", () => {
  it("says what it was made of, whatever that is, in ASCII", () => {
    fc.assert(
      fc.property(fc.uniqueArray(authored, { maxLength: 4, selector: (each) => each.key }), (machines) => {
        const code = stackCode(machines);
        expect(code).toMatch(/^[\n\u0020-\u007e]*$/);
        const expected = Object.fromEntries(machines.map(({ key, input }) => [key, input]));
        expect(evaluated(code)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("has as many lines as it needs for its remarks, each a comment", () => {
    fc.assert(
      fc.property(fc.array(evil, { maxLength: 5 }), (remarks) => {
        const code = stackCode([{ key: "a", name: "a", input: { image: "alpine" }, remarks }]);
        const lines = code.split("\n").filter((line) => line.startsWith("    //"));
        expect(lines).toHaveLength(remarks.length);
        expect(evaluated(code)).toEqual({ a: { image: "alpine" } });
      }),
      { numRuns: 500 },
    );
  });
});

const amount = fc.constantFrom(
  0,
  1,
  2,
  1.5,
  1023,
  1024,
  3000,
  2048,
  1_073_741_824,
  20_000_000_001,
  5_242_880,
  2 ** 53,
  -1,
);
const user = fc.oneof(fc.constantFrom("ada", "user", "root"), evil);
const mounts = fc.array(fc.oneof(fc.constantFrom("/Users/a b/src:/src", "/Users/x"), evil), { maxLength: 3 });

const settings: fc.Arbitrary<MachineSettings> = fc.record(
  {
    cpus: amount,
    memoryMiB: amount,
    diskBytes: amount,
    user,
    isolated: fc.boolean(),
    isolateNetwork: fc.boolean(),
    forwardSshAgent: fc.boolean(),
    mounts,
    httpPort: fc.constantFrom(0, 80, 65_535, 70_000),
    httpsPort: fc.constantFrom(0, 443),
  },
  { requiredKeys: [] },
);

const MACHINE_STATES: readonly MachineState[] = ["running", "running", "stopped", "starting", "unknown"];
const word = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,12}[a-zA-Z0-9])?$/);
const machineNames = fc
  .uniqueArray(
    fc.oneof(word, fc.constantFrom("constructor", "a-b", "a.b", "aB", "a-b-c", "1", "web-1", "web1", "A--B")),
    { minLength: 1, maxLength: 8, selector: (name) => name.toLowerCase() },
  )
  .filter((names) => !names.some((name) => /^(?:docker|k8s|none|default)$/i.test(name)));

const machines: fc.Arbitrary<readonly MachineFacts[]> = machineNames.chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc
        .record({
          image: fc.record({ distro: evil, version: evil, arch: evil, variant: evil }),
          settings,
          state: fc.constantFrom(...MACHINE_STATES),
        })
        .map((given) => ({ ...liveMachine(name), ...given })),
    ),
  ),
);

const USUAL = { arch: "arm64", user: "user" };

describe("the code of machines", () => {
  it("plans empty once they are adopted, whatever was reported of them", () => {
    fc.assert(
      fc.property(machines, fc.nat(), (found, which) => {
        const chosen = found[which % (found.length + 1)]?.name ?? null;
        const { live } = inputOf({ live: found, liveMore: { default: chosen } });
        const survey: Survey = { live, machines: found, left: [] };
        const code = proven(survey, USUAL);
        const { value, diagnostics } = authoredStack("found", code);
        expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(value.resources.map((each) => each.type === "machine" && each.name)).toHaveLength(found.length);
        expect([...troublesOf(survey, value, { digest, hashText })]).toEqual([]);
        expect(evaluated(stackCode(code))).toEqual(Object.fromEntries(code.map(({ key, input }) => [key, input])));
      }),
      { numRuns: 500 },
    );
  });

  it("has keys that are identifiers, none twice, the same for the same names", () => {
    fc.assert(
      fc.property(machineNames, (names) => {
        const keys = keysFor(names);
        expect(new Set(keys).size).toBe(names.length);
        for (const key of keys) expect(isKey(key) && /^[A-Za-z_]\w*$/.test(key)).toBe(true);
        expect(keysFor(names)).toEqual(keys);
      }),
    );
  });

  it("says no more than differs from what OrbStack gives", () => {
    const live = [
      liveMachine("web-front", { settings: { user: "user" } }),
      liveMachine("web-1", {
        settings: { user: "ada", cpus: 2, memoryMiB: 3000, diskBytes: 21_474_836_480 },
        state: "stopped",
      }),
      liveMachine("Big", { settings: { isolated: true, isolateNetwork: true, mounts: ["/a:/b"], httpPort: 80 } }),
      liveMachine("odd", {
        image: { distro: "plan9", version: "4", arch: "amd64", variant: "" },
        state: "starting",
        settings: { diskBytes: 5 },
      }),
    ];
    const survey: Survey = { live: inputOf({ live, liveMore: { default: "Big" } }).live, machines: live, left: [] };
    expect(stackCode(proven(survey, USUAL))).toMatchInlineSnapshot(`
      "// Written by \`orb adopt --generate\` from machines that existed. Yours to change: nothing writes it again.
      // What a machine was cloned or restored from, its cloud-init and what is installed in it can't be told from outside.
      import { defineStack, machine } from "orbform";

      export default defineStack({
        resources: {
          big: machine({
            image: "debian:bookworm",
            name: "Big",
            user: "me",
            isolated: { network: false, forwardSshAgent: true, mounts: ["/a:/b"] },
            httpPort: 80,
            default: true,
          }),
          // It was made from "plan9:4". A stack can't ask for that: made again, it would be debian.
          // Its disk limit of 5 bytes can't be written in a stack and stays as it is.
          // It was neither running nor stopped when this was written: starting.
          odd: machine({
            image: "debian",
            arch: "amd64",
            user: "me",
            power: "any",
            lifecycle: { ignoreChanges: ["image"] },
          }),
          web_1: machine({
            image: "debian:bookworm",
            user: "ada",
            cpus: 2,
            memory: "3000M",
            disk: "20G",
            power: "stopped",
          }),
          webFront: machine({ image: "debian:bookworm" }),
        },
      });
      "
    `);
  });
});
