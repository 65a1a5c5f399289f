import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { OutputTree, ResourceTree } from "./resource-tree.ts";

/** What a component is made of. */
export interface ComponentInput<R, O> {
  /** Its resources; their addresses get the component's key in front. */
  readonly resources: R;
  /** What it shows to the outside: an object, or a function of its resources. */
  readonly outputs?: O | ((resources: R) => O) | undefined;
}

/** Several resources under one key, with outputs. */
export interface Component<R extends ResourceTree = ResourceTree, O extends OutputTree = OutputTree> extends Handle<
  "component",
  { readonly resources: R }
> {
  readonly resources: R;
  readonly outputs: O;
}

/**
 * Groups resources. Usually returned by a function with typed properties; components may hold components.
 *
 * @example
 * function tier(props: { size: number }) {
 *   const web = machine({ image: "debian:bookworm", cpus: props.size });
 *   return component({ resources: { web }, outputs: { address: web.ip4 } });
 * }
 */
export function component<const R extends ResourceTree, const O extends OutputTree = Record<string, never>>(
  input: ComponentInput<R, O>,
): Component<R, O>;
export function component(input: ComponentInput<ResourceTree, OutputTree>): Component {
  const site = siteOf(component);
  const copied = copyInput(input);
  const { resources, outputs } = copied;
  const shown = copyInput(typeof outputs === "function" ? outputs(resources) : outputs);
  return handle("component", {
    input: copied,
    site,
    properties: () => ({ resources, outputs: shown ?? Object.freeze({}) }),
  });
}
