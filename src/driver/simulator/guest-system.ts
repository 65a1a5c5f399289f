import { Readable } from "node:stream";
import type { ExecResult } from "just-bash";
import { ownerOf } from "./guest-disk.ts";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import type { Host } from "./host.ts";
import { digest, hostKeys } from "./rootfs.ts";

/** Programs about the system as a whole. */
export function systemPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    uname,
    mktemp,
    mac,
    orbctl: orbctlInside,
    nproc: () => done("11\n"),
    uptime: () => done(" 00:00:00 up 1:00,  0 users,  load average: 0.00, 0.00, 0.00\n"),
    sync: () => done(),
    poweroff: powerOff,
    halt: powerOff,
    shutdown: powerOff,
    "cloud-init": cloudInit,
    "ssh-keygen": sshKeygen,
    "systemd-machine-id-setup": machineId,
    mkdir,
    mv,
    install,
    ss: () => done("State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n"),
  };
}

const powerOff: GuestProgram = (state) => {
  state.poweredOff = true;
  return done();
};

const uname: GuestProgram = ({ machine }, args) => {
  const arch = machine.image.arch === "arm64" ? "aarch64" : "x86_64";
  const facts = {
    s: "Linux",
    n: machine.name,
    r: "6.17.8-orbstack",
    v: "#1 SMP PREEMPT",
    m: arch,
    p: arch,
    i: arch,
    o: "GNU/Linux",
  };
  const asked = args.join("").replaceAll("-", "") || "s";
  const letters = asked.includes("a") ? "snrvmo" : asked;
  const words = Object.entries(facts).filter(([letter]) => letters.includes(letter));
  return done(`${words.map(([, word]) => word).join(" ")}\n`);
};

async function mktemp(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const letters = (length: number): string =>
    digest(`${state.host.session.read((world) => world.random())}`).slice(0, length);
  const given = args.find((word) => !word.startsWith("-") && word.includes("XXX"));
  const folder = args.find((_, at) => args[at - 1] === "-p") ?? "/tmp";
  const named = (given ?? "tmp.XXXXXXXXXX").replace(/X{3,}/, (run) => letters(run.length));
  const path = named.startsWith("/")
    ? named
    : `${given === undefined || args.includes("-t") || args.includes("-p") ? folder : ctx.cwd}/${named}`;
  if (args.includes("-d")) await ctx.fs.mkdir(path, { recursive: true });
  else await ctx.fs.writeFile(path, "");
  await ctx.fs.chmod(path, args.includes("-d") ? 0o700 : 0o600);
  return done(`${path}\n`);
}

/** Runs a command on the Mac: refused in an isolated machine (contract 4.2), and not to be had in the simulator. */
const mac: GuestProgram = ({ machine }, args) =>
  machine.settings.isolated
    ? failed("dial: no such file or directory")
    : failed(`${args[0] ?? "mac"}: the simulator has no Mac to run this on`, 127);

/** `orbctl` inside a machine talks to the same OrbStack (contract 2); an isolated machine can't reach it. */
async function orbctlInside(...[{ host, machine }, args]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (machine.settings.isolated || !host.inside) return failed("dial: no such file or directory");
  const printed = { stdout: "", stderr: "" };
  const into = (stream: "stdout" | "stderr") => (text: string | Uint8Array) => {
    printed[stream] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
  };
  const inner: Host = {
    ...host,
    program: "orbctl",
    stdin: Readable.from([]),
    stdout: into("stdout"),
    stderr: into("stderr"),
  };
  const exitCode = await host.inside(args, inner);
  return { ...printed, exitCode };
}

/** Only images made with user data have it (contract 3.1). */
const cloudInit: GuestProgram = async ({ machine, host }, args) => {
  if (machine.image.variant !== "cloud") return failed("bash: cloud-init: command not found", 127);
  if (args[0] !== "status") return done(args[0] === "--version" ? "/usr/bin/cloud-init 25.1\n" : "");
  const status = host.session.read(({ faults }) => faults.value("create-cloud-init", machine.name)) ?? "done";
  if (status === "running" && args.includes("--wait")) await host.forever();
  const shown = status === "degraded" ? "done" : status;
  const codes: { readonly [status: string]: number } = { error: 1, degraded: 2 };
  return {
    stdout: `${args.includes("--wait") ? "\n" : ""}status: ${shown}\n`,
    stderr: "",
    exitCode: codes[status] ?? 0,
  };
};

