// Node's own modules that take milliseconds to load and of which a plan calls nothing: in the bundle they are loaded by the
// first call of one of their functions. Source files import them as usual.
const LATE = {
  "node:crypto": ["createHash", "randomBytes", "randomUUID"],
  "node:readline": ["createInterface"],
  "node:util": ["format", "inspect", "styleText"],
  "node:zlib": ["crc32", "createZstdDecompress"],
};

/** Whose imports: ours, but not the simulator's, and oclif's. Other libraries are loaded late as a whole. */
const IMPORTERS = /[\\/]src[\\/](?!driver[\\/]simulator[\\/])|@oclif[\\/]core[\\/]/;

const PREFIX = "\0late:";

/** Whether this import is left to the plugin below. */
export function isLate(name, importer) {
  return name in LATE && IMPORTERS.test(importer ?? "");
}

/** A rolldown plugin. A function that isn't listed above fails the build, or its first call where oclif makes it. */
export function lateBuiltins() {
  return {
    name: "late-builtins",
    resolveId: (name, importer) => (isLate(name, importer) ? `${PREFIX}${name}` : undefined),
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const name = id.slice(PREFIX.length);
      const late = (each) =>
        `export const ${each} = (...args) => process.getBuiltinModule("${name}").${each}(...args);`;
      return { code: LATE[name].map(late).join("\n"), moduleType: "js" };
    },
  };
}
