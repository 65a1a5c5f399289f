import type { InsideWish } from "../model/inside.ts";
import type { HashText } from "../model/inside-wish.ts";
import type { DesiredInside } from "../model/resource.ts";
import { factsLike, isSealed, keptFacts, keptWish, openedState, sealedState, sealFor } from "../model/sealed.ts";
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
  if (!desired.sensitive) return opened(desk, { desired: withoutLong(desired, hashText), site, here, wish });
  const seal = sealFor(`${prior.world.host} ${prior.stack} ${desired.address}`, here, hashText);
  return {
    desired: contentApart(desired, wish && keptWish(wish, seal)),
    site: "facts" in site ? { ...site, facts: keptFacts(site.facts, seal) } : site,
    here: here && sealedState(here, seal),
    wish: wish && keptWish(wish, seal),
  };
}

/** The stack shows what it asks for now; what it asked for before stays a secret, and may lie there still. */
function opened(desk: Desk, { desired, site, here, wish }: Asked): Asked {
  if (here === undefined || !isSealed(here)) return { desired, site, here, wish };
  const { hashText } = desk.scene.input;
  const known = wish?.type === "file" ? [wish.digest] : [];
  const now = openedState(here, known, hashText);
  if (site.kind === "remembered") return { desired, site: { ...site, facts: now.seen }, wish, here: now };
  if (!("facts" in site) || site.facts?.type !== "file") return { desired, site, wish, here: now };
  const { facts } = site;
  const isShown = known.some((each) => each === facts.digest);
  return { desired, site: isShown ? site : { ...site, facts: factsLike(facts, here, hashText) }, wish, here: now };
}

/** Longest text that a plan carries. Characters. */
const LONGEST_CARRIED = 1024 * 1024;

/** What is very long stands in a plan as its digest: apply takes it from the stack once more. */
function withoutLong(desired: DesiredInside, hash: HashText): DesiredInside {
  const { content, ...shown } = desired.properties;
  if (typeof content !== "string" || content.length <= LONGEST_CARRIED) return desired;
  return { ...desired, properties: { ...shown, digest: hash(content) } };
}

/** A file without what is in it: apply takes that from the stack once more, and it must have this digest. */
function contentApart(desired: DesiredInside, wish: InsideWish | undefined): DesiredInside {
  const { content: _content, digest: _digest, ...shown } = desired.properties;
  return { ...desired, properties: { ...shown, ...(wish?.type === "file" && { digest: wish.digest }) } };
}
