import { addressParts, type Address } from "../model/address.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { filled } from "./terraform-scene.ts";

/** Something of one resource, to be hung into the tree of its modules. */
export interface Leaf {
  readonly address: Address;
  readonly body: JsonObject;
}

interface Tree {
  readonly resources: JsonObject[];
  readonly modules: Map<string, Tree>;
}

function treeOf(leaves: readonly Leaf[]): Tree {
  const root: Tree = { resources: [], modules: new Map() };
  for (const { address, body } of leaves) {
    let here = root;
    for (const key of addressParts(address).path) {
      const below = here.modules.get(key) ?? { resources: [], modules: new Map() };
      here.modules.set(key, below);
      here = below;
    }
    here.resources.push(body);
  }
  return root;
}

/** The `root_module` of planned values and of a state: resources and, in it, the modules below. */
export function valuesModule(leaves: readonly Leaf[]): JsonObject {
  return valuesOf(treeOf(leaves), "");
}

function valuesOf({ resources, modules }: Tree, above: string): JsonObject {
  const here = above === "" ? "" : `${above}.`;
  const children = [...modules].map(([key, below]) => valuesOf(below, `${here}module.${key}`));
  return {
    ...filled<"resources", Json>("resources", resources),
    ...(above !== "" && { address: above }),
    ...filled<"child_modules", Json>("child_modules", children),
  };
}

/** The `root_module` of a configuration: there the modules are calls. */
export function configModule(leaves: readonly Leaf[]): JsonObject {
  return callsOf(treeOf(leaves));
}

function callsOf({ resources, modules }: Tree): JsonObject {
  const calls = [...modules].map(([key, below]): [string, JsonObject] => [key, { module: callsOf(below) }]);
  return {
    ...filled<"resources", Json>("resources", resources),
    ...filled<"module_calls", Json>("module_calls", Object.fromEntries(calls)),
  };
}
