import type { InsideWish } from "../model/inside.ts";
import type { DesiredInside } from "../model/resource.ts";
import { keptFacts, keptWish, openedState, sealedState, sealFor } from "../model/sealed.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Desk } from "./desk.ts";
import type { Site } from "./inside-site.ts";

/** What is asked of something inside a machine, and what is known of it. */
export interface Asked {
  readonly desired: DesiredInside;
  readonly site: Site;
  /** What was applied before in this very machine. */
  readonly here: InsideResource | undefined;
  /** `undefined`: a reference in it is not known yet. */
  readonly wish: InsideWish | undefined;
}

/** What nobody may see is compared, and kept, by sealed digests only; what no longer is secret by plain ones. */
export function veiled(desk: Desk, { desired, site, here, wish }: Asked): Asked {
  const { prior, hashText } = desk.scene.input;
  const facts = "facts" in site ? site.facts : undefined;
  if (!desired.sensitive) {
    const known = [wish, facts].flatMap((each) => (each && "digest" in each && each.digest ? [each.digest] : []));
    const opened = here && openedState(here, known, hashText);
    // Only what a file holds is ever sealed; of a command, less may be remembered than state keeps.
    const isOpened = site.kind === "remembered" && opened?.seen.type === "file";
    const remembered = isOpened && { ...site, facts: opened.seen };
    return { desired, site: remembered || site, wish, here: opened };
  }
  const seal = sealFor(`${prior.world.host} ${prior.stack} ${desired.address}`, here, hashText);
  return {
    desired: contentApart(desired, wish && keptWish(wish, seal)),
    site: "facts" in site ? { ...site, facts: keptFacts(site.facts, seal) } : site,
    here: here && sealedState(here, seal),
    wish: wish && keptWish(wish, seal),
  };
}

/** A file without what is in it: apply takes that from the stack once more, and it must have this digest. */
function contentApart(desired: DesiredInside, wish: InsideWish | undefined): DesiredInside {
  const { content: _content, digest: _digest, ...shown } = desired.properties;
  return { ...desired, properties: { ...shown, ...(wish?.type === "file" && { digest: wish.digest }) } };
}
