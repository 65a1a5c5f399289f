/**
 * Prints how many bytes are allocated for each machine of a plan in which nothing has changed (`plan`), or of an apply of
 * a shape. Arguments: which, machines. To be run with so much room for new objects that nothing is collected.
 */
import { PLAIN_REQUEST } from "../../src/engine-types.ts";
import { plan } from "../../src/plan/plan.ts";
import { fleetyard } from "./applied-fleet.ts";
import { hashText } from "../../src/state/digest.ts";
import { digest } from "./engine-ports.ts";
import { fleet, fleetToMake, type Shape } from "./fleet.ts";

const count = Number(process.argv[3]);
const allocated = await (process.argv[2] === "plan"
  ? byPlan()
  : byApply(process.argv[2] === "cloned" ? "cloned" : "chained"));
process.stdout.write(String(allocated / count));

async function byPlan(): Promise<number> {
  const { desired, prior, live } = fleet(count, digest);
  const input = {
    desired,
    prior,
    live,
    durations: new Map<string, number>(),
    options: PLAIN_REQUEST,
    digest,
    hashText,
  };
  const before = process.memoryUsage().heapUsed;
  plan(input);
  return process.memoryUsage().heapUsed - before;
}

async function byApply(shape: Shape): Promise<number> {
  // What is loaded and compiled once is none of a machine's cost.
  await applied(20, shape);
  const before = process.memoryUsage().heapUsed;
  await applied(count, shape);
  return process.memoryUsage().heapUsed - before;
}

async function applied(machines: number, shape: Shape): Promise<void> {
  const yard = fleetyard();
  try {
    await yard.apply(fleetToMake(machines, shape));
  } finally {
    yard.remove();
  }
}
