import type { ExecResult } from "just-bash";
import { latin1FromBytes } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram, type GuestState } from "./guest-program.ts";
import { ip4, ip6 } from "./naming.ts";

/** Programs that tell what a machine is like: its name, addresses, processes, disk, environment. */
export function factPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    hostname,
    ip,
    ps: () => done("    PID TTY          TIME CMD\n      1 ?        00:00:00 systemd\n      2 ?        00:00:00 sh\n"),
    df: () =>
      done(
        "Filesystem     1K-blocks    Used Available Use% Mounted on\n/dev/vdb1      482344960 2097152 480247808   1% /\n",
      ),
    free: () =>
      done(
        "               total        used        free      shared  buff/cache   available\nMem:        16384000     2048000    14336000           0           0    14336000\nSwap:              0           0           0\n",
      ),
    tty: () => ({ stdout: "not a tty\n", stderr: "", exitCode: 1 }),
    cat,
    kill,
    printenv,
  };
}

function addresses({ host, machine }: GuestState): { readonly v4: string; readonly v6: string } {
  return { v4: host.session.read((world) => ip4(world, machine.host)), v6: ip6(machine.id) };
}

async function hostname(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const { v4, v6 } = addresses(state);
  if (args.some((word) => /^-[a-z]*[Ii]$/.test(word) || word.endsWith("ip-addresses"))) return done(`${v4} ${v6} \n`);
  const name = (await ctx.fs.readFile("/etc/hostname")).trim();
  if (args.some((word) => word === "-f" || word === "--fqdn")) return done(`${name}\n`);
  const wanted = args.find((word) => !word.startsWith("-"));
  return done(wanted === undefined ? `${name}\n` : "");
}

/** `ip [-4|-6|-o|-j] addr|route …`: one interface beside the loopback. */
const ip: GuestProgram = (state, args) => {
  const { v4, v6 } = addresses(state);
  const object = args.find((word) => !word.startsWith("-")) ?? "";
  const gateway = v4.replace(/\d+$/, "1");
  if (/^r(?:o|$)/.test(object)) {
    return done(
      `default via ${gateway} dev eth0 proto static\n${v4.replace(/\d+$/, "0")}/23 dev eth0 proto kernel scope link src ${v4}\n`,
    );
  }
  if (!/^(?:a|l)/.test(object)) return failed(`Object "${object}" is unknown, try "ip help".`);
  const local = args.includes("eth0")
    ? ""
    : "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    inet 127.0.0.1/8 scope host lo\n";
  const lines = [
    ...(args.includes("-6") ? [] : [`    inet ${v4}/23 metric 100 scope global eth0\n`]),
    ...(args.includes("-4") ? [] : [`    inet6 ${v6}/64 scope global\n`]),
  ];
  return done(
    `${local}2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000\n${lines.join("")}`,
  );
};

/** In `$(cat)` the sandbox gives no input; a real shell lets it read what the script was given. */
async function cat(...[{ input }, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (!ctx.origCommand) return failed("cat: not here", 126);
  const bare = args.length === 0 || (args.length === 1 && args[0] === "-");
  if (bare && (ctx.substitutionDepth ?? 0) > 0 && latin1FromBytes(ctx.stdin) === "") {
    return { stdout: input, stderr: "", exitCode: 0, stdoutKind: "bytes" };
  }
  return ctx.origCommand([...args]);
}

const SIGNALS: { readonly [name: string]: number } = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, TERM: 15 };

/** There is one process to kill, the shell itself, which ends with the exit code of this (guest-shell.ts); any other is none. */
const kill: GuestProgram = ({ host }, args) => {
  const pid = args.find((word, at) => !word.startsWith("-") && args[at - 1] !== "-s") ?? "";
  const [, word = "TERM"] = /(?:^| )-(?:s )?(?:SIG)?(\w+)/.exec(args.join(" ")) ?? [];
  const signal = SIGNALS[word] ?? Number(word);
  if (signal === 0 && ["1", "2", String(host.pid)].includes(pid)) return done();
  if (signal > 0 && pid === String(host.pid)) return { ...done(), exitCode: 128 + signal };
  return failed(`kill: (${pid}) - No such process`);
};

/** Variables of the sandbox's shell that no program of a machine sees. */
const OWN: ReadonlySet<string> = new Set(
  "IFS OSTYPE MACHTYPE HOSTTYPE HOSTNAME OPTIND OLDPWD SHELLOPTS BASHOPTS".split(" "),
);

async function printenv(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (args.length > 0) return ctx.origCommand ? ctx.origCommand([...args]) : failed("printenv: not here", 126);
  return done(
    variables(ctx)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
}

function variables(ctx: GuestContext): readonly (readonly [string, string])[] {
  return Object.entries(ctx.exportedEnv ?? {}).filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !OWN.has(name));
}
