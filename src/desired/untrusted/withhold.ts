/**
 * Takes away, in the child, what Node's permission model leaves to a program: signals to other processes, and the modules
 * that reach a network or a socket. This is JavaScript among JavaScript, no boundary of the system's: it closes what Node
 * and the platform leave open, and what they do hold is told.
 */
import module from "node:module";
import os from "node:os";
import { Writable } from "node:stream";

/** Modules of Node that a stack may use: those that compute, and read files. */
const ALLOWED = new Set(
  [
    "assert assert/strict buffer constants crypto events fs fs/promises os path path/posix path/win32 perf_hooks process",
    "punycode querystring stream stream/promises stream/web string_decoder timers timers/promises url util util/types",
    "zlib",
  ].flatMap((line) => line.split(" ")),
);

/** What of `process` reaches other processes, or what is withheld. */
const PROCESS = ["kill", "_kill", "_debugProcess", "_debugEnd", "dlopen", "binding", "_linkedBinding", "openStdin"];

/** What of the globals reaches a network. */
export const WITHHELD_GLOBALS = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"];

/** Withholds it from everything that is loaded from now on. */
export function withhold(): void {
  module.registerHooks({
    resolve: (specifier, context, next) => {
      closeHooks();
      refuse(specifier, module.isBuiltin(specifier));
      const found = next(specifier, context);
      refuse(found.url, false);
      return found;
    },
    load: (url, context, next) => {
      refuse(url, false);
      return next(url, context);
    },
  });
  // A shell that started this may have written something there.
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  for (const name of PROCESS) replace(process, name, denied(`process.${name}`));
  const getBuiltin = process.getBuiltinModule.bind(process);
  replace(process, "getBuiltinModule", (id: string) => {
    refuse(id, true);
    return getBuiltin(id);
  });
  replace(os, "setPriority", denied("os.setPriority"));
  replace(module, "register", denied("module.register"));
  for (const name of WITHHELD_GLOBALS) Reflect.deleteProperty(globalThis, name);
  for (const name of ["stdout", "stderr", "stdin"])
    replace(process, name, new Writable({ write: (_, __, done) => done() }));
  module.syncBuiltinESMExports();
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
  module.syncBuiltinESMExports();
}

function refuse(specifier: string, isBuiltin: boolean): void {
  if (!isBuiltin && !specifier.startsWith("node:")) return;
  if (ALLOWED.has(specifier.replace(/^node:/, ""))) return;
  throw denied(`The module ${specifier}`)();
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