const sshKeygen: GuestProgram = async ({ host, machine }, args, ctx) => {
  if (!args.includes("-A")) return failed("ssh-keygen: the simulator only makes host keys (-A)");
  const seed = `${machine.id} ${host.session.read((world) => world.random())}`;
  for (const [path, { content, mode }] of Object.entries(hostKeys(seed))) {
    if (await ctx.fs.exists(path)) continue;
    await ctx.fs.writeFile(path, content);
    await ctx.fs.chmod(path, mode);
  }
  return done("ssh-keygen: generating new host keys: RSA ECDSA ED25519\n");
};

const machineId: GuestProgram = async ({ host, machine }, _, ctx) => {
  const present = (await ctx.fs.exists("/etc/machine-id")) ? await ctx.fs.readFile("/etc/machine-id") : "";
  if (present.trim() !== "" && present.trim() !== "uninitialized") return done();
  const seed = `${machine.id} ${host.session.read((world) => world.random())}`;
  await ctx.fs.writeFile("/etc/machine-id", `${digest(seed)}\n`);
  return done("Initializing machine ID from random generator.\n");
};

/** `mkdir` with `-m`. */
async function mkdir(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const at = args.findIndex((word) => /^-[a-z]*m$/.test(word) || word.startsWith("--mode="));
  if (!ctx.origCommand) return failed("mkdir: not here", 126);
  if (at < 0) return ctx.origCommand([...args]);
  const word = args[at] ?? "";
  const separate = !word.startsWith("--mode=");
  const mode = separate ? args[at + 1] : word.slice(7);
  const others = args.filter((_, index) => index !== at && !(separate && index === at + 1));
  const result = await ctx.origCommand([...(word.includes("p") && separate ? ["-p"] : []), ...others]);
  if (result.exitCode === 0) await chmodAll(ctx, others, Number.parseInt(mode ?? "755", 8));
  return result;
}

/** `mv` with `-T`: a file's owner goes with it. */
async function mv(...[{ disk, user }, given, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (!ctx.origCommand) return failed("mv: not here", 126);
  const args = given
    .map((word) => (/^-[a-z]*T/.test(word) ? word.replace("T", "") : word))
    .filter((word) => word !== "-");
  if (args.join("\0") !== given.join("\0")) {
    const last = ctx.fs.resolvePath(ctx.cwd, args.at(-1) ?? "/");
    const there = await ctx.fs.lstat(last).catch(() => undefined);
    if (there?.isDirectory === true) return failed(`mv: cannot overwrite directory '${args.at(-1)}'`);
    if (there?.isSymbolicLink === true) await ctx.fs.rm(last);
  }
  const words = args.filter((word) => !word.startsWith("-")).map((word) => ctx.fs.resolvePath(ctx.cwd, word));
  const target = words.pop() ?? "/";
  const into = (await ctx.fs.exists(target)) && (await ctx.fs.stat(target)).isDirectory;
  const owners = words.map((word) => ownerOf(disk, word, user));
  const result = await ctx.origCommand([...args]);
  if (result.exitCode !== 0) return result;
  for (const [at, word] of words.entries()) {
    disk.owners.set(into ? `${target}/${word.slice(word.lastIndexOf("/") + 1)}` : target, owners[at] ?? "root:root");
    disk.owners.delete(word);
  }
  return result;
}

async function chmodAll(ctx: GuestContext, words: readonly string[], mode: number): Promise<void> {
  for (const word of words.filter((each) => !each.startsWith("-")))
    await ctx.fs.chmod(ctx.fs.resolvePath(ctx.cwd, word), mode);
}

/** `install [-d] [-m MODE] [-o USER] [-g GROUP] SRC… DEST`. */
async function install(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const words = [...args];
  const options = new Map<string, string>();
  const paths: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (/^-[mogt]$/.test(word)) options.set(word.slice(1), words.shift() ?? "");
    else if (/^-[mog]./.test(word)) options.set(word.slice(1, 2), word.slice(2));
    else if (word.startsWith("-") && word !== "-") options.set(word.includes("d") ? "d" : "D", "");
    else paths.push(word === "/dev/stdin" ? word : ctx.fs.resolvePath(ctx.cwd, word));
  }
  const made = options.has("d") ? paths : paths.slice(-1);
  if (options.has("d")) for (const path of paths) await ctx.fs.mkdir(path, { recursive: true });
  else await ctx.fs.writeFile(paths.at(-1) ?? "", await ctx.fs.readFileBuffer(paths[0] ?? ""));
  for (const path of made) {
    await ctx.fs.chmod(path, Number.parseInt(options.get("m") ?? "755", 8));
    state.disk.owners.set(
      path,
      `${options.get("o") ?? state.user}:${options.get("g") ?? options.get("o") ?? state.user}`,
    );
  }
  return done();
}
