// Preloaded (`--import`): writes Node's own modules that are loaded after it where ORBFORM_COUNTS says, as JSON, when the
// process ends. Loads none itself before that.
const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  const loaded = process.moduleLoadList.filter((each) => each.startsWith("NativeModule ") && !before.has(each));
  const names = loaded.map((each) => each.replace("NativeModule ", ""));
  process.getBuiltinModule("node:fs").writeFileSync(process.env.ORBFORM_COUNTS, JSON.stringify(names));
});
