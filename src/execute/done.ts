import type { OrbformError } from "../model/errors.ts";
import type { ResourceState } from "../model/snapshot.ts";

/** What an action has come to. */
export interface Done {
  /** The resource's state now; `undefined` = no longer in state. */
  readonly state: ResourceState | undefined;
  /** It was carried out, but what it was to end with did not come about: a machine was made and is not ready. */
  readonly problem?: OrbformError;
  /** It was to be taken away, and was left there: it is somebody else's now. */
  readonly left?: true;
}
