const WRAPPERS: ReadonlySet<string> = new Set("sudo env exec nohup time timeout nice setsid stdbuf".split(" "));

/** The command that a chain such as `sudo -u x env A=1 timeout 5 sh -c …` comes to; programs without their folder. */
export function innerCommand(argv: readonly string[]): readonly string[] {
  const [first = "", ...args] = argv;
  const program = first.slice(first.lastIndexOf("/") + 1);
  return WRAPPERS.has(program) ? innerCommand(behindOptions(args)) : [program, ...args];
}

/** Whether a command is a shell, which may print long before it ends. */
export function isShell(program: string | undefined): boolean {
  return program === "sh" || program === "bash" || program === "dash" || program === "ash";
}

/** What stands behind `-u x`, `A=1`, `5`. */
function behindOptions(args: readonly string[]): readonly string[] {
  const start = args.findIndex((word, at) => {
    const before = args[at - 1] ?? "";
    return !word.startsWith("-") && !/^\w+=/.test(word) && !/^\d/.test(word) && !/^-[ugnsk]$/.test(before);
  });
  return start < 0 ? ["true"] : args.slice(start);
}
