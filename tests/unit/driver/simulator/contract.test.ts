import { describe, expect, test } from "vitest";
import { memoryOrbctl } from "../../../support/simulator-memory.ts";
import { CASES } from "./contract-cases.ts";
import { MORE_CASES } from "./contract-more-cases.ts";
import { COMMAND_CASES } from "./contract-command-cases.ts";
import { GUEST_CASES } from "./contract-guest-cases.ts";

describe("contract", () => {
  test.each([...CASES, ...MORE_CASES, ...COMMAND_CASES, ...GUEST_CASES])(
    "$section $does: orbctl $line",
    async ({ faults, version, given = [], line, stdin, gives, section }) => {
      const env = section === "2" ? { env: { USER: "ada" } } : {};
      const orbctl = memoryOrbctl(faults, { ...env, ...(version === undefined ? {} : { version }) });
      for (const before of given) await orbctl(before);

      const got = await orbctl(line, stdin === undefined ? {} : { stdin });

      const { contains = "", ...whole } = gives;
      expect({ ...got, ...whole }).toEqual(got);
      expect(got.stdout).toContain(contains);
    },
  );
});
