import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { translateImportError } from "./translate-import-error.ts";

/** How often each file was loaded in this process: Node keeps a module for ever, a query makes it a new one. */
const loads = new Map<string, number>();

/**
 * Loads a TypeScript or JavaScript module of a project by Node's own type stripping. `"orbform"` means `selfUrl` in
 * it and in all it imports, and `"orbform/policies"` what lies beside that, whatever is installed. Errors: those of
 * {@link translateImportError}.
 */
export async function importModule(file: string, selfUrl: string): Promise<unknown> {
  const url = pathToFileURL(file);
  const count = loads.get(file) ?? 0;
  loads.set(file, count + 1);
  if (count > 0) url.searchParams.set("load", String(count));
  let lastLoaded = url.href;
  // The ready policies lie beside the library.
  const ours = new Map([
    ["orbform", selfUrl],
    ["orbform/policies", selfUrl.replace(/\w+(\.\w+)$/, "policies$1")],
  ]);
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const known = ours.get(specifier);
      return known === undefined ? next(specifier, context) : { url: known, shortCircuit: true };
    },
    load: (loaded, context, next) => {
      lastLoaded = loaded;
      return next(loaded, context);
    },
  });
  try {
    return await import(url.href);
  } catch (error) {
    throw translateImportError(error, { file, lastLoaded, selfUrl });
  } finally {
    hooks.deregister();
  }
}

/** A module's default export, or `undefined`. */
export function defaultExport(module: unknown): unknown {
  return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
}
