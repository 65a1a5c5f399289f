import type { Address } from "../model/address.ts";
import type { ArchiveFacts, MadeArchive } from "../model/archive.ts";
import type { DesiredState } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** Looks at what stands where archives were put, in the order they are asked for; `verify`: reads them for their digests. */
export type LookAtArchives = (
  asked: readonly (Pick<MadeArchive, "dir" | "file"> & { readonly verify: boolean })[],
  signal?: AbortSignal,
) => Promise<readonly ArchiveFacts[]>;

/** What looking at archives needs. */
export interface ArchiveParts {
  readonly desired: DesiredState;
  readonly prior: Snapshot | undefined;
  readonly lookAtArchives: LookAtArchives;
  readonly signal?: AbortSignal;
}

/** Looks at the archives in state that the stack still has; no machine is asked. Errors: those of {@link LookAtArchives}. */
export async function observeArchives({
  desired,
  prior,
  lookAtArchives,
  signal,
}: ArchiveParts): Promise<{ readonly [address: Address]: ArchiveFacts }> {
  const questions = desired.resources.flatMap((resource) => {
    if (resource.type !== "archive") return [];
    const places = [resource.address, ...resource.lifecycle.aliases];
    return places.flatMap((address) => {
      const state = prior?.resources[address];
      const made = state?.type === "archive" ? state.made : undefined;
      return made === undefined ? [] : [{ address, dir: made.dir, file: made.file, verify: resource.verify }];
    });
  });
  if (questions.length === 0) return {};
  const facts = await lookAtArchives(questions, signal);
  return Object.fromEntries(
    questions.flatMap(({ address }, index) => {
      const found = facts[index];
      return found === undefined ? [] : [[address, found] as const];
    }),
  );
}
