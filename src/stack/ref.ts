import { OrbformError } from "../model/errors.ts";

/**
 * A property of another resource: `web.ip4`. It orders the graph and is "(known after apply)" until it is known.
 * Frozen data, tagged by a string, so that two copies of the package understand each other. Using it as text or as a
 * number throws (`ORB_VALUE_UNKNOWN`): build strings with `interpolate`.
 */
export interface Ref<T> {
  readonly "~orbform": "ref" | "concat";
  /** What it stands for; never there at run time. */
  readonly "~type"?: T;
}

/** How a reference to a property looks at run time. */
export interface PropertyRef {
  readonly "~orbform": "ref";
  readonly "~rid": string;
  readonly property: string;
}

/** How a built string looks at run time. */
export interface ConcatRef {
  readonly "~orbform": "concat";
  readonly parts: readonly unknown[];
}

/** Makes a reference to a property of the resource with that id. */
export function ref(rid: string, property: string): Ref<never> & PropertyRef {
  return Object.freeze({ __proto__: NO_TEXT, "~orbform": "ref", "~rid": rid, property } as const);
}

/** Makes a string out of parts that are put together when they are known. */
export function concat(parts: readonly unknown[]): Ref<string> & ConcatRef {
  return Object.freeze({ __proto__: NO_TEXT, "~orbform": "concat", parts: Object.freeze([...parts]) } as const);
}

/**
 * The prototype of references and handles: nothing in it but the refusal to be turned into text. It is no
 * `Object.prototype`, so immer hands them through untouched.
 */
export const NO_TEXT: object = Object.freeze(
  Object.create(null, {
    [Symbol.toPrimitive]: {
      value: function refuse(this: { readonly property?: string }): never {
        throw unknownAsText(typeof this.property === "string" ? this.property : undefined);
      },
    },
  }),
);

function unknownAsText(property: string | undefined): OrbformError {
  const what = property === undefined ? "A resource of a stack" : `The property "${property}" of a resource`;
  return new OrbformError("ORB_VALUE_UNKNOWN", {
    summary: "Reference used as text or number",
    detail: `${what} was used as plain text or as a number while the stack was loaded, but it is known only when the stack is applied.`,
    hint: `Pass the reference itself, or build a string from it: interpolate\`http://\${web.${property ?? "ip4"}}:8080/\`.`,
  });
}
