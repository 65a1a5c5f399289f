import { type Call, type Command, hasFlag } from "./command.ts";
import { ask } from "./prompt.ts";
import { withService } from "./ready.ts";
import { serviceState } from "./service.ts";
import { abandon } from "./power.ts";

const plain = (name: string, short: string, run: Command["run"]): Command => ({
  names: [name],
  use: "[flags]",
  short,
  flags: [],
  args: [0, Infinity],
  run,
});

/** Commands about OrbStack itself; those that machines don't need say little (contract 3.16). */
export const SERVICE_COMMANDS: readonly Command[] = [
  { ...plain("status", "Show OrbStack status", status), args: [0, 0] },
  { ...plain("version", "Show OrbStack version", version), args: [0, 0] },
  {
    ...plain("update", "Update OrbStack", update),
    flags: [{ long: "check", short: "c", kind: "bool", help: "Only check for updates" }],
  },
  {
    ...plain("doctor", "Check for problems", says("No problems found.")),
    flags: [{ long: "fix", short: "f", kind: "bool", help: "Fix problems" }],
  },
  {
    ...plain("reset", "Delete all Linux and Docker data", reset),
    flags: [{ long: "yes", short: "y", kind: "bool", help: "Don't ask" }],
  },
  plain("ssh", "Show SSH connection details", ssh),
  plain("docker", "Manage Docker", says("Use the docker command.")),
  plain("k8s", "Manage Kubernetes", says("Use kubectl.")),
  plain("usb", "Manage USB devices", says("No USB devices.")),
  plain("serial", "Manage serial ports", says("No serial ports.")),
  plain("top", "Show resource usage", says("NAME  CPU  MEMORY")),
  {
    ...plain("login", "Log in", says("")),
    flags: [
      { long: "domain", kind: "string", help: "Single sign-on domain" },
      { long: "force", kind: "bool", help: "Log in again" },
    ],
  },
  plain("logout", "Log out", says("")),
  plain("report", "Report a problem", report),
  { ...plain("debug", "Debug a container", says("")), names: ["debug", "wormhole"] },
  plain("completion", "Generate shell completions", says("")),
];

function status({ host }: Call): number {
  const state = host.session.read(serviceState);
  const words = { running: "Running", starting: "Starting", stopped: "Stopped" } as const;
  host.stdout(`${words[state]}\n`);
  return { running: 0, starting: 2, stopped: 1 }[state];
}

function version({ host }: Call): number {
  const { version, build, commit } = host.session.read((world) => world.release);
  host.stdout(`Version: ${version} (${build})\nCommit: ${commit} (v${version})\n`);
  return 0;
}

function update(call: Call): number {
  const outdated = call.host.session.read((world) => world.faults.on("banner") !== undefined);
  call.host.stdout(outdated ? "Update available.\n" : "Already up to date.\n");
  return outdated && hasFlag(call, "check") ? 3 : 0;
}

async function reset(call: Call): Promise<number> {
  const { host } = call;
  if (!hasFlag(call, "yes") && !(await confirmed(call))) return 1;
  await withService(host);
  host.session.transact((world) => {
    world.log("reset", null);
    for (const machine of world.machines()) abandon(world, machine);
  });
  return 0;
}

async function confirmed({ host }: Call): Promise<boolean> {
  host.stdout("WARNING: This will PERMANENTLY DELETE ALL DOCKER AND LINUX DATA!\nThis cannot be undone.\n\n");
  const answer = await ask(host, "Are you sure you want to continue [y/N]? ");
  return /^y(es)?$/i.test((answer ?? "").trim());
}

async function report(call: Call): Promise<number> {
  const { host } = call;
  host.stdout("OrbStack info:\n");
  version(call);
  host.stdout("\nSystem info:\n  macOS: 26.0\n  CPU: arm64, 11 cores\n\n");
  await ask(host, "Review report contents before uploading [y/N]? ");
  return 0;
}

function ssh({ host }: Call): number {
  host.stdout(`SSH server is running. Connect with:

  ssh orb

You can also use the following options to connect from other apps:
  Host: localhost
  Port: 32222
  User: default (or USER@MACHINE)
  Private key: ~/.orbstack/ssh/id_ed25519
`);
  return 0;
}

function says(text: string): Command["run"] {
  return ({ host }) => {
    if (text !== "") host.stdout(`${text}\n`);
    return 0;
  };
}
