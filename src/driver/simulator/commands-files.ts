import { packMachine, restore, unpackMachine } from "./archive.ts";
import { argument, type Call, type Command, flagValue } from "./command.ts";
import { unknownHere } from "./commands-machines.ts";
import { meant } from "./commands-run.ts";
import { Failure, serviceFailure } from "./failure.ts";
import type { Flag } from "./flags.ts";
import { NO_MACHINES } from "./help-texts.ts";
import { perform } from "./host.ts";
import { doneAt } from "./outcome.ts";
import { withService } from "./ready.ts";
import type { Machine } from "./record.ts";

const MACHINE: Flag = { long: "machine", short: "m", kind: "string", help: "Use a specific machine" };

/** `push`, `pull`, `export`, `import`, `logs`. */
export const FILE_COMMANDS: readonly Command[] = [
  {
    names: ["push"],
    use: "[flags] SOURCE... [DEST]",
    short: "Copy files from macOS to Linux",
    flags: [MACHINE],
    args: [1, Infinity],
    run: (call) => transfer(call, "push"),
  },
  {
    names: ["pull"],
    use: "[flags] SOURCE... [DEST]",
    short: "Copy files from Linux to macOS",
    flags: [MACHINE],
    args: [1, Infinity],
    run: (call) => transfer(call, "pull"),
  },
  {
    names: ["export"],
    use: "NAME FILE.tar.zst [flags]",
    short: "Export a machine to a file",
    flags: [],
    args: [2, 2],
    run: exportMachine,
  },
  {
    names: ["import"],
    use: "FILE [flags]",
    short: "Import a machine from a file",
    flags: [{ long: "name", short: "n", kind: "string", help: "Name of the new machine" }],
    args: [1, 1],
    run: importMachine,
  },
  {
    names: ["logs", "log", "console"],
    use: "ID/NAME [flags]",
    short: "Show a machine's logs",
    flags: [{ long: "all", short: "a", kind: "bool", help: "Show everything" }],
    args: [1, 1],
    run: logs,
  },
];

async function transfer(call: Call, direction: "push" | "pull"): Promise<number> {
  const { host } = call;
  await withService(host);
  const id = host.session.read((world) => meant(world, flagValue(call, "machine")));
  if (id === undefined) {
    host.stderr(NO_MACHINES);
    return 1;
  }
  const machine = host.session.read((world) => ({ ...world.need(id) }));
  const files = await import("./transfer.ts");
  await (direction === "push" ? files.push(host, machine, call.args) : files.pull(host, machine, call.args));
  return 0;
}

async function exportMachine(call: Call): Promise<number> {
  const { host } = call;
  await available(call, "export");
  const machine = host.session.read((world) => ({ ...world.need(argument(call, 0)) }));
  const path = argument(call, 1);
  await perform(host, (world) => doneAt(world.now + world.lasts(5000)));
  try {
    host.mac.write(path, packMachine(machine, host.session.readFiles(machine.id)));
  } catch (error) {
    const isFull = error instanceof Error && "code" in error && error.code === "ENOSPC";
    if (isFull) throw new Failure(`export machine: write ${path}: no space left on device`);
    throw new Failure(`export machine: open ${path}: no such file or directory`);
  }
  host.session.transact((world) => world.log("export", machine, path));
  return 0;
}

async function importMachine(call: Call): Promise<number> {
  const { host } = call;
  await available(call, "import");
  const path = argument(call, 0);
  const archive = unpackMachine(readArchive(call, path), path);
  await perform(host, (world) => restore(world, archive, flagValue(call, "name")));
  return 0;
}

function readArchive({ host }: Call, path: string): Uint8Array {
  try {
    return host.mac.read(path);
  } catch {
    throw new Failure(`open ${path}: no such file or directory`);
  }
}

async function available({ host }: Call, command: string): Promise<void> {
  await withService(host);
  if (!host.session.read((world) => world.release.cloning)) throw unknownHere(command);
}

async function logs(call: Call): Promise<number> {
  const { host } = call;
  const selector = argument(call, 0);
  await withService(host);
  if (selector === "docker") {
    host.stdout('time="2026-01-01T00:00:00Z" level=info msg="Daemon has completed initialization"\n');
    return 0;
  }
  host.stdout(host.session.read((world) => bootLog(world.need(selector))));
  return 0;
}

function bootLog({ name, boot, image }: Machine): string {
  if (boot === 0) throw serviceFailure(`machine '${name}' has no logs of type console`);
  return `Welcome to ${image.distro} ${image.version}!\n[  OK  ] Reached target Multi-User System.\n\n${name} login: \n`;
}
