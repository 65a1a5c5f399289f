import type { Operation } from "../../../src/driver/driver.ts";
import * as ask from "../asks.ts";
import { breaks, fails, makes, missing, on, refuses, row, says, SILENT, stopped, two, web } from "../case.ts";
import { facts, listText, observed, record } from "../records.ts";

/** An operation that the types would not let anybody write down. */
function forged(verb: Operation["verb"], more: object): ask.Ask {
  const operation: Operation = JSON.parse(JSON.stringify({ verb, ...more }));
  return { verb, of: ({ driver, options }) => driver.perform(operation, options) };
}

const STOPPED = { stdout: "Stopped\n", stderr: "", exitCode: 1 };
const NEVER_RUN = ["ORB_NAME_REFUSED", null, null, "fail"] as const;

/** Section 1, the twelve rules, and section 2, the programs. */
export const RULES = [
  row("1.1", "stops all of OrbStack without a machine", [web, "stop"], SILENT, {
    leaves: [["status", STOPPED]],
    ...breaks(forged("stop", { id: "" }), ...NEVER_RUN),
  }),
  row("1.1", "starts all that ran without a machine", [[...web, "stop"], "start"], SILENT, {
    leaves: [["list -qr", says("web\n")]],
    ...breaks(forged("start", { id: "" }), ...NEVER_RUN),
  }),
  row("1.1", "stops every machine by a flag", [two, "stop -a"], SILENT, {
    leaves: [["list -qr", SILENT]],
    ...breaks(forged("stop", { id: "-a" }), ...NEVER_RUN),
  }),
  row(
    "1.2",
    "refuses a word that is no subcommand",
    [[], "reclaim"],
    fails('Error: unknown command "reclaim" for "orbctl"'),
  ),
  row("1.3", "deletes by name and with force", [web, "delete --force web"], SILENT, {
    leaves: [["list -q", SILENT]],
    ...makes(ask.remove("web")),
  }),
  row("1.4", "takes OrbStack's own for a machine to be deleted", [[], "delete --force k8s"], SILENT, {
    ...breaks(forged("delete", { name: "k8s" }), ...NEVER_RUN),
  }),
  row("1.4", "takes OrbStack's own for a machine to be stopped", [[], "stop docker"], SILENT, {
    ...breaks(forged("stop", { id: "Docker" }), ...NEVER_RUN),
  }),
  row("1.4", "does not give OrbStack's own names away", [web, "rename web docker"], refuses, {
    leaves: [["list -q", says("web\n")]],
    ...breaks(forged("rename", { id: "x", to: "docker" }), ...NEVER_RUN),
  }),
  row("1.5", "ends with 1 for a machine that is not there", [[], "run -m nope false"], missing("nope"), {
    ...breaks(ask.exec("nope", ["false"]), "ORB_MACHINE_NOT_FOUND", "not found", "refused", "fail"),
  }),
  row(
    "1.5",
    "ends with 1 for a command that does",
    [web, "run -m web false"],
    { ...SILENT, exitCode: 1 },
    {
      ...makes(ask.exec("web", ["false"]), { exitCode: 1, stdout: "", stderr: "" }),
    },
  ),
  row(
    "1.6",
    "prefixes what the service says",
    [web, "create ubuntu web"],
    {
      ...fails("[-32098] create 'web': machine already exists: 'web'"),
    },
    breaks(ask.create("web"), "ORB_ALREADY_EXISTS", "already exists", "refused", "taken"),
  ),
  row("1.6", "may leave the prefix out", [web, "create ubuntu web"], refuses, {
    ...on(
      fails("create 'web': machine already exists: 'web'"),
      breaks(ask.create("web"), "ORB_ALREADY_EXISTS", "already exists", "refused", "taken"),
    ),
  }),
  row(
    "1.7",
    "may make the machine and never say so",
    [[], "create ubuntu web"],
    { never: true },
    {
      faults: "create-hang",
      leaves: [
        ["list -q", says("web\n")],
        ["create ubuntu web", fails("[-32098] create 'web': machine already exists: 'web'")],
      ],
      ...breaks(ask.create("web"), "ORB_INTERRUPTED", "timed out", "unknown", "again"),
    },
  ),
  row(
    "1.7",
    "has taken the name while it still makes the machine",
    [[...web, "sim set-state web provisioning"], "create ubuntu web"],
    fails("[-32098] create 'web': machine already exists: 'web'"),
    {
      leaves: [["list -q", says("web\n")]],
      ...breaks(ask.create("web"), "ORB_ALREADY_EXISTS", "already exists", "refused", "taken"),
    },
  ),
  row(
    "1.8",
    "shows a booting machine as starting",
    [[...stopped, "sim set-state web starting"], "list -q"],
    says("web\n"),
    {
      leaves: [["list -qr", SILENT]],
    },
  ),
  row("1.9", "fails a list in passing", [web, "list -f json"], refuses, {
    faults: "list-fail=1",
    leaves: [["list -q", says("web\n")]],
  }),
  row("1.9", "fails every list", [web, "list -f json"], refuses, {
    faults: "list-fail",
    ...on(
      fails("[-32098] list containers: connection reset by peer"),
      breaks(ask.observe(), "ORB_ORBCTL_FAILED", "transport", "unknown", "again"),
    ),
  }),
  row("1.10", "crashes without a home", [[], "list"], { stdout: "", exitCode: 2 }, { env: { USER: "ada" } }),
  row("1.10", "reads as stopped with a long home", [[], "status"], STOPPED, {
    env: { HOME: `/${"h".repeat(90)}`, USER: "ada" },
    ...breaks(ask.observe(), "ORB_SERVICE_STOPPED", "service starting", "nothing", "fail"),
  }),
  row("1.11", "takes a file by standard input", [web, "run -m web -w / -u root tee /etc/job"], says("a\0b"), {
    stdin: "a\0b",
    leaves: [["run -m web cat /etc/job", says("a\0b")]],
    ...makes(ask.exec("web", ["tee", "/etc/job"], { user: "root", stdin: new TextEncoder().encode("a\0b") }), {
      exitCode: 0,
      stdout: "a\0b",
      stderr: "",
    }),
  }),
  row(
    "1.12",
    "has keys that nobody knows",
    [web, "list -f json"],
    { exitCode: 0, contains: '"tags"' },
    {
      faults: "extra-keys",
      ...on(
        says(listText("web", { tags: [], created_by: { app: "x" } })),
        makes(ask.observe(), observed(facts("web"))),
      ),
    },
  ),
  row(
    "1.12",
    "lacks keys that others have",
    [web, "list -f json"],
    { exitCode: 0, contains: '"state": "running"' },
    {
      faults: "missing-keys",
      ...on(
        says(
          `${JSON.stringify([{ ...record("web"), config: undefined, builtin: undefined, image: { distro: "ubuntu", version: "resolute", arch: "arm64" } }])}\n`,
        ),
        makes(
          ask.observe(),
          observed(
            facts("web", {
              settings: {},
              image: { distro: "ubuntu", version: "resolute", arch: "arm64", variant: "" },
            }),
          ),
        ),
      ),
    },
  ),
  row(
    "2",
    "crashes without a home, whatever is asked",
    [[], "status"],
    { stdout: "", exitCode: 2 },
    {
      env: { USER: "ada" },
      ...on(
        { stdout: "", stderr: "panic: $HOME is not defined\n\ngoroutine 1 [running]:\n", exitCode: 2 },
        breaks(ask.observe(), "ORB_ORBCTL_FAILED", "refused", "refused", "fail"),
      ),
    },
  ),
  row("2", "answers inside machines too", [web, "run -m web orbctl list -q"], says("web\n")),
  row("2", "takes a home whose socket path is just not too long", [[], "status"], says("Running\n"), {
    env: { HOME: `/${"h".repeat(104 - "/.orbstack/run/sconrpc.sock".length - 1)}`, USER: "ada" },
  }),
  row("2.1", "knows add for create", [[], "add debian"], SILENT, { leaves: [["list -q", says("debian\n")]] }),
  row("2.1", "knows new for create", [[], "new -a amd64 alpine:3.20 x"], SILENT, {
    leaves: [["list -q", says("x\n")]],
  }),
  row("2.1", "knows shutdown as a stop of the service", [web, "shutdown"], SILENT, { leaves: [["status", STOPPED]] }),
  row("2.1", "knows exec for run", [web, "exec --machine=web echo x"], says("x\n")),
  row("2.1", "knows shell for run", [web, "shell -m web echo x"], says("x\n")),
  row("2.1", "knows log for logs", [web, "log web"], { exitCode: 0, stderr: "" }),
  row("2.1", "knows console for logs", [web, "console web"], { exitCode: 0, stderr: "" }),
  row("2.1", "knows no rm", [web, "rm web"], refuses, { leaves: [["list -q", says("web\n")]] }),
  ...[
    "ssh",
    "usb",
    "serial list",
    "docker",
    "debug",
    "wormhole",
    "k8s",
    "doctor",
    "top",
    "login",
    "logout",
    "completion zsh",
  ].map((line) => row("2.1", "knows every command of the list", [[], line], { exitCode: 0, stderr: "" })),
  row("2.1", "takes a flag before the name", [web, "delete -f web"], SILENT, { leaves: [["list -q", SILENT]] }),
  row("2.1", "takes a flag after the name", [web, "delete web -f"], SILENT, { leaves: [["list -q", SILENT]] }),
  row("2.1", "takes a flag's value after =", [web, "info web --format=json"], { exitCode: 0, contains: '"record": {' }),
  row("2.1", "takes -h anywhere", [[], "clone -h"], { exitCode: 0, stderr: "" }),
  row("2.1", "tells its version by a flag", [[], "-V"], { exitCode: 0, contains: "Version: 2.2.3 (2020300)" }),
  row("2.1", "refuses an unknown word", [[], "frobnicate"], fails('Error: unknown command "frobnicate" for "orbctl"')),
  row("2.1", "refuses an unknown flag", [[], "list --frob"], fails("Error: unknown flag: --frob")),
  row("2.1", "refuses an unknown letter", [[], "list -qz"], fails("Error: unknown shorthand flag: 'z' in -z")),
  row("2.1", "wants a flag's value", [[], "list -f"], fails("Error: flag needs an argument: 'f' in -f")),
];
