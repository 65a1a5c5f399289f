/** SARIF 2.1.0 as far as reports use it and GitHub asks for it: what each object has, and of what type. */

type Check = (value: unknown, path: string) => readonly string[];

const fail = (path: string, wanted: string): readonly string[] => [`${path} is no ${wanted}`];
const text: Check = (value, path) => (typeof value === "string" && value.length > 0 ? [] : fail(path, "text"));
const truth: Check = (value, path) => (typeof value === "boolean" ? [] : fail(path, "boolean"));
const count =
  (least: number): Check =>
  (value, path) =>
    Number.isInteger(value) && Number(value) >= least ? [] : fail(path, `integer of ${least} or more`);
const oneOf =
  (...words: readonly string[]): Check =>
  (value, path) =>
    words.some((word) => word === value) ? [] : fail(path, words.join(" or "));
const list =
  (item: Check, least = 0): Check =>
  (value, path) =>
    Array.isArray(value) && value.length >= least
      ? value.flatMap((each, index) => item(each, `${path}[${index}]`))
      : fail(path, "list");

/** An object with these properties and no other; those in `may` can be absent. */
function object(must: { readonly [key: string]: Check }, may: { readonly [key: string]: Check } = {}): Check {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(path, "object");
    const entries = new Map<string, unknown>(Object.entries(value));
    const unknown = [...entries.keys()].filter((key) => !(key in must) && !(key in may));
    return [
      ...unknown.map((key) => `${path}.${key} is not known`),
      ...Object.entries(must).flatMap(([key, check]) => check(entries.get(key), `${path}.${key}`)),
      ...Object.entries(may).flatMap(([key, check]) =>
        entries.has(key) ? check(entries.get(key), `${path}.${key}`) : [],
      ),
    ];
  };
}

/** A URI reference: escaped, and relative to the project where it says so. */
const uri: Check = (value, path) =>
  typeof value === "string" && /^(?:file:\/\/)?(?:[\w.!~*'()/-]|%[\dA-F]{2})+$/.test(value) ? [] : fail(path, "URI");

const level = oneOf("error", "warning", "note", "none");
const message = object({ text });
const place = object({
  artifactLocation: object({ uri }, { uriBaseId: oneOf("%SRCROOT%") }),
  region: object({ startLine: count(1), startColumn: count(1) }),
});
const location = object(
  {},
  { physicalLocation: place, logicalLocations: list(object({ fullyQualifiedName: text, kind: text }), 1) },
);
const rule = object({
  id: text,
  shortDescription: message,
  defaultConfiguration: object({ level }),
  properties: object({ tags: list(text) }),
});
const result = object(
  {
    ruleId: text,
    ruleIndex: count(0),
    level,
    message,
    partialFingerprints: object({ primaryLocationLineHash: text, "orbform/v1": text }),
  },
  { locations: list(location, 1) },
);
const invocation = object({
  executionSuccessful: truth,
  toolExecutionNotifications: list(object({ level: oneOf("note"), message }), 1),
});
const whole = object({
  $schema: text,
  version: oneOf("2.1.0"),
  runs: list(
    object(
      {
        tool: object({ driver: object({ name: text, version: text, semanticVersion: text, rules: list(rule) }) }),
        automationDetails: object({ id: text }),
        columnKind: oneOf("utf16CodeUnits", "unicodeCodePoints"),
        results: list(result),
      },
      { invocations: list(invocation, 1) },
    ),
    1,
  ),
});

/** What is wrong with a document, a line each; also results that name another rule than they point to. */
export function shapeErrors(document: unknown): readonly string[] {
  const wrong = whole(document, "$");
  return wrong.length > 0 ? wrong : namesOf(document);
}

interface Named {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
  }[];
}

function namesOf(document: unknown): readonly string[] {
  return (document as Named).runs.flatMap(({ tool, results }) =>
    results.flatMap(({ ruleId, ruleIndex }) =>
      tool.driver.rules[ruleIndex]?.id === ruleId ? [] : [`${ruleId} is not rule ${ruleIndex}`],
    ),
  );
}
