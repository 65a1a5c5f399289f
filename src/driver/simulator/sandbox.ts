import { Bash, type InMemoryFs } from "just-bash";
import { Failure } from "./failure.ts";
import type { GuestCall, GuestResult } from "./guest.ts";
import { type GuestDisk, openDisk, saveDisk } from "./guest-disk.ts";
import type { GuestState } from "./guest-program.ts";
import { guestPrograms } from "./guest-programs.ts";
import type { Host } from "./host.ts";
import { powerOff } from "./power.ts";
import { home } from "./rootfs.ts";
import { quoted } from "./shell-words.ts";
import { mayReadInput } from "./stdin-readers.ts";

/** Runs a command in the machine's own file system with a shell written in TypeScript: nothing of it reaches the host. */
export async function runInSandbox(host: Host, call: GuestCall): Promise<GuestResult> {
  const stdin = mayReadInput(call.argv) ? await readAll(host) : "";
  const disk = await openDisk(host.session, call.machine);
  const cwd = await workdir(disk.fs, call);
  const state: GuestState = { host, machine: call.machine, user: call.user, disk, poweredOff: false, output: null };
  const shell = new Bash({
    fs: disk.fs,
    cwd,
    env: { ...environment(call, cwd), ...call.env },
    customCommands: [...guestPrograms(state)],
    sleep: (ms) => host.clock.sleep(ms),
    processInfo: call.user === "root" ? { pid: 2, ppid: 1, uid: 0, gid: 0 } : { pid: 2, ppid: 1, uid: 501, gid: 501 },
  });
  const result = await shell.exec(script(call), { stdin, stdinKind: "bytes", rawScript: true });
  own(disk, call.user);
  await saveDisk(host.session, call.machine, disk);
  if (state.poweredOff) host.session.transact((world) => powerOff(world, world.need(call.machine.id)));
  return answer(host, state, result);
}

/** Standard output goes through a program of ours, which gets it as bytes: the shell's own result is text. */
function script({ argv, shell }: GuestCall): string {
  const words = argv.length === 0 ? ["sh", "-s"] : argv;
  const whole = shell ? ["sh", "-lc", words.join(" ")] : words;
  return `set -o pipefail\n${whole.map(quoted).join(" ")} | orb-capture-output\n`;
}

function answer(host: Host, { output }: GuestState, result: { stderr: string; exitCode: number }): GuestResult {
  const missing = result.exitCode === 127 ? host.session.read(({ faults }) => faults.value("missing-program")) : null;
  return {
    stdout: output ?? "",
    stderr: result.stderr.replaceAll(/^bash: (?:line \d+: )?/gm, ""),
    exitCode: Number(missing ?? result.exitCode),
  };
}

async function workdir(fs: InMemoryFs, { workdir: wanted, user, machine }: GuestCall): Promise<string> {
  const own = home(user);
  if (wanted === undefined) return (await fs.exists(own)) ? own : "/";
  const path = wanted.startsWith("/") ? wanted : `${own}/${wanted}`;
  if (await fs.exists(path)) return path;
  const shared = !machine.settings.isolated && /^\/(?:Users|Volumes|private|tmp)\//.test(path);
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
