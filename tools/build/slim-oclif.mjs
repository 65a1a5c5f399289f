// Leaves out of the bundle what @oclif/core brings for plugins, hooks, manifests, its own help and its own debug log:
// two thirds of its code, and picomatch, minimatch, ejs, tinyglobby, debug and others behind it. Orbform uses its command
// class, its parser and its flags. What is left out says so where something does reach it.
const FILES =
  /@oclif[\\/]core[\\/]lib[\\/](config[\\/]index|help[\\/]index|help[\\/]util|ux[\\/]index|errors[\\/]handle|logger)\.js$/;

const STANDING_IN = {
  // The command class keeps a Config and asks it nothing.
  "config/index": "exports.Config = class Config { constructor(options) { this.options = options; } };",
  logger:
    "const quiet = () => () => undefined; exports.makeDebug = quiet; exports.getLogger = () => ({ debug() {}, error() {}, info() {}, trace() {}, warn() {} });",
};

const leftOut = (file) => `
module.exports = new Proxy({ __esModule: true }, {
  get: (known, name) => name in known || typeof name === "symbol" ? known[name] : () => {
    throw new Error("@oclif/core's ${file} (" + name + ") is left out of this bundle: see tools/build/slim-oclif.mjs");
  },
});`;

const PREFIX = "\0left-out:";

/** A rolldown plugin. */
export function slimOclif() {
  return {
    name: "slim-oclif",
    // oclif wraps errors for a terminal with these; Orbform shows errors its own way.
    resolveId: (name, importer) =>
      ["wrap-ansi", "indent-string", "clean-stack"].includes(name) && importer?.includes("@oclif")
        ? `${PREFIX}${name}`
        : undefined,
    load(id) {
      if (id.startsWith(PREFIX)) return { code: leftOut(id.slice(PREFIX.length)), moduleType: "js" };
      const file = FILES.exec(id)?.[1]?.replaceAll("\\", "/");
      return file === undefined ? undefined : { code: STANDING_IN[file] ?? leftOut(file), moduleType: "js" };
    },
  };
}
