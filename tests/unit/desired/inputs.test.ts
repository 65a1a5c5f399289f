import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkInputs } from "../../../src/desired/inputs.ts";

const schema = z.object({ count: z.number().default(1), region: z.string(), tags: z.array(z.string()).optional() });
const nothing = { environment: {}, files: {}, vars: {} };

describe("inputs", () => {
  it("come from the environment, files and options, the later over the earlier", async () => {
    const given = { environment: { region: "env", count: "2" }, files: { region: "file" }, vars: { region: "var" } };
    expect(await checkInputs(schema, given, undefined)).toEqual({ region: "var", count: 2 });
    expect(await checkInputs(schema, { ...given, vars: {} }, undefined)).toEqual({ region: "file", count: 2 });
  });

  it("take text as it is before they take it for JSON", async () => {
    const given = { ...nothing, vars: { region: "3", tags: '["a"]' } };
    expect(await checkInputs(schema, given, undefined)).toEqual({ region: "3", count: 1, tags: ["a"] });
  });

  it.each([
    [nothing, 'input "region": Invalid input: expected string, received undefined'],
    [
      { ...nothing, vars: { region: "a", count: "many" } },
      'input "count": Invalid input: expected number, received string',
    ],
    [{ ...nothing, files: { region: 3 } }, 'input "region": Invalid input: expected string, received number'],
    [{ ...nothing, vars: { region: "a", regoin: "b" } }, 'the stack has no input "regoin". Did you mean "region"?'],
  ])("are refused by name: %j", async (given, text) => {
    await expect(checkInputs(schema, given, undefined)).rejects.toMatchObject({
      code: "ORB_INPUT_INVALID",
      detail: `${text}. No machine was looked at.`,
    });
  });

  it("are refused by a stack that has none", async () => {
    await expect(checkInputs(undefined, { ...nothing, vars: { a: "b" } }, undefined)).rejects.toMatchObject({
      code: "ORB_INPUT_INVALID",
    });
    expect(await checkInputs(undefined, { ...nothing, environment: { a: "b" } }, undefined)).toEqual({});
  });

  it("wait for a schema that takes its time", async () => {
    const slow = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value: unknown) => Promise.resolve({ value: { got: value } }),
      },
    };
    expect(await checkInputs(slow, { ...nothing, files: { a: 1 } }, undefined)).toEqual({ got: { a: 1 } });
  });
});
