import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const GUIDE = fileURLToPath(new URL("../../docs/guides/from-pyinfra.md", import.meta.url));

/** One row of the guide's table. */
export interface Row {
  readonly operation: string;
  readonly shownBy: string;
  /** How it is done, each by itself: command lines, and lines of the stack. */
  readonly ways: readonly Way[];
}

/** One way of doing it, as it is written in the guide. */
export interface Way {
  readonly kind: "command" | "stack";
  readonly text: string;
}

const guide = readFileSync(GUIDE, "utf8");

/** The stack that the guide begins with. */
export const STACK = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";

/** The guide's table. */
export const ROWS: readonly Row[] = guide
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => {
    const [operation = "", byHand = "", inStack = "", shownBy = ""] = line.slice(2, -2).split(/ ?\| /);
    return { operation, shownBy, ways: [...waysOf("command", byHand), ...waysOf("stack", inStack)] };
  });

function waysOf(kind: Way["kind"], cell: string): readonly Way[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => ({ kind, text }));
}

/** The stack with a line of the table in place of its own: a resource, the list of resources or the outputs. */
export function stackWith(line: string): string {
  const [, key, name] = /^(?:const (\w+) =|(\w+):)/.exec(line) ?? [];
  const own = new RegExp(key === undefined ? `(?<=  )${name}: .*` : `^const ${key} = .*`, "m");
  if (own.test(STACK)) return STACK.replace(own, line);
  return STACK.replace("\nexport", `${line}\n\nexport`).replace("resources: {", `resources: { ${key},`);
}
