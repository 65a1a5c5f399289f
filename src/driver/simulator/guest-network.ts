import type { ExecResult } from "just-bash";
import type { GuestFiles } from "./guest-files.ts";
import { done, failed, type GuestProgram, type GuestState } from "./guest-program.ts";
import { ip4, ip6 } from "./naming.ts";
import type { Machine } from "./record.ts";

/** Programs that reach other machines: by `NAME.orb.local` (contract 7.4) or address. Nothing outside is reached. */
export function networkPrograms({ image }: Machine): { readonly [name: string]: GuestProgram } {
  // busybox brings a resolver's client along; other images have but what every program resolves by.
  return { ping, nc, curl, ...(image.distro === "alpine" && { nslookup }) };
}

/** A host that has an address. */
interface Peer {
  readonly v4: string;
  readonly v6: string;
  /** `undefined`: not a machine. */
  readonly machine?: Machine;
}

const LOOPBACK = { v4: "127.0.0.1", v6: "::1" };

/** Whose address a name or address is. That a stopped machine's name has none is not known of the real one. */
function resolve({ host, machine }: GuestState, word: string): Peer | undefined {
  const name = word.toLowerCase().replace(/\.$/, "");
  if (["localhost", "127.0.0.1", "::1", machine.name.toLowerCase()].includes(name)) return { ...LOOPBACK, machine };
  return host.session.read((world) => {
    if (world.faults.on("no-network")) return undefined;
    const peers = world.machines().filter((each) => world.stateOf(each) === "running");
    const peer = peers.find(
      (each) =>
        `${each.name.toLowerCase()}.orb.local` === name || ip4(world, each.host) === name || ip6(each.id) === name,
    );
    return peer && { v4: ip4(world, peer.host), v6: ip6(peer.id), machine: peer };
  });
}

/** Whether packets get there: with `--isolate-network` none get to another machine (contract 3.1). */
function reaches({ machine }: GuestState, peer: Peer): boolean {
  return peer.machine?.id === machine.id || !machine.settings.isolate_network;
}

/** A machine's SSH server listens, and a web server where one is installed and runs. */
function listens({ host }: GuestState, { machine }: Peer, port: number): boolean {
  if (port === 22) return true;
  if (port !== 80 || machine === undefined) return false;
  const files = host.session.readFiles(machine.id);
  const database = Buffer.from(files?.entries["/var/lib/dpkg/status"]?.content ?? "", "base64").toString("utf8");
  return /^Package: nginx$/m.test(database) && files !== null && isUp("nginx", machine, files);
}

/** What `systemctl is-active` says of a unit that is installed (guest-units.ts), from what has changed in a machine. */
function isUp(unit: string, { boot }: Machine, files: GuestFiles): boolean {
  // What was removed is `null`, and what lies in /run is gone after a boot.
  const isThere = (path: string): boolean => (files.entries[path] ?? null) !== null;
  const isMarked = (mark: string): boolean => files.boot === boot && isThere(`/run/units/${mark}-${unit}`);
  return isMarked("started") || !(isMarked("stopped") || isThere(`/etc/systemd/system/.disabled-${unit}`));
}

const ping: GuestProgram = (state, args) => {
  const word = args.at(-1) ?? "";
  const count = Number(args[args.indexOf("-c") + 1] ?? 1);
  const peer = resolve(state, word);
  if (peer === undefined) return failed(`ping: ${word}: Name or service not known`, 2);
  const back = reaches(state, peer) ? count : 0;
  const replies = Array.from(
    { length: back },
    (_, at) => `64 bytes from ${word} (${peer.v4}): icmp_seq=${at + 1} ttl=64 time=0.100 ms\n`,
  );
  const times = back === 0 ? "" : "rtt min/avg/max/mdev = 0.100/0.100/0.100/0.000 ms\n";
  const loss = back === 0 ? 100 : 0;
  return {
    stdout: `PING ${word} (${peer.v4}) 56(84) bytes of data.\n${replies.join("")}\n--- ${word} ping statistics ---\n${count} packets transmitted, ${back} received, ${loss}% packet loss, time ${(count - 1) * 1000}ms\n${times}`,
    stderr: "",
    exitCode: back === 0 ? 1 : 0,
  };
};

