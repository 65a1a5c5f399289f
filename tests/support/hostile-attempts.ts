/**
 * What a hostile stack tries, by what it is after: the body of an async function that gives what it got hold of. `SECRET`,
 * `PORT`, `SOCKET`, `PARENT` and `OUT` are a file, a listener, a listener's socket, a process and a folder of the test.
 */
export const ATTEMPTS: { readonly [name: string]: string } = {
  spawn: `const { spawnSync } = await import("node:child_process"); return spawnSync("touch", [OUT + "/spawned"]).status;`,
  exec: `const { execSync } = await import("child_process"); return String(execSync("id"));`,
  worker: `const { Worker } = await import("node:worker_threads"); new Worker("1", { eval: true }); return "worker";`,
  cluster: `return (await import("node:cluster")).default.fork().id;`,
  write_cwd: `return fs.writeFileSync("owned.txt", "x") ?? "written";`,
  write_tmp: `return fs.writeFileSync(OUT + "/owned", "x") ?? "written";`,
  write_stack: `return fs.appendFileSync(new URL(import.meta.url), "x") ?? "written";`,
  write_promise: `return (await fs.promises.writeFile(OUT + "/owned", "x")) ?? "written";`,
  open_append: `return fs.openSync(OUT + "/owned", "a+");`,
  mkdir: `return fs.mkdirSync(OUT + "/made") ?? "made";`,
  remove: `return fs.rmSync(SECRET) ?? "removed";`,
  chmod: `return fs.chmodSync(SECRET, 0o777) ?? "changed";`,
  symlink: `return fs.symlinkSync(SECRET, "link") ?? "linked";`,
  rename: `return fs.renameSync(SECRET, OUT + "/moved") ?? "moved";`,
  read_passwd: `return fs.readFileSync("/etc/passwd", "utf8");`,
  read_secret: `return fs.readFileSync(SECRET, "utf8");`,
  read_up: `return fs.readFileSync("stacks/../../secret/key", "utf8");`,
  read_buffer_path: `return fs.readFileSync(Buffer.from(SECRET), "utf8");`,
  read_link: `return fs.readFileSync("out-link", "utf8");`,
  read_folder_link: `return fs.readFileSync("folder-link/key", "utf8");`,
  read_inner_link: `return fs.readFileSync("git-link", "utf8");`,
  read_root_link: `return fs.readFileSync("root-link/.git/config", "utf8");`,
  read_chained_link: `return fs.readFileSync("stacks/_chain", "utf8");`,
  read_link_in_link: `return fs.readFileSync("twice/down/secret/key", "utf8");`,
  read_up_from_link: `return fs.readFileSync("deep/er/link/../.git/config", "utf8");`,
  read_up_out: `return fs.readFileSync("deep/er/link/../../secret/key", "utf8");`,
  read_odd_name: `return fs.readFileSync(Buffer.concat([Buffer.from("odd/"), Buffer.from([0xff]), Buffer.from("/key")]), "utf8");`,
  read_sibling: `return fs.readFileSync(".gi/../.git/config", "utf8");`,
  read_url: `return fs.readFileSync(new URL("../.git/config", import.meta.url), "utf8");`,
  list_root: `return fs.readdirSync(".").join();`,
  glob_root: `return fs.globSync("**/config").join() || undefined;`,
  copy: `return fs.cpSync(".git/config", "copy") ?? "copied";`,
  blob: `return (await fs.openAsBlob(".git/config")).text();`,
  read_git: `return fs.readFileSync(".git/config", "utf8");`,
  read_state: `return fs.readFileSync("state/other.json", "utf8");`,
  read_dotenv: `return fs.readFileSync(".env", "utf8");`,
  read_environ: `return fs.readFileSync("/proc/self/environ", "utf8");`,
  read_parent: `return fs.readFileSync("/proc/" + PARENT + "/environ", "utf8");`,
  list_home: `return fs.readdirSync(OUT).join();`,
  stat_secret: `return fs.statSync(SECRET).size;`,
  import_secret: `return Object.keys(await import(OUT + "/module.mjs")).join();`,
  import_data_net: `return Object.keys(await import("data:text/javascript,export * from 'node:net'")).join();`,
  env: `return Object.keys(process.env).filter((key) => !key.startsWith("__CF")).join() || undefined;`,
  arguments: `return process.argv.slice(2).join() || undefined;`,
  tcp: `return await connected((await import("node:net")).connect(PORT, "127.0.0.1"));`,
  unix: `return await connected((await import("net")).connect(SOCKET));`,
  http: `return (await import("node:http")).get("http://127.0.0.1:" + PORT).method;`,
  fetch: `return (await fetch("http://127.0.0.1:" + PORT)).status;`,
  dns: `return (await import("node:dns/promises")).lookup("localhost");`,
  udp: `return (await import("node:dgram")).createSocket("udp4").send("x", PORT, "127.0.0.1") ?? "sent";`,
  builtin_net: `return await connected(process.getBuiltinModule("net").connect(SOCKET));`,
  stdout_socket: `return await connected(new process.stdout.constructor().connect(SOCKET));`,
  create_require: `return (await import("node:module")).createRequire(import.meta.url)("net").connect(SOCKET) && "connected";`,
  cjs_require: `return (await import("./_cjs.cjs")).default.required();`,
  cjs_hooks: `return (await import("./_cjs.cjs")).default.hooked();`,
  cjs_load: `return (await import("./_cjs.cjs")).default.loaded();`,
  kill_parent: `return process.kill(PARENT, "SIGKILL");`,
  kill_raw: `return process._kill(PARENT, 9);`,
  kill_named: `return (await import("node:process")).kill(PARENT, "SIGKILL");`,
  debug_parent: `return process._debugProcess(PARENT) ?? "signalled";`,
  renice: `return (await import("node:os")).default.setPriority(PARENT, 19) ?? "changed";`,
  inspector: `return (await import("node:inspector")).open(0) ?? "open";`,
  wasi: `return new (await import("node:wasi")).WASI({ version: "preview1", preopens: { "/": "/" } }) && "wasi";`,
  sqlite: `return new (await import("node:sqlite")).DatabaseSync(OUT + "/db") && "open";`,
  sqlite_there: `return (await import("./_cjs.cjs")).default.Module.isBuiltin("node:sqlite") || undefined;`,
  addon: `return process.dlopen({ exports: {} }, SECRET) ?? "loaded";`,
  binding: `return Object.keys(process.binding("spawn_sync")).join();`,
  handle_left: `const [left] = process._getActiveHandles(); return left && (await connected(new left.constructor().connect(SOCKET)));`,
  patched_has: `return await patched(Set.prototype, "has", () => true, netReached);`,
  patched_replace: `return await patched(String.prototype, "replace", () => "fs", netReached);`,
  patched_starts: `return await patched(String.prototype, "startsWith", () => false, netReached);`,
  patched_slice: `return await patched(String.prototype, "slice", () => "fs", netReached);`,
  patched_get: `return await patched(Map.prototype, "get", () => "node:net", netReached);`,
  patched_is_builtin: `const { Module } = (await import("./_cjs.cjs")).default; return await patched(Module, "isBuiltin", () => false, async () => Module._load("net").connect(SOCKET) && "connected");`,
  patched_resolve: `const { Module } = (await import("./_cjs.cjs")).default; return await patched(Module, "_resolveFilename", () => "net", async () => Module._load("./any").connect(SOCKET) && "connected");`,
  array_setter: `
    const set = function (value: unknown) { if (typeof value !== "function") Reflect.defineProperty(this, 1, { value, writable: true, enumerable: true, configurable: true }); };
    Reflect.defineProperty(Array.prototype, 1, { configurable: true, set, get() { return this[0]; } });
    try { return await netReached(); } finally { Reflect.deleteProperty(Array.prototype, 1); }`,
  array_iterator: `
    const own = Array.prototype[Symbol.iterator];
    return await patched(Array.prototype, Symbol.iterator, function () { return own.call(this.slice(0, 1)); }, netReached);`,
  loader_asks: `
    const asked: [object, PropertyKey][] = [[URL.prototype, "protocol"], [URL.prototype, "href"], [Array, Symbol.species], [Array.prototype, "0"], [Object.prototype, "format"]];
    const changed = ([owner, key]: [object, PropertyKey]): boolean => {
      const own = Object.getOwnPropertyDescriptor(owner, key);
      if (!Reflect.defineProperty(owner, key, { configurable: true, get: () => undefined })) return false;
      return own === undefined ? Reflect.deleteProperty(owner, key) : Reflect.defineProperty(owner, key, own);
    };
    return asked.filter(changed).map(([, key]) => String(key)).join() || undefined;`,
  dispatcher: `
    new Response("");
    const agent = globalThis[Symbol.for("undici.globalDispatcher.1")];
    return (await new agent.constructor({ connect: { socketPath: SOCKET } }).request({ origin: "http://localhost", path: "/", method: "GET" })) && "reached";`,
  deserialized: `
    const symbols = Object.getOwnPropertySymbols(Blob.prototype);
    const [clone, deserialize] = ["clone", "deserialize"].map((word) => symbols.find((each) => String(each).includes("messaging_" + word)));
    class Named extends Blob { [clone]() { return { data: {}, deserializeInfo: "http:ClientRequest" }; } }
    const emitter = Object.getPrototypeOf(Object.getPrototypeOf(process));
    const { on } = emitter;
    let made: any;
    const spy = function (...all: unknown[]) { if (this.connect) made = this; return on.apply(this, all); };
    Reflect.set(emitter, deserialize, () => undefined);
    await patched(emitter, "on", spy, async () => performance.mark("x", { detail: new Named([]) }));
    return made && (await connected(new made.constructor().connect(SOCKET)));`,
  cloned: `return structuredClone({}) && "cloned";`,
  messages: `return new MessageChannel() && "made";`,
  report: `return process.report.getReport().header.cwd;`,
  execve: `return process.execve("/bin/true", [], {});`,
  abort: `return process.abort();`,
  compile_cache: `return (await import("./_cjs.cjs")).default.Module.enableCompileCache(OUT).status;`,
  chdir_read: `process.chdir(OUT); return fs.readFileSync("../secret/key", "utf8");`,
};

