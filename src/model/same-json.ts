/**
 * Whether two JSON values are the same; the order of an object's keys does not count. `undefined` = not there. Makes
 * nothing: a plan of a fleet in which little has changed does hardly anything else.
 */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isObject(left) || !isObject(right)) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && sameItems(left, right);
  }
  return sameFields(left, right);
}

interface Fields {
  readonly [key: string]: unknown;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((each, index) => sameJson(each, right[index]));
}

function sameFields(left: Fields, right: Fields): boolean {
  let more = 0;
  for (const key in left) {
    if (!Object.hasOwn(left, key)) continue;
    if (!Object.hasOwn(right, key) || !sameJson(left[key], right[key])) return false;
    more += 1;
  }
  for (const key in right) if (Object.hasOwn(right, key)) more -= 1;
  return more === 0;
}