const nc: GuestProgram = (state, args) => {
  const [word = "", port = ""] = args.slice(-2);
  const tell = (text: string, exitCode: number): ExecResult => ({
    stdout: "",
    stderr: args.includes("-v") || exitCode !== 0 ? `${text}\n` : "",
    exitCode,
  });
  const peer = resolve(state, word);
  if (peer === undefined) return tell(`nc: getaddrinfo for host "${word}" port ${port}: Name or service not known`, 1);
  const refused = reaches(state, peer) ? "Connection refused" : "Connection timed out";
  return reaches(state, peer) && listens(state, peer, Number(port))
    ? tell(`Connection to ${word} ${port} port [tcp/*] succeeded!`, 0)
    : tell(`nc: connect to ${word} port ${port} (tcp) failed: ${refused}`, 1);
};

/** `curl [-o FILE] [-w FORMAT] … URL`; the URL last. */
const curl: GuestProgram = (state, args) => {
  const word = args.at(-1) ?? "";
  if (!URL.canParse(word)) return failed(`curl: (3) URL rejected: ${word}`, 3);
  const { hostname, port, pathname, protocol } = new URL(word);
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const peer = resolve(state, hostname);
  const answered = peer !== undefined && reaches(state, peer) && listens(state, peer, number);
  const status = pathname === "/" ? 200 : 404;
  const figures = writeOut(args, { status: answered ? status : 0, ip: answered ? peer.v4 : "" });
  if (answered) return done(`${args.includes("-o") ? "" : "<h1>Welcome to nginx!</h1>\n"}${figures}`);
  const [text, exitCode] =
    peer === undefined
      ? [`curl: (6) Could not resolve host: ${hostname}`, 6]
      : [`curl: (7) Failed to connect to ${hostname} port ${number} after 0 ms: Couldn't connect to server`, 7];
  return { stdout: figures, stderr: `${text}\n`, exitCode };
};

function writeOut(args: readonly string[], { status, ip }: { readonly status: number; readonly ip: string }): string {
  const format = args.find((_, at) => args[at - 1] === "-w") ?? "";
  return format
    .replaceAll("%{http_code}", String(status).padStart(3, "0"))
    .replaceAll("%{time_total}", "0.001000")
    .replaceAll("%{remote_ip}", ip)
    .replaceAll(String.raw`\n`, "\n");
}

/** busybox's: `nslookup [-type=TYPE] NAME`. Machines have addresses and nothing else. */
const nslookup: GuestProgram = (state, args) => {
  const word = args.find((each) => !each.startsWith("-")) ?? "";
  const type = args.find((each) => each.startsWith("-type="))?.slice(6) ?? "A";
  const head = "Server:\t\t0.250.250.200\nAddress:\t0.250.250.200:53\n\n";
  const peer = resolve(state, word);
  if (peer === undefined) return { stdout: head, stderr: `** server can't find ${word}: NXDOMAIN\n\n`, exitCode: 1 };
  const address = { A: peer.v4, AAAA: peer.v6 }[type];
  if (address === undefined) return done(`${head}Non-authoritative answer:\n\n`);
  return done(`${head}Name:\t${word}\nAddress: ${address}\n\n`);
};

/** `getent ahostsv4|ahostsv6 NAME`. */
export function ahosts(state: GuestState, [database = "", word = ""]: readonly string[]): ExecResult {
  const peer = resolve(state, word);
  if (peer === undefined) return { stdout: "", stderr: "", exitCode: 2 };
  const address = database === "ahostsv6" ? peer.v6 : peer.v4;
  const kinds = [`STREAM ${word}`, "DGRAM", "RAW"];
  return done(kinds.map((kind) => `${address.padEnd(15)} ${kind}\n`).join(""));
}
