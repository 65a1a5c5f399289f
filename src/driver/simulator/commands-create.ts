import { argument, type Call, type Command, FORCE_FLAG, ALL_FLAG, flagValue, hasFlag } from "./command.ts";
import { act, each } from "./commands-machines.ts";
import { create, type CreateRequest, readArch } from "./create.ts";
import { Failure, notFound } from "./failure.ts";
import { usageFailure } from "./flags.ts";
import { CREATE_LONG } from "./help-texts.ts";
import { readImage } from "./images.ts";
import { PANIC } from "./panic.ts";
import { ask } from "./prompt.ts";
import type { Settings } from "./record.ts";
import { remove } from "./remove.ts";
import { withService } from "./ready.ts";
import { defaultSettings, parseCount, parseMount, parseSize } from "./settings.ts";

/** `create` and `delete`. */
export const CREATE_COMMANDS: readonly Command[] = [
  {
    names: ["create", "add", "new"],
    use: "[flags] DISTRO[:VERSION] [MACHINE_NAME]",
    short: "Create a new machine",
    long: CREATE_LONG,
    examples: ["orb create -a arm64 ubuntu:mantic", "orb create -a amd64 fedora foo"],
    flags: [
      { long: "arch", short: "a", kind: "string", help: "Override the default architecture" },
      { long: "cpus", since: "limits", kind: "string", help: "CPU limit" },
      { long: "disk", since: "limits", kind: "string", help: "Disk limit, e.g. 64G" },
      {
        long: "forward-ssh-agent",
        since: "isolation",
        kind: "bool",
        help: "Forward the SSH agent to an isolated machine",
      },
      {
        long: "isolate-network",
        since: "isolation",
        kind: "bool",
        help: "Isolate the machine's network (needs --isolated)",
      },
      { long: "isolated", since: "isolation", kind: "bool", help: "Isolate the machine from macOS and other machines" },
      { long: "memory", since: "limits", kind: "string", help: "Memory limit, e.g. 4G; a bare number is MiB" },
      {
        long: "mount",
        since: "isolation",
        kind: "list",
        help: "Mount SRC[:DEST] into an isolated machine",
        value: "stringArray",
      },
      { long: "set-password", short: "p", kind: "bool", help: "Set a password for the default user" },
      { long: "user", short: "u", kind: "string", help: "Username for the default user" },
      {
        long: "user-data",
        short: "c",
        kind: "string",
        help: "Path to Cloud-init user data file (for automatic setup)",
      },
    ],
    args: [1, 2],
    run: createCommand,
  },
  {
    names: ["delete"],
    use: "[ID/NAME]... [flags]",
    short: "Delete machines",
    flags: [ALL_FLAG, FORCE_FLAG],
    args: [0, Infinity],
    run: deleteCommand,
  },
];

async function createCommand(call: Call): Promise<number> {
  const { host } = call;
  const image = readImage(argument(call, 0));
  const request: CreateRequest = {
    image,
    name: call.args[1] ?? image.word,
    arch: readArch(flagValue(call, "arch") ?? "arm64"),
    settings: settingsOf(call),
    userData: userData(call),
  };
  if (hasFlag(call, "set-password")) await ask(host, "Password: ");
  return act(call, (world) => create(world, request));
}

function settingsOf(call: Call): Settings {
  const isolated = hasFlag(call, "isolated");
  const mounts = call.parsed.values.get("mount") ?? [];
  const needsIsolation =
    (hasFlag(call, "isolate-network") && "--isolate-network") ||
    (mounts.length > 0 && "--mount") ||
    (hasFlag(call, "forward-ssh-agent") && "--forward-ssh-agent");
  if (needsIsolation !== false && !isolated) throw new Failure(`${needsIsolation} requires --isolated`);
  return {
    ...defaultSettings(flagValue(call, "user") ?? call.host.env["USER"] ?? "user"),
    cpu: parseCount(flagValue(call, "cpus") ?? "0"),
    memory_mib: Math.floor(parseSize(flagValue(call, "memory") ?? "0", 1024 ** 2) / 1024 ** 2),
    disk_bytes: parseSize(flagValue(call, "disk") ?? "0", 1),
    isolated,
    isolate_network: hasFlag(call, "isolate-network"),
    forward_ssh_agent: !isolated || hasFlag(call, "forward-ssh-agent"),
    mounts: mounts.map(parseMount),
  };
}

function userData(call: Call): string | null {
  const path = flagValue(call, "user-data");
  if (path === undefined) return null;
  try {
    return new TextDecoder().decode(call.host.mac.read(path));
  } catch {
    throw new Failure(`read user data: open ${path}: no such file or directory`);
  }
}

async function deleteCommand(call: Call): Promise<number> {
  const { host } = call;
  const all = hasFlag(call, "all");
  if (!all && call.args.length === 0) throw usageFailure("requires at least 1 arg(s), only received 0");
  if (call.args.some((word) => crashes(call, word))) throw new Failure(PANIC, 2);
  await withService(host);
  const names = all ? host.session.read((world) => world.machines().map(({ name }) => name)) : call.args;
  const missing = names.find((name) => !host.session.read((world) => isThere(world.find(name) !== undefined, name)));
  if (missing !== undefined) throw notFound(missing);
  if (!(await isConfirmed(call, names))) return 1;
  return each({ ...call, args: names }, remove);
}

function isThere(found: boolean, name: string): boolean {
  return found || name === "docker" || name === "k8s";
}

function crashes({ host }: Call, word: string): boolean {
  return host.session.read(
    (world) => world.release.deleteByIdCrashes && world.byName(word) === undefined && world.byId(word) !== undefined,
  );
}

async function isConfirmed(call: Call, names: readonly string[]): Promise<boolean> {
  if (hasFlag(call, "force")) return true;
  const list = names.map((name) => `  ${name}\n`).join("");
  call.host.stdout(
    `WARNING: This will PERMANENTLY DELETE ALL DATA in the following machines:\n${list}You cannot undo this action.\n\n`,
  );
  const answer = await ask(call.host, "Continue [y/N]? ");
  if (answer !== null) return /^y(es)?$/i.test(answer.trim());
  return call.host.session.read((world) => world.faults.on("delete-assumes-yes") !== undefined);
}