const CJS = `
const SOCKET = process.argv0 && globalThis.__socket;
exports.Module = module.constructor;
exports.required = () => require("net").connect(globalThis.SOCKET) && "connected";
exports.hooked = () => module.constructor.registerHooks({ resolve: () => ({ url: "node:net", shortCircuit: true }) }) && "hooked";
exports.loaded = () => module.constructor._load("net").connect(globalThis.SOCKET) && "connected";
`;

/** Where the attempts are directed at. */
export interface Targets {
  readonly SECRET: string;
  readonly PORT: number;
  readonly SOCKET: string;
  readonly PARENT: number;
  readonly OUT: string;
}

/** The files of a stack that tries all of these, and has what it got as its outputs. */
export function hostileStack(targets: Targets): { readonly [path: string]: string } {
  const constants = Object.entries(targets).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const tries = Object.entries(ATTEMPTS).map(([name, body]) => `got.${name} = await attempt(async () => { ${body} });`);
  return {
    "stacks/_cjs.cjs": CJS,
    "stacks/dev.ts": `import fs from "node:fs";
import { defineStack, machine } from "orbform";
${constants.join("\n")}
globalThis.SOCKET = SOCKET;
const connected = (socket: any) => new Promise((done, fail) => { socket.on("connect", () => done("connected")); socket.on("error", fail); });
const netReached = async () => await connected((await import("node:net")).connect(SOCKET));
async function patched(owner: any, name: any, value: unknown, work: () => Promise<unknown>): Promise<unknown> {
  const before = owner[name];
  Reflect.set(owner, name, value);
  try { return await work(); } finally { Reflect.set(owner, name, before); }
}
async function attempt(work: () => Promise<unknown>): Promise<string> {
  try {
    const got = await work();
    return got === undefined ? "nothing" : "GOT " + String(got);
  } catch (error: any) {
    return String(error?.code ?? error?.name);
  }
}
const got: Record<string, string> = {};
${tries.join("\n")}
export default defineStack({ resources: { web: machine({ image: "alpine" }) }, outputs: got });
`,
  };
}
