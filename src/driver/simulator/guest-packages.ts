import type { ExecResult } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import type { Machine } from "./record.ts";

const DATABASE = "/var/lib/dpkg/status";
const DEBIANS: ReadonlySet<string> = new Set(["ubuntu", "debian", "devuan", "kali"]);

/** The package manager of a machine's distribution. Packages are names in a database; they bring no files. */
export function packagePrograms({ image }: Machine): { readonly [name: string]: GuestProgram } {
  if (DEBIANS.has(image.distro))
    return { apt: aptGet, "apt-get": aptGet, dpkg, "dpkg-query": dpkgQuery, "apt-cache": () => done() };
  if (image.distro === "alpine") return { apk: manager({ add: "install", del: "remove" }) };
  if (image.distro === "archlinux") return { pacman: manager({ "-S": "install", "-R": "remove" }) };
  if (image.distro === "opensuse") return { zypper: manager({ in: "install", rm: "remove" }), rpm };
  return { dnf: manager({}), yum: manager({}), rpm };
}

const aptGet: GuestProgram = manager({ purge: "remove" });

/** A package manager with these words for `install` and `remove`. */
function manager(words: { readonly [word: string]: "install" | "remove" }): GuestProgram {
  return async ({ host }, args, ctx) => {
    const [verb = "", ...names] = plainWords(args, Object.keys(words));
    const meaning = words[verb] ?? verb;
    if (meaning !== "install" && meaning !== "remove") return done();
    if (host.session.read(({ faults }) => faults.on("no-network")) && meaning === "install") {
      return failed("E: Unable to fetch some archives", 100);
    }
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

async function rpm(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const known = await installed(ctx);
  const names = args.filter((word) => !word.startsWith("-"));
  const missing = names.find((name) => !known.has(name));
  if (missing !== undefined) return { stdout: `package ${missing} is not installed\n`, stderr: "", exitCode: 1 };
  return done(
    (names.length > 0 ? names : [...known.keys()]).map((name) => `${name}-${known.get(name) ?? ""}.noarch\n`).join(""),
  );
}
