/** What came of one machine. */
export type Each<T> =
  | { readonly machine: string; readonly status: "done"; readonly value: T }
  | { readonly machine: string; readonly status: "failed"; readonly error: unknown }
  | { readonly machine: string; readonly status: "skipped" };

/** How many machines are worked on. */
export interface EachOptions {
  /** How many at once: 1 or more. @default 10 */
  readonly limit?: number;
  /** Begin nothing new after the first failure; what is under way ends. @default false */
  readonly failFast?: boolean;
}

/** What has a name. */
interface Named {
  readonly name: string;
}

/**
 * Does something on each of many machines, some at once. One that fails does not stop the others, unless that is asked
 * for. Never rejects; the results are in the order of the machines.
 */
export async function onEach<M extends Named, T>(
  machines: readonly M[],
  work: (machine: M) => Promise<T>,
  { limit = 10, failFast = false }: EachOptions = {},
): Promise<readonly Each<T>[]> {
  const results = machines.map(({ name }): Each<T> => ({ machine: name, status: "skipped" }));
  const queue = machines.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    // One iterator for all: each takes the next machine that nobody has taken.
    for (const [at, machine] of queue) {
      results[at] = await settle(machine, work);
      failed ||= results[at].status === "failed";
      if (failed && failFast) return;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, machines.length)) }, worker));
  return results;
}

async function settle<M extends Named, T>(machine: M, work: (machine: M) => Promise<T>): Promise<Each<T>> {
  try {
    return { machine: machine.name, status: "done", value: await work(machine) };
  } catch (error) {
    return { machine: machine.name, status: "failed", error };
  }
}
