// To import one of Node's modules is to have every one of its exports read, and to read some of them loads more: `node:fs`
// brings its streams, 34 modules. In the bundle they are taken by `process.getBuiltinModule`, which reads nothing.
const IMPORT = /^import (?:(\w[\w$]*)(?:, )?)?(?:\{([^}]*)\} )?from "(node:[\w/]+)";$/gm;

/** A rolldown plugin. Imports of a whole namespace stay what they are: such a one has a `default` as well. */
export function plainBuiltins() {
  return { name: "plain-builtins", renderChunk: (code) => code.replace(IMPORT, declaration) };
}

function declaration(_, whole, names, name) {
  const taken = `process.getBuiltinModule("${name}")`;
  const given = [whole, names && `{${names.replaceAll(" as ", ": ")}}`].filter(Boolean);
  return `const ${given.map((each) => `${each} = ${taken}`).join(", ")};`;
}
