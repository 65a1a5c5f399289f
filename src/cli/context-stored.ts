import type { Archives } from "../archive/archives.ts";
import type { ArchivesParts } from "../archive/archives-in.ts";

/** Archives in the project's folders; what they take is loaded for a stack that has some. */
export function storedArchives(parts: ArchivesParts): Archives {
  const loaded = async (): Promise<Archives> => {
    const { archivesIn } = await import("../archive/archives-in.ts");
    return archivesIn(parts);
  };
  return {
    look: async (...call) => await (await loaded()).look(...call),
    export: async (call) => await (await loaded()).export(call),
    remove: async (call) => await (await loaded()).remove(call),
  };
}
