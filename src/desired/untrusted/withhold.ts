/**
 * Takes away, in the child, what Node's permission model leaves to a program: signals to other processes, and the modules
 * that reach a network or a socket. This is JavaScript among JavaScript, no boundary of the system's: it closes what Node
 * and the platform leave open, and what they do hold is told.
 */
import module from "node:module";
import os from "node:os";
import { Writable } from "node:stream";
import { GLOBALS, LANGUAGE, MODULES, MODULE_DENIED, PROCESS } from "./allowed.ts";
import { harden } from "./harden.ts";

// As they are now: whatever the stack makes of them.
const { isBuiltin } = module;
const syncExports = module.syncBuiltinESMExports;

/** Withholds it from everything that is loaded from now on. */
export function withhold(): void {
  module.registerHooks({
    resolve: (specifier, context, next) => {
      closeHooks();
      refuse(specifier);
      const found = next(specifier, context);
      refuse(found.url);
      refuseBuiltin(found.url, found.format);
      return found;
    },
    load: (url, context, next) => {
      refuse(url);
      const loaded = next(url, context);
      refuseBuiltin(url, loaded.format);
      return loaded;
    },
  });
  withholdProcess();
  withholdGlobals();
  replace(os, "setPriority", denied("os.setPriority"));
  for (const name of MODULE_DENIED) replace(module, name, denied(`module.${name}`));
  harden();
  syncExports();
}

function withholdProcess(): void {
  // A shell that started this may have written something there.
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  const getBuiltin = process.getBuiltinModule.bind(process);
  replace(process, "getBuiltinModule", (id: string) => {
    refuse(id);
    return getBuiltin(id);
  });
  for (const name of ["stdout", "stderr", "stdin"])
    replace(process, name, new Writable({ write: (_, __, done) => done() }));
  for (const name of Object.getOwnPropertyNames(process)) {
    if (PROCESS.has(name)) continue;
    const isFunction = typeof Reflect.getOwnPropertyDescriptor(process, name)?.value === "function";
    replace(process, name, isFunction ? denied(`process.${name}`) : undefined);
  }
}

function withholdGlobals(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (GLOBALS.has(name) || LANGUAGE.has(name)) continue;
    Reflect.deleteProperty(globalThis, name);
  }
  // Its marks are copied as messages are.
  const { performance } = globalThis;
  replace(globalThis, "performance", { now: () => performance.now(), timeOrigin: performance.timeOrigin });
  // Where fetch would leave what it connects with, should anything have it loaded after all.
  Object.defineProperty(globalThis, Symbol.for("undici.globalDispatcher.1"), { value: Object.freeze({}) });
  const webAssembly: unknown = Reflect.get(globalThis, "WebAssembly");
  for (const name of ["compileStreaming", "instantiateStreaming"]) Reflect.deleteProperty(Object(webAssembly), name);
}

let areHooksClosed = false;

/**
 * What finds "orbform" for the stack was registered when the first module of it is asked for. From then on nobody may, and
 * any CommonJS module reaches the class that could.
 */
function closeHooks(): void {
  if (areHooksClosed) return;
  areHooksClosed = true;
  replace(module, "registerHooks", denied("module.registerHooks"));
  syncExports();
}

/** A name that is no text could be one thing when it is looked at here and another when it is loaded. */
function refuse(name: unknown): void {
  if (typeof name === "string") {
    if (!name.startsWith("node:") && !isBuiltin(name)) return;
    if (MODULES.has(name.startsWith("node:") ? name.slice("node:".length) : name)) return;
  }
  throw denied(`The module ${typeof name === "string" ? name : "without a name"}`)();
}

/** What isn't named as a module of Node may not be loaded as one: Node asks objects for it that a stack reaches as well. */
function refuseBuiltin(url: string, format: unknown): void {
  if (format === "builtin" && !url.startsWith("node:")) throw denied(`The module ${url}`)();
}

/** Something that throws when it is called, and can be thrown itself. */
function denied(what: string): () => never {
  return () => {
    const error = new Error(`${what} is withheld from an untrusted stack`);
    throw Object.assign(error, { code: "ERR_ACCESS_DENIED" });
  };
}

function replace(owner: object, name: string, value: unknown): void {
  if (!(name in owner)) return;
  Object.defineProperty(owner, name, { value, configurable: false, writable: false, enumerable: true });
}
