/**
 * Loads stacks in a process of its own, as the program does: by Node's type stripping, not by the test runner's.
 * argv: a JSON array of load options. stdout: a JSON array of what each gave.
 */
import { loadStack } from "../../src/desired/load-stack.ts";
import type { LoadOptions } from "../../src/desired/load-stack.ts";
import { isOrbformError } from "../../src/model/errors.ts";

const requests: readonly LoadOptions[] = JSON.parse(process.argv[2] ?? "[]");
const answers: unknown[] = [];
for (const request of requests) answers.push(await answer(request));
process.stdout.write(JSON.stringify(answers));

async function answer(request: LoadOptions): Promise<unknown> {
  try {
    return await loadStack(request);
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    const { code, summary, detail, hint, place } = error;
    return { thrown: { code, summary, detail, hint, place } };
  }
}
