const FILTERS: ReadonlySet<string> = new Set(
  "cat tee wc sha256sum sha1sum md5sum base64 head tail sort uniq od xxd gzip gunzip zcat zstd dd tr cut rev nl".split(
    " ",
  ),
);
const PATTERNED: ReadonlySet<string> = new Set(["grep", "egrep", "sed", "awk", "jq"]);
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "python3"]);

/**
 * Whether a command may read its standard input. The sandbox needs all input before it begins, and a client may leave
 * its end open for ever (as many libraries do), so input is waited for only where it can matter.
 */
export function mayReadInput(argv: readonly string[]): boolean {
  const [first = "", ...args] = argv;
  const program = first.slice(first.lastIndexOf("/") + 1);
  if (program === "") return true;
  if (["sudo", "env", "exec", "nohup", "time", "timeout", "nice"].includes(program)) return mayReadInput(inner(args));
  if (SHELLS.has(program)) return shellReads(args);
  const words = args.filter((word) => word === "-" || !word.startsWith("-"));
  if (words.includes("-") || words.includes("/dev/stdin")) return true;
  if (program === "tar") return !args.some((word) => /^-?[a-z]*f$|^--file/.test(word));
  if (program === "dd") return !words.some((word) => word.startsWith("if="));
  if (program === "tee" || program === "tr" || program === "read" || program === "xargs") return true;
  if (FILTERS.has(program)) return words.filter((word) => !/^\d+$/.test(word)).length === 0;
  return PATTERNED.has(program) && words.length <= 1;
}

/** What stands behind `sudo -u x`, `env A=1`, `timeout 5`. */
function inner(args: readonly string[]): readonly string[] {
  const start = args.findIndex((word, at) => {
    const before = args[at - 1] ?? "";
    return !word.startsWith("-") && !/^\w+=/.test(word) && !/^\d/.test(word) && !/^-[ug]$/.test(before);
  });
  return start < 0 ? ["true"] : args.slice(start);
}

function shellReads(args: readonly string[]): boolean {
  const command = args.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (command < 0) return !args.some((word) => !word.startsWith("-")) || args.includes("-s");
  return (args[command + 1] ?? "").split(/&&|\|\||[;\n]/).some(stageReads);
}

/** Whether the first command of a pipeline may read; a redirection of its input settles it. */
function stageReads(stage: string): boolean {
  const first = (stage.split("|")[0] ?? "").trim();
  if (first.includes("<")) return false;
  const bare = first.replaceAll(/\d?>>?\s*\S+/g, " ").replace(/^(?:(?:while|until|if|then|do|else|!|\(|\{)\s+)+/, "");
  const words = bare.split(/\s+/).filter((word) => word !== "");
  while (/^\w+=/.test(words[0] ?? "")) words.shift();
  return words.length > 0 && mayReadInput(words.map((word) => word.replaceAll(/["'()]/g, "")));
}
