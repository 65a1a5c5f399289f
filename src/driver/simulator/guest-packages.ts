import type { ExecResult } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import type { Machine } from "./record.ts";

const DATABASE = "/var/lib/dpkg/status";
const DEBIANS: ReadonlySet<string> = new Set(["ubuntu", "debian", "devuan", "kali"]);

/** The package manager of a machine's distribution. Packages are names in a database; they bring no files. */
export function packagePrograms({ image }: Machine): { readonly [name: string]: GuestProgram } {
  if (DEBIANS.has(image.distro))
    return { apt: aptGet, "apt-get": aptGet, dpkg, "dpkg-query": dpkgQuery, "apt-cache": () => done() };
  if (image.distro === "alpine") return { apk };
  if (image.distro === "archlinux") return { pacman };
  if (image.distro === "opensuse") return { zypper: manager({ in: "install", rm: "remove" }), rpm };
  if (image.distro === "voidlinux")
    return { "xbps-install": xbps("install"), "xbps-remove": xbps("remove"), "xbps-query": xbpsQuery };
  if (image.distro === "nixos") return {};
  return { dnf, yum: dnf, rpm };
}

const aptGet: GuestProgram = manager({ purge: "remove" });
const dnf: GuestProgram = (state, args, ctx) => manager({})(state, args.map(equated), ctx);

/** `apk [--wait SECONDS] add|del|info …` */
const apk: GuestProgram = async (state, args, ctx) => {
  const words = args.filter((word, at) => word !== "--wait" && args[at - 1] !== "--wait");
  if (words[0] !== "info") return manager({ add: "install", del: "remove" })(state, words, ctx);
  const verbose = words.some((word) => /^-[a-z]*v/.test(word));
  return query(ctx, words.slice(1), (name, version) => (verbose ? `${name}-${version}` : name));
};

/** `pacman -S|-R|-Q …` */
const pacman: GuestProgram = async (state, args, ctx) => {
  if (args[0]?.startsWith("-Qu") === true) return failed("", 1);
  if (args[0]?.startsWith("-Q") === true) return query(ctx, args, (name, version) => `${name} ${version}`);
  return manager({ "-S": "install", "-R": "remove" })(state, args, ctx);
};

/** `xbps-install` and `xbps-remove`; without a name there is nothing to be done but to fetch an index. */
function xbps(verb: "install" | "remove"): GuestProgram {
  return (state, args, ctx) => {
    const names = args.filter((word) => !word.startsWith("-")).map(equated);
    if (names.length === 0 || args.includes("-n")) return done();
    return manager({})(state, [verb, ...names], ctx);
  };
}

/** `xbps-query [-p PROPERTY] NAME` */
const xbpsQuery: GuestProgram = async (_, args, ctx) => {
  const property = args[args.indexOf("-p") + 1];
  const names = args.filter((word) => word !== property);
  const result = await query(ctx, names, (name, version) =>
    property === "state" ? "installed" : `${name}-${version}`,
  );
  return result.exitCode === 0 ? result : { ...result, exitCode: 2 };
};

/** `NAME-VERSION`, where a package manager has it so, as `NAME=VERSION`. */
function equated(word: string): string {
  return word.startsWith("-") ? word : word.replace(/-(?=\d)/, "=");
}

async function query(
  ctx: GuestContext,
  args: readonly string[],
  show: (name: string, version: string) => string,
): Promise<ExecResult> {
  const known = await installed(ctx);
  const asked = args.filter((word) => !word.startsWith("-"));
  const found = (asked.length > 0 ? asked : [...known.keys()]).filter((name) => known.has(name));
  const stdout = found.map((name) => `${show(name, known.get(name) ?? "")}\n`).join("");
  return { stdout, stderr: "", exitCode: asked.length > found.length ? 1 : 0 };
}

/** A package manager with these words for `install` and `remove`. */
function manager(words: { readonly [word: string]: "install" | "remove" }): GuestProgram {
  return async ({ host }, args, ctx) => {
    const [verb = "", ...names] = plainWords(args, Object.keys(words));
    const meaning = words[verb] ?? verb;
    if (meaning !== "install" && meaning !== "remove") return done();
    if (host.session.read(({ faults }) => faults.on("no-network")) && meaning === "install") {
      return failed("E: Unable to fetch some archives", 100);
    }
    if (args.includes("-s")) return done();
    const missing = names.find((name) => /no-such|nonexist/.test(name));
    if (missing !== undefined) return failed(`E: Unable to locate package ${missing}`, 100);
    return change(ctx, names, meaning === "install");
  };
}

