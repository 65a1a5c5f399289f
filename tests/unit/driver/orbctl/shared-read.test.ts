import { expect, test } from "vitest";
import { sharedRead } from "../../../../src/driver/orbctl/shared-read.ts";

/** A read whose calls are numbered and end when told to. */
function manual() {
  const ends: { readonly ok: (value: number) => void; readonly fail: (error: Error) => void }[] = [];
  const read = sharedRead(
    () =>
      new Promise<number>((ok, fail) => {
        ends.push({ ok, fail });
      }),
  );
  return { read, ends };
}

test("gives those who ask during a call the answer of the next", async () => {
  const { read, ends } = manual();
  const first = read();
  const second = read();
  const third = read();
  expect(ends.length).toBe(1);
  ends[0]?.ok(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(ends.length).toBe(2);
  const fourth = read();
  ends[1]?.ok(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  await Promise.resolve();
  ends[2]?.ok(3);
  expect(await fourth).toBe(3);
});

test("goes on after a call that failed", async () => {
  const { read, ends } = manual();
  const first = read();
  const second = read();
  ends[0]?.fail(new Error("lost"));
  await expect(first).rejects.toThrow("lost");
  await Promise.resolve();
  ends[1]?.ok(2);
  expect(await second).toBe(2);
});
