/** Told as a process of its own, `FROM COUNT`: tells so many seeds and prints, a line each, what they broke. */
import { tell } from "./story.ts";

const [from = 1, count = 1] = process.argv.slice(2).map(Number);
for (let seed = from; seed < from + count; seed += 1) {
  const { violations } = await tell(seed);
  process.stdout.write(`${JSON.stringify({ seed, violations: violations.slice(0, 1) })}\n`);
}
