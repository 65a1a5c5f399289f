import type { Json } from "./json.ts";
import type { DesiredArchive } from "./resource.ts";
import type { ArchiveInputs } from "./snapshot.ts";

/**
 * What a stack asks of an archive, as state keeps it. `triggers`: what they stand for, where that is known; else, and where
 * a property is ignored, what was asked `before` stands.
 */
export function archiveInputs(
  desired: DesiredArchive,
  triggers: Json | undefined,
  before: ArchiveInputs | undefined,
): ArchiveInputs {
  const { of, dir, verify, lifecycle } = desired;
  const isKept = (property: string): boolean =>
    before !== undefined && lifecycle.ignoreChanges.some((each) => each === property);
  const keep = isKept("keep") ? before?.keep : desired.keep;
  const known = isKept("triggers") ? before?.triggers : (triggers ?? before?.triggers);
  return {
    of,
    dir,
    ...(keep !== undefined && { keep }),
    ...(desired.triggers !== undefined && known !== undefined && { triggers: known }),
    verify,
  };
}
