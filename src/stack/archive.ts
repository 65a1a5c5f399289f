import type { ArchiveInput } from "./archive-input.ts";
import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** An archive in a stack. Its properties are references: known once it is made. */
export interface Archive extends Handle<"archive", ArchiveInput> {
  /** Where the newest one stands, seen from the project's folder. */
  readonly path: Ref<string>;
  /** `sha256:…` of the newest one. */
  readonly digest: Ref<string>;
  /** Bytes of the newest one. */
  readonly sizeBytes: Ref<number>;
  /** When the newest one was begun: ISO 8601, UTC. */
  readonly createdAt: Ref<string>;
}

/**
 * Declares an archive of a machine of the stack: exported once, and again where its machine is another one, its triggers
 * change, or it is not as it was written. OrbStack pauses a running machine meanwhile (contract 3.11).
 *
 * @example
 * const backup = archive({ of: web, dir: "backups", keep: { last: 3, daily: 7 } });
 */
export function archive(input: ArchiveInput): Archive {
  return handle("archive", { input: copyInput(input), site: siteOf(archive), properties: archiveRefs });
}

function archiveRefs(rid: string) {
  return {
    path: ref(rid, "path"),
    digest: ref(rid, "digest"),
    sizeBytes: ref(rid, "sizeBytes"),
    createdAt: ref(rid, "createdAt"),
  };
}
