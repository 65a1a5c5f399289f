import { expect, test } from "vitest";
import { parseFaults } from "../../../../src/driver/simulator/faults.ts";
import { inMemoryExec, inMemoryWorld } from "../../../../src/driver/simulator/in-memory.ts";

test("does nothing before begin resolves, and nothing at all when it rejects", async () => {
  const exec = inMemoryExec(inMemoryWorld());
  let seen = "";

  await exec({
    argv: ["create", "ubuntu", "web"],
    begin: async () => {
      seen = (await exec({ argv: ["list", "-q"] })).stdout;
    },
  });
  const refused = exec({ argv: ["create", "ubuntu", "two"], begin: () => Promise.reject(new Error("not written")) });

  expect(seen).toBe("");
  await expect(refused).rejects.toThrow("not written");
  expect((await exec({ argv: ["list", "-q"] })).stdout).toBe("web\n");
});

test("a time-out ends the caller, not what it has begun", async () => {
  const sleeps: number[] = [];
  const clock = {
    now: () => 1_800_000_000_000,
    sleep: async (ms: number) => void sleeps.push(ms),
  };
  const exec = inMemoryExec(inMemoryWorld({ clock, faults: parseFaults("create-hang:web") }));

  const got = await exec({ argv: ["create", "ubuntu", "web"], timeoutMs: 5000 });

  expect(got).toEqual({ stdout: "", stderr: "", exitCode: null, timedOut: true, aborted: false });
  expect(sleeps).toEqual([5000]);
  expect((await exec({ argv: ["list", "-qr"] })).stdout).toBe("web\n");
});

test("an abort ends the caller; one that came before keeps it from beginning", async () => {
  const exec = inMemoryExec(inMemoryWorld({ faults: parseFaults("create-hang") }));
  const stop = new AbortController();
  const call = exec({ argv: ["create", "ubuntu", "web"], signal: stop.signal });
  stop.abort();

  expect((await call).aborted).toBe(true);
  expect((await exec({ argv: ["create", "ubuntu", "two"], signal: stop.signal })).aborted).toBe(true);
  expect((await exec({ argv: ["list", "-q"] })).stdout).toBe("web\n");
});
