import { expect, test } from "vitest";
import { engineWorld } from "../../support/engine-world.ts";
import { at, desired } from "../../support/execute-builders.ts";

const stack = [desired("a"), desired("b", { dependencies: [at("a")] })];

test("a second interrupt leaves journal and lock, and the next run takes both over", async () => {
  for (const nth of [1, 2]) {
    const world = engineWorld({ latency: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    let operations = 0;
    const before = (): void => {
      operations += 1;
      if (operations !== nth) return;
      first.abort();
      second.abort();
    };
    const ended = await world.apply(stack, { before }, { stopStarting: first.signal, stopWaiting: second.signal });
    expect(ended.dead || [...ended.applied.results.values()].map(({ status }) => status)).toContain("unknown");
    expect([...world.disk.files.keys()].filter((path) => /\.(?:journal|lock\.\d+)$/.test(path)).length).toBe(2);
    expect(await world.apply(stack)).toMatchObject({ dead: false });
    expect([world.born().length, (await world.machines()).length, world.journal()]).toEqual([2, 2, undefined]);
    expect((await world.plan(stack)).plan.changes).toEqual([]);
  }
});

test("an interrupt before anything began changes nothing and lets the lock go", async () => {
  const world = engineWorld();
  const stopped = AbortSignal.abort();
  await world.apply(stack, {}, { stopStarting: stopped });
  expect([await world.machines(), world.journal()]).toEqual([[], undefined]);
  expect([...world.disk.files.keys()].filter((path) => path.includes(".lock."))).toEqual([]);
  expect(await world.apply(stack)).toMatchObject({ dead: false });
});

test("an interrupt ends the wait for a machine in transition at once, with nothing touched", async () => {
  const world = engineWorld({ latency: 1 });
  await world.apply([desired("web")]);
  await world.sim("sim", "set-state", "web", "stopping");
  const interrupt = new AbortController();
  const before = world.clock.elapsed();
  const applying = world.apply([desired("web")], {}, { stopStarting: interrupt.signal });
  const refused = expect(applying).rejects.toMatchObject({ code: "ORB_INTERRUPTED" });
  await world.clock.sleep(5000);
  interrupt.abort();
  await refused;
  expect(world.clock.elapsed() - before).toBeLessThan(6000);
});

test("an interrupt ends that wait also where it comes up once the plan was approved", async () => {
  const world = engineWorld({ latency: 1 });
  await world.apply([desired("web")]);
  const interrupt = new AbortController();
  const approve = async (): Promise<boolean> => {
    await world.sim("sim", "set-state", "web", "stopping");
    return true;
  };
  const before = world.clock.elapsed();
  const wanted = [desired("web", { settings: { cpus: 2 } })];
  const applying = world.apply(wanted, {}, { stopStarting: interrupt.signal, approve });
  const refused = expect(applying).rejects.toMatchObject({ code: "ORB_INTERRUPTED" });
  await world.clock.sleep(5000);
  interrupt.abort();
  await refused;
  expect(world.clock.elapsed() - before).toBeLessThan(6000);
});
