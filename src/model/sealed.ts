/**
 * What plans and state keep of a content that nobody may see: its digest with a salt, which tells whether it is another now,
 * and stands in no list of known digests.
 */
import type { InsideFacts, InsideWish } from "./inside.ts";
import { withoutText } from "./inside-looked.ts";
import type { HashText } from "./inside-wish.ts";
import type { InsideResource } from "./snapshot.ts";

/** How digests of one resource are sealed. */
export interface Seal {
  /** 16 hex digits. */
  readonly salt: string;
  readonly hash: HashText;
}

const SEALED = /^salted:([0-9a-f]{16}):/;

/** A seal for a resource: the one its state has already, else one of its own. `owner` = what no other resource is called. */
export function sealFor(owner: string, state: InsideResource | undefined, hash: HashText): Seal {
  return { salt: saltIn(state) ?? hash(owner).slice(0, 16), hash };
}

/** The salt of a state's digests, where they are sealed. */
function saltIn(state: InsideResource | undefined): string | undefined {
  const digests = [state?.seen, state?.inputs].map((each) => each && "digest" in each && each.digest);
  for (const digest of digests) {
    const [, salt] = (typeof digest === "string" && SEALED.exec(digest)) || [];
    if (salt !== undefined) return salt;
  }
  return undefined;
}

/** Whether a state's digests are sealed: nobody may see what it held. */
export function isSealed(state: InsideResource): boolean {
  return saltIn(state) !== undefined;
}

/** A digest as it is kept; sealed already, as it is. */
function sealDigest(digest: string, { salt, hash }: Seal): string {
  return SEALED.test(digest) ? digest : `salted:${salt}:${hash(`${salt}:${digest}`)}`;
}

/** A digest sealed as another one is; where that is plain, as it is. */
export function sealedAs(digest: string, like: string, hash: HashText): string {
  const [, salt] = SEALED.exec(like) ?? [];
  return salt === undefined ? digest : sealDigest(digest, { salt, hash });
}

/** Whether a digest is sealed. */
export function isSealedDigest(digest: string | undefined): boolean {
  return digest !== undefined && SEALED.test(digest);
}

/** Facts as plans and state keep them: without text, and sealed where there is a seal. */
export function keptFacts(facts: InsideFacts, seal?: Seal): InsideFacts {
  const kept = withoutText(facts);
  if (seal === undefined || kept.type !== "file" || kept.digest === undefined) return kept;
  return { ...kept, digest: sealDigest(kept.digest, seal) };
}

/** A wish as plans and state keep it. */
export function keptWish(wish: InsideWish, seal?: Seal): InsideWish {
  return seal === undefined || wish.type !== "file" ? wish : { ...wish, digest: sealDigest(wish.digest, seal) };
}

/** Facts to compare with those of a state: sealed where those are. */
export function factsLike(facts: InsideFacts, state: InsideResource, hash: HashText): InsideFacts {
  const salt = saltIn(state);
  return keptFacts(facts, salt === undefined ? undefined : { salt, hash });
}

/** A state with its digests sealed. */
export function sealedState(state: InsideResource, seal: Seal): InsideResource {
  const { inputs, seen, original, former } = state;
  return {
    ...state,
    inputs: keptWish(inputs, seal),
    seen: keptFacts(seen, seal),
    original: keptFacts(original, seal),
    ...(former !== undefined && { former: sealDigest(former, seal) }),
  };
}

/** A state of what is no longer sensitive: each sealed digest that is one of `known` is that one again. */
export function openedState(state: InsideResource, known: readonly string[], hash: HashText): InsideResource {
  const salt = saltIn(state);
  if (salt === undefined) return state;
  const open = (digest: string): string => known.find((each) => sealDigest(each, { salt, hash }) === digest) ?? digest;
  const { inputs, seen, former } = state;
  return {
    ...state,
    ...(former !== undefined && { former: open(former) }),
    inputs: inputs.type === "file" ? { ...inputs, digest: open(inputs.digest) } : inputs,
    seen: seen.type === "file" && seen.digest !== undefined ? { ...seen, digest: open(seen.digest) } : seen,
  };
}
