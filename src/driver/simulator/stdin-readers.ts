import { innerCommand, isShell } from "./inner-command.ts";

const FILTERS: ReadonlySet<string> = new Set(
  "cat tee wc sha256sum sha1sum md5sum base64 head tail sort uniq od xxd gzip gunzip zcat zstd dd tr cut rev nl".split(
    " ",
  ),
);
const INPUT_PATH = /\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0/;
const PATTERNED: ReadonlySet<string> = new Set(["grep", "egrep", "sed", "awk", "jq"]);
const ALWAYS: ReadonlySet<string> = new Set(["tee", "tr", "read", "mapfile", "readarray", "xargs", "chpasswd"]);

/**
 * Whether a command may read its standard input. The sandbox needs all input before it begins, and a client may leave
 * its end open for ever (as many libraries do), so input is waited for only where it can matter.
 */
export function mayReadInput(argv: readonly string[]): boolean {
  const [program = "", ...args] = innerCommand(argv);
  // What a variable stands for can't be told: it may be anything.
  if (program === "" || program.startsWith("$")) return true;
  if (args.some((word) => INPUT_PATH.test(word))) return true;
  if (isShell(program) || program === "python3" || program === "su") return shellReads(args);
  const words = args.filter((word) => word === "-" || !word.startsWith("-"));
  if (words.includes("-") || ALWAYS.has(program)) return true;
  if (program === "tar") return !args.some((word) => /^-?[a-z]*f$|^--file/.test(word));
  if (program === "dd") return !words.some((word) => word.startsWith("if="));
  if (FILTERS.has(program)) return words.filter((word) => !/^\d+$/.test(word)).length === 0;
  return PATTERNED.has(program) && words.length <= 1;
}

function shellReads(args: readonly string[]): boolean {
  const command = args.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (command < 0) return !args.some((word) => !word.startsWith("-")) || args.includes("-s");
  return (args[command + 1] ?? "").split(/&&|\|\||[;\n`]|[$<>]\(|\(\)/).some(stageReads);
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
