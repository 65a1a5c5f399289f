// Optional dependencies fail silently: if the pinned Node did not install, say so instead of failing strangely later.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error("Orbform needs Node 22.18 or newer; this is " + process.version + " (" + process.execPath + ").");
  console.error("On Linux `npm ci` brings its own (tools/runtime); elsewhere install a newer Node.");
  process.exit(1);
}
