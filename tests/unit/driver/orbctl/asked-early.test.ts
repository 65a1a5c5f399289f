import { expect, it } from "vitest";
import { askedEarly } from "../../../../src/driver/orbctl/asked-early.ts";

/** A clock that stands where it is put, and a question that counts how often it is asked. */
function setUp(answer: () => Promise<string> = () => Promise.resolve("running")) {
  const state = { now: 0, asked: 0 };
  const clock = { now: () => state.now, sleep: () => Promise.resolve(), random: () => 0 };
  const early = askedEarly(clock, () => {
    state.asked += 1;
    return answer();
  });
  return { state, early };
}

it("asks before anybody does, and once for the first who does", async () => {
  const { state, early } = setUp();
  expect(state.asked).toBe(1);
  expect([await early(), state.asked]).toEqual(["running", 1]);
});

it("asks anew the second time", async () => {
  const { state, early } = setUp();
  await early();
  await early();
  expect(state.asked).toBe(2);
});

it("asks anew where the answer has grown old", async () => {
  const { state, early } = setUp();
  await Promise.resolve();
  await Promise.resolve();
  state.now = 1001;
  expect([await early(), state.asked]).toEqual(["running", 2]);
});

it("tells a failure to whoever asks first, and to nobody else", async () => {
  const answers = [Promise.reject(new Error("no service")), Promise.resolve("running")];
  const { early } = setUp(() => answers.shift() ?? Promise.resolve(""));
  await expect(early()).rejects.toThrow("no service");
  expect(await early()).toBe("running");
});
