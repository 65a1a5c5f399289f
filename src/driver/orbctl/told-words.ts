import type { Argv } from "./argv.ts";

/** The word, or the two, that say what orbctl is to do: `list`, `config show`. */
export function commandOf(argv: Argv): string {
  return argv.slice(0, argv[0] === "config" ? 2 : 1).join(" ");
}

/**
 * An argument list as it may be written down. Of what runs inside a machine only the size is told: scripts hold the
 * contents of files, commands whatever a user typed. So is the value of a global setting: a proxy's has a password in it.
 */
export function toldWords(argv: Argv): readonly string[] {
  if (argv[0] === "run") return shortened(argv, argv.indexOf("-w") + 2);
  const [command, verb, key = ""] = argv;
  const isGlobal = command === "config" && verb !== "show" && !key.startsWith("machine.");
  return isGlobal ? shortened(argv, 3) : argv;
}

function shortened(argv: Argv, from: number): readonly string[] {
  const rest = argv.slice(from);
  if (rest.length === 0) return argv;
  const bytes = rest.reduce((sum, word) => sum + Buffer.byteLength(word), 0);
  return [...argv.slice(0, from), `(${rest.length} ${rest.length === 1 ? "word" : "words"}, ${bytes} bytes)`];
}
