import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach } from "vitest";
import { hostOrbctl, type HostOrbctl } from "./host-orbctl.ts";

/** A machine that is this host, and a folder on the other side of it. */
export interface Sides extends HostOrbctl {
  /** A folder on this side; its name has a space. */
  readonly out: string;
}

/** Makes such for the tests of a file, and removes each after its test. */
export function hostSides(): (around?: string) => Promise<Sides> {
  const made: HostOrbctl[] = [];
  afterEach(async () => {
    for (const each of made.splice(0)) await each.remove();
  });
  return async (around) => {
    const orbctl = await hostOrbctl(around);
    made.push(orbctl);
    const out = join(orbctl.folder, "out side");
    mkdirSync(out);
    return { ...orbctl, out };
  };
}

/** What a promise rejects with. */
export const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing",
    (error: unknown) => error,
  );
