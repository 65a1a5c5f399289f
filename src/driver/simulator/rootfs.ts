import { createHash } from "node:crypto";
import type { Machine } from "./record.ts";

/** A file that every fresh machine has. */
export interface RootFile {
  readonly content: string;
  readonly mode: number;
  /** `user:group`; absent: root's. */
  readonly owner?: string;
}

/** The files a machine is born with. A clone has those of the machine it goes back to, but for its name. */
export function rootFiles(machine: Machine, now: number): { readonly [path: string]: RootFile } {
  const { name, user, image, origin } = machine;
  return {
    "/etc/hostname": file(`${name}\n`),
    "/etc/hosts": file(`127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n0.250.250.254\thost.orb.internal\n`),
    "/etc/machine-id": file(`${digest(`machine-id ${origin}`)}\n`, 0o444),
    "/etc/os-release": file(osRelease(machine)),
    "/etc/passwd": file(passwd(user)),
    "/etc/group": file(group(user)),
    "/etc/resolv.conf": file("nameserver 0.250.250.200\n"),
    "/etc/ssh/sshd_config": file("Include /etc/ssh/sshd_config.d/*.conf\n"),
    ...hostKeys(origin),
    "/root/.profile": file(""),
    [`${home(user)}/.profile`]: { content: "", mode: 0o644, owner: `${user}:${user}` },
    "/opt/orbstack-guest/version": file("1\n"),
    "/proc/sys/kernel/random/boot_id": file(`${bootId(machine)}\n`, 0o444),
    "/proc/uptime": file(uptime(now), 0o444),
    "/proc/meminfo": file(
      "MemTotal:       16384000 kB\nMemFree:        14336000 kB\nMemAvailable:   14336000 kB\n",
      0o444,
    ),
    ...limitFiles(machine),
    "/proc/cpuinfo": file("processor\t: 0\n\n", 0o444),
    "/var/lib/dpkg/status": file(""),
    "/var/log/.keep": file(""),
    "/var/tmp/.keep": file(""),
    ...(image.variant === "cloud" ? cloudFiles(machine) : {}),
  };
}

/** Limits of the running kernel; what a program sees of the whole is not cut down by them (contract 7.6). */
function limitFiles({ applied: { cpu, memory_mib } }: Machine): { readonly [path: string]: RootFile } {
  return {
    "/sys/fs/cgroup/cpu.max": file(`${cpu === 0 ? "max" : cpu * 100_000} 100000\n`),
    "/sys/fs/cgroup/memory.max": file(`${memory_mib === 0 ? "max" : memory_mib * 1024 ** 2}\n`),
  };
}

/** When the one kernel that all machines share started, where no service start is known. */
const KERNEL_START = 1_790_000_000_000;

/** The kernel outlives restarts of machines (contract 3.7). */
function uptime(now: number): string {
  const seconds = Math.max(3600, (now - KERNEL_START) / 1000).toFixed(2);
  return `${seconds} ${seconds}\n`;
}

/** Folders of the Mac and of machines as they show inside (contract 7.5); an isolated machine has its mounts only. */
export function sharedFolders({ settings }: Machine, names: readonly string[]): readonly string[] {
  if (!settings.isolated) return ["/mnt/mac/Users", "/Users", ...names.map((name) => `/mnt/machines/${name}`)];
  return settings.mounts
    .map((mount) => mount.split(":")[1] ?? mount.split(":")[0] ?? "")
    .filter((path) => path.startsWith("/"));
}

function cloudFiles({ userData }: Machine): { readonly [path: string]: RootFile } {
  return {
    "/var/lib/cloud/instance/user-data.txt": { content: userData ?? "", mode: 0o600 },
    "/var/lib/cloud/instance/boot-finished": { content: "", mode: 0o644 },
    "/var/log/cloud-init-output.log": { content: "Cloud-init finished.\n", mode: 0o640 },
  };
}

/** New SSH host keys, as made from a seed. */
export function hostKeys(seed: string): { readonly [path: string]: RootFile } {
  const files: { [path: string]: RootFile } = {};
  for (const type of ["ecdsa", "ed25519", "rsa"]) {
    const key = digest(`host key ${type} ${seed}`);
    const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${key}\n-----END OPENSSH PRIVATE KEY-----\n`;
    files[`/etc/ssh/ssh_host_${type}_key`] = { content: text, mode: 0o600 };
    files[`/etc/ssh/ssh_host_${type}_key.pub`] = { content: `ssh-${type} ${key} root\n`, mode: 0o644 };
  }
  return files;
}

/** 32 hexadecimal digits made from a text. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function file(content: string, mode = 0o644): RootFile {
  return { content, mode };
}

/** A user's home folder. */
export function home(user: string): string {
  return user === "root" ? "/root" : `/home/${user}`;
}

function bootId({ id, boot }: Machine): string {
  const hex = digest(`boot ${id} ${boot}`);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function osRelease({ image }: Machine): string {
  const id =
    { almalinux: "almalinux", archlinux: "arch", rockylinux: "rocky", voidlinux: "void" }[image.distro] ?? image.distro;
  const numbers: { readonly [name: string]: string } = {
    jammy: "22.04",
    noble: "24.04",
    plucky: "25.04",
    questing: "25.10",
    resolute: "26.04",
    bullseye: "11",
    bookworm: "12",
    trixie: "13",
  };
  const version = numbers[image.version] ?? image.version;
  const code = numbers[image.version] === undefined ? "" : `VERSION_CODENAME=${image.version}\n`;
  return `PRETTY_NAME="${image.distro} ${version}"\nNAME="${image.distro}"\nVERSION_ID="${version}"\n${code}ID=${id}\n`;
}

function passwd(user: string): string {
  const rest =
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
  const own = user === "root" ? "" : `${user}:x:501:501::${home(user)}:/bin/bash\n`;
  return `root:x:0:0:root:/root:/bin/bash\n${rest}${own}`;
}

function group(user: string): string {
  const own = user === "root" ? "" : `${user}:x:501:\n`;
  return `root:x:0:\ndaemon:x:1:\nsudo:x:27:${user === "root" ? "" : user}\nwww-data:x:33:\n${own}nogroup:x:65534:\n`;
}
