/** The paths of every part of a JSON value, outer ones first. */
export function pathsOf(value: unknown, above: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [[...above, name], ...pathsOf(each, [...above, name])]);
}

/** The value with another one at a path; `undefined` takes the part away. */
export function withPart(value: unknown, [first, ...rest]: readonly string[], part: unknown): unknown {
  if (first === undefined) return part;
  if (typeof value !== "object" || value === null) return part;
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (String(index) === first ? withPart(each, rest, part) : each));
  const changed = withPart(Reflect.get(value, first), rest, part);
  return { ...value, [first]: changed };
}
