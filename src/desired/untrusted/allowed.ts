/** What an untrusted stack may use of Node. Only names: what isn't among them is withheld, also what a later Node brings. */

/** Modules: those that compute, and read files. */
export const MODULES = names(
  "assert assert/strict buffer constants crypto events fs fs/promises os path path/posix path/win32 process",
  "punycode querystring stream stream/promises stream/web string_decoder timers timers/promises url util util/types",
  "zlib",
);

/** Properties of `process`: what is known of it, and what Node itself calls there. No other processes, handles or reports. */
export const PROCESS = names(
  "version versions arch platform release features config title argv argv0 execArgv execPath pid ppid env exitCode",
  "uptime hrtime cpuUsage threadCpuUsage resourceUsage memoryUsage constrainedMemory availableMemory permission",
  "cwd chdir umask getuid geteuid getgid getegid getgroups nextTick emitWarning exit reallyExit ref unref",
  "getBuiltinModule stdin stdout stderr sourceMapsEnabled setSourceMapsEnabled hasUncaughtExceptionCaptureCallback",
  "setUncaughtExceptionCaptureCallback noDeprecation throwDeprecation traceDeprecation domain",
  "_events _eventsCount _maxListeners _exiting _fatalException _tickCallback",
);

/**
 * Globals of Node's beside those of the language. No fetch, and nothing that has Node load what it is made of; no copies
 * of objects as messages have them, on whose way Node makes whatever object the message names.
 */
export const GLOBALS = names(
  "process global Buffer console URL URLSearchParams URLPattern DOMException AbortController AbortSignal Event EventTarget",
  "CustomEvent TextEncoder TextDecoder atob btoa queueMicrotask Blob File performance",
  "setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate crypto Crypto CryptoKey SubtleCrypto",
  "TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultController",
  "WritableStreamDefaultWriter ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader",
  "ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController ByteLengthQueuingStrategy",
  "CountQueuingStrategy TextEncoderStream TextDecoderStream CompressionStream DecompressionStream",
);

/** Globals of the language. */
export const LANGUAGE = names(
  "globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI",
  "encodeURIComponent escape unescape Object Function Array Number Boolean String Symbol BigInt Date Promise RegExp",
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError JSON Math",
  "Intl Temporal Map Set WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect Iterator AsyncIterator",
  "DisposableStack AsyncDisposableStack ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array",
  "Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float16Array Float32Array Float64Array",
  "BigInt64Array BigUint64Array WebAssembly",
);

/** Properties of the class of CommonJS modules, which any such module reaches: not those. */
export const MODULE_DENIED = names(
  "register enableCompileCache flushCompileCache runMain syncBuiltinESMExports _preloadModules _initPaths",
);

function names(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