function plainWords(args: readonly string[], verbs: readonly string[]): readonly string[] {
  return args.filter((word, at) => (!word.startsWith("-") && args[at - 1] !== "-o") || verbs.includes(word));
}

async function change(ctx: GuestContext, names: readonly string[], present: boolean): Promise<ExecResult> {
  const known = await installed(ctx);
  for (const word of names) {
    const [name = "", version = "1.0-1"] = word.split("=");
    if (present && (!known.has(name) || word.includes("="))) known.set(name, version);
    if (!present) known.delete(name);
  }
  const stanzas = [...known].map(
    ([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\n`,
  );
  await ctx.fs.mkdir("/var/lib/dpkg", { recursive: true });
  await ctx.fs.writeFile(DATABASE, stanzas.join("\n"));
  return done(names.map((name) => `Setting up ${name} ...\n`).join(""));
}

/** Names and versions of the installed packages. */
export async function installed(ctx: Pick<GuestContext, "fs">): Promise<Map<string, string>> {
  const text = (await ctx.fs.exists(DATABASE)) ? await ctx.fs.readFile(DATABASE) : "";
  const stanzas = text.split("\n\n").filter((stanza) => stanza.includes("Package: "));
  return new Map(stanzas.map((stanza) => [field(stanza, "Package"), field(stanza, "Version")]));
}

function field(stanza: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1] ?? "";
}

async function dpkgQuery(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const known = await installed(ctx);
  const format = formatOf(args);
  const asked = args.filter((word, at) => !word.startsWith("-") && args[at - 1] !== "-f");
  const names = asked.length > 0 ? asked : [...known.keys()];
  const missing = names.filter((name) => !known.has(name));
  const shown = names.filter((name) => known.has(name)).map((name) => showPackage(name, known.get(name) ?? "", format));
  const stderr = missing.map((name) => `dpkg-query: no packages found matching ${name}\n`).join("");
  return { stdout: shown.join(""), stderr, exitCode: missing.length > 0 ? 1 : 0 };
}

function formatOf(args: readonly string[]): string | undefined {
  const joined = args.map((word) => /^(?:-f=?|--showformat=)(.+)$/s.exec(word)?.[1]).find((word) => word !== undefined);
  return joined ?? args.find((_, at) => args[at - 1] === "-f");
}

function showPackage(name: string, version: string, format = "${Package}\\t${Version}\\n"): string {
  const values: { readonly [key: string]: string } = {
    Package: name,
    "binary:Package": name,
    Version: version,
    Status: "install ok installed",
    "db:Status-Abbrev": "ii ",
    "db:Status-Status": "installed",
    Architecture: "all",
  };
  return format
    .replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => values[key] ?? "")
    .replaceAll(String.raw`\n`, "\n")
    .replaceAll(String.raw`\t`, "\t");
}

async function dpkg(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (args[0] === "--print-architecture") return done(`${state.machine.image.arch}\n`);
  const known = await installed(ctx);
  const names = args.filter((word) => !word.startsWith("-"));
  const missing = names.find((name) => !known.has(name));
  if (missing !== undefined)
    return failed(`dpkg-query: package '${missing}' is not installed and no information is available`);
  const shown = names.length > 0 ? names : [...known.keys()];
  return done(shown.map((name) => `ii  ${name}  ${known.get(name) ?? ""}  all\n`).join(""));
}

/** `rpm -e [--test] NAME…`, and `rpm -q [--qf FORMAT] [NAME…]`, with the tags that tell a name or a version. */
async function rpm(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (args[0] === "-e") return args.includes("--test") ? done() : change(ctx, args.slice(1), false);
  const known = await installed(ctx);
  const at = args.findIndex((word) => word === "--qf" || word === "--queryformat");
  const format = at < 0 ? "%{NAME}-%{VERSION}.noarch\\n" : (args[at + 1] ?? "");
  const names = args.filter((word, index) => !word.startsWith("-") && (at < 0 || index !== at + 1));
  const missing = names.find((name) => !known.has(name));
  if (missing !== undefined) return { stdout: `package ${missing} is not installed\n`, stderr: "", exitCode: 1 };
  const shown = (names.length > 0 ? names : [...known.keys()]).map((name) =>
    format
      .replaceAll("%{NAME}", name)
      .replaceAll(/%\{(?:EVR|VERSION)\}/g, known.get(name) ?? "")
      .replaceAll(String.raw`\n`, "\n"),
  );
  return done(shown.join(""));
}
