/** What no value of a state file or a plan file may hold. */
export interface Hostile {
  /** Where, in the words of a person: `resources["machine.web"].inputs`. */
  readonly path: string;
  readonly why: string;
}

/** How deep such values may be nested: deeper ones overflow the stack of what walks them. */
const MAX_DEPTH = 64;

/** Finds a key `__proto__` (dropped or obeyed by libraries, never kept) or a nesting deeper than {@link MAX_DEPTH}. */
export function findHostile(value: unknown): Hostile | undefined {
  return isHostile(value, 0) ? search(value, []) : undefined;
}

/** Without a path to keep: whole snapshots are walked by this, and nearly none of them has anything to find. */
function isHostile(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth > MAX_DEPTH || Object.hasOwn(value, "__proto__")) return true;
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof each === "object" && each !== null && isHostile(each, depth + 1)) return true;
  }
  return false;
}

/** A path of keys as people write it. */
export function pathText(keys: readonly PropertyKey[]): string {
  let text = "";
  for (const key of keys) {
    const word = typeof key === "string" && /^[A-Za-z_]\w*$/.test(key);
    text += word
      ? `${text === "" ? "" : "."}${key}`
      : `[${typeof key === "number" ? key : JSON.stringify(String(key))}]`;
  }
  return text;
}

function search(value: unknown, path: PropertyKey[]): Hostile | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length > MAX_DEPTH) return { path: pathText(path.slice(0, 6)), why: `nesting deeper than ${MAX_DEPTH}` };
  for (const [key, each] of Object.entries(value)) {
    if (key === "__proto__") return { path: pathText(path), why: "a key __proto__" };
    if (typeof each !== "object" || each === null) continue;
    path.push(Array.isArray(value) ? Number(key) : key);
    const found = search(each, path);
    if (found) return found;
    path.pop();
  }
  return undefined;
}
