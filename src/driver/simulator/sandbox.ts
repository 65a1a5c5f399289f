import { Bash, type InMemoryFs } from "just-bash";
import { Failure } from "./failure.ts";
import type { GuestCall, GuestResult } from "./guest.ts";
import { STREAMS } from "./guest-fs.ts";
import { type GuestDisk, openDisk, saveDisk } from "./guest-disk.ts";
import type { GuestState } from "./guest-program.ts";
import { guestPrograms } from "./guest-programs.ts";
import type { Host } from "./host.ts";
import { innerCommand, isShell } from "./inner-command.ts";
import { powerOff } from "./power.ts";
import { home } from "./rootfs.ts";
import { quoted } from "./shell-words.ts";
import { mayReadInput } from "./stdin-readers.ts";

/** Milliseconds that one sleep on the computer's clock takes at most. */
const NAP_MS = 200;

/** Runs a command in the machine's own file system with a shell written in TypeScript: nothing of it reaches the host. */
export async function runInSandbox(host: Host, call: GuestCall): Promise<GuestResult> {
  const stdin = mayReadInput(call.argv) ? await readAll(host) : "";
  const disk = await openDisk(host, call.machine, call.user);
  const cwd = await workdir(disk.fs, call, host.mac.resolve("."));
  const state: GuestState = {
    host,
    machine: call.machine,
    user: call.user,
    disk,
    input: stdin,
    poweredOff: false,
    streams: isShell(innerCommand(words(call))[0]),
    captured: new Map(),
  };
  stream(host, disk);
  const shell = shellOf(state, cwd, call);
  const result = await shell.exec(script(call), { stdin, stdinKind: "bytes", rawScript: true });
  own(disk, call.user);
  await saveDisk(host.session, call.machine, disk);
  disk.fs.end();
  if (state.poweredOff) host.session.transact((world) => powerOff(world, world.need(call.machine.id)));
  return answer(host, state, result);
}

/** What a shell prints while it runs goes out at once. */
function stream(host: Host, { fs }: GuestDisk): void {
  fs.attach(STREAMS.stdout, (bytes) => host.stdout(bytes));
  fs.attach(STREAMS.stderr, (bytes) => {
    host.stderr(Buffer.from(withoutPrefix(Buffer.from(bytes).toString("latin1")), "latin1"));
  });
}

function shellOf(state: GuestState, cwd: string, call: GuestCall): Bash {
  const { host, disk, user } = state;
  const shell = new Bash({
    fs: disk.fs,
    cwd,
    env: { ...environment(call, cwd), ...call.env },
    customCommands: [...guestPrograms(state)],
    sleep: (ms) => sleep(host, ms),
    processInfo: { pid: host.pid, ppid: 1, ...(user === "root" ? { uid: 0, gid: 0 } : { uid: 501, gid: 501 }) },
  });
  disk.fs.fillDevices(state.input);
  return shell;
}

/** The computer's clock ends a sleep early, so that waits of the world can be cut short; a program's is slept out. */
async function sleep({ clock }: Host, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= NAP_MS) await clock.sleep(Math.min(left, NAP_MS));
}

function words({ argv, shell }: GuestCall): readonly string[] {
  if (argv.length === 0) return ["sh", "-s"];
  return shell ? ["sh", "-lc", argv.join(" ")] : argv;
}

/** Standard output goes through a program of ours, which gets it as bytes: the shell's own result is text. */
function script(call: GuestCall): string {
  return `set -o pipefail\n${words(call).map(quoted).join(" ")} | orb-capture-output whole\n`;
}

function answer(host: Host, { captured }: GuestState, result: { stderr: string; exitCode: number }): GuestResult {
  const missing = result.exitCode === 127 ? host.session.read(({ faults }) => faults.value("missing-program")) : null;
  return {
    stdout: captured.get("whole") ?? "",
    stderr: withoutPrefix(result.stderr),
    exitCode: Number(missing ?? result.exitCode),
  };
}

/** A message of the shell's, without the shell's name: the real one starts programs without a shell. */
function withoutPrefix(text: string): string {
  return text.replaceAll(/^bash: (?:line \d+: )?/gm, "");
}

/** Without a wish, the caller's folder where the machine shares it (contract 4.2), else the user's home. */
async function workdir(fs: InMemoryFs, call: GuestCall, caller: string): Promise<string> {
  const { workdir: given, user, machine } = call;
  const own = home(user);
  const open = !machine.settings.isolated;
  const wanted = given ?? (open && /^\/(?:Users|Volumes)\//.test(caller) ? caller : undefined);
  if (wanted === undefined) return (await fs.exists(own)) ? own : "/";
  const path = wanted.startsWith("/") ? wanted : `${own}/${wanted}`;
  if (await fs.exists(path)) return path;
  const shared = open && /^\/(?:Users|Volumes|private|tmp)\//.test(path);
  if (!shared) throw new Failure(`run command: chdir ${wanted}: no such file or directory`);
  await fs.mkdir(path, { recursive: true });
  return path;
}

function environment({ user }: GuestCall, cwd: string): { readonly [name: string]: string } {
  return {
    HOME: home(user),
    USER: user,
    LOGNAME: user,
    SHELL: "/bin/bash",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    PWD: cwd,
  };
}

/** What a command has made belongs to who ran it. */
function own({ fs, owners, before }: GuestDisk, user: string): void {
  for (const path of fs.getAllPaths()) {
    if (!before.has(path) && !owners.has(path)) owners.set(path, `${user}:${user}`);
  }
}

/** All of standard input, a character a byte. */
async function readAll(host: Host): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of host.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}
