import { expect } from "vitest";
import type { MachineSettings } from "../../../src/model/machine.ts";
import * as ask from "../asks.ts";
import { beside, breaks, fails, makes, on, refuses, row, says, shows, SILENT, web } from "../case.ts";
import { ALL_SETTINGS, facts, infoText, listText, observed } from "../records.ts";

const HINT = 'Restart OrbStack with "orb stop" to apply changes.\n';
const get = (key: string, value: string): readonly [string, ReturnType<typeof says>] => [
  `config get ${key}`,
  says(`${value}\n`),
];
const mine = (key: string, value: string): readonly [string, ReturnType<typeof says>] =>
  get(`machine.web.${key}`, value);
/** `config show` in whole, of one machine. */
const SHOWN = [
  "cpu: 11",
  "machine.web.cpu: 2",
  "machine.web.disk_bytes: 0",
  "machine.web.forward_ssh_agent: true",
  "machine.web.http_port: 0",
  "machine.web.https_port: 0",
  "machine.web.isolate_network: false",
  "machine.web.isolated: false",
  "machine.web.memory_mib: 0",
  "machine.web.mounts: ",
  "machine.web.username: ada",
  "rosetta: true",
  "",
].join("\n");
const REFUSED = ["ORB_ORBCTL_FAILED", "refused", "refused", "fail"] as const;

/** Every setting of a machine: its word, a value, and how the driver is told. */
const SET: readonly (readonly [key: string, value: string, settings: MachineSettings])[] = [
  ["cpu", "2", { cpus: 2 }],
  ["disk_bytes", "42949672960", { diskBytes: 42_949_672_960 }],
  ["username", "root", { user: "root" }],
  ["isolated", "true", { isolated: true }],
  ["isolate_network", "true", { isolateNetwork: true }],
  ["forward_ssh_agent", "false", { forwardSshAgent: false }],
  ["mounts", "/a,/b:/c", { mounts: ["/a", "/b:/c"] }],
  ["http_port", "80", { httpPort: 80 }],
  ["https_port", "443", { httpsPort: 443 }],
];

/** Section 3.15. */
export const CONFIG = [
  row("3.15", "shows every setting", [["create ubuntu web --cpus 2"], "config show"], shows("machine.web.cpu: 2\n"), {
    ...beside(
      { list: listText("web") },
      on(
        says(SHOWN),
        makes(ask.observe({ settings: true }), {
          ...observed(facts("web", { settings: { ...ALL_SETTINGS, cpus: 2 } })),
          settings: expect.objectContaining({ cpu: "11", rosetta: "true" }),
        }),
      ),
    ),
  }),
  row(
    "3.15",
    "shows those of one machine among others",
    [["create ubuntu web --cpus 2", "create alma web2 --cpus 3"], "config show"],
    {
      ...shows("machine.web2.cpu: 3\n"),
    },
    {
      ...beside(
        { info: infoText("web") },
        on(says(`${SHOWN}machine.web2.cpu: 3\n`), {
          driver: {
            ask: { verb: "read", of: async (asked) => pick(await ask.inspect("web", true).of(asked)) },
            makes: { value: { ...ALL_SETTINGS, cpus: 2 } },
          },
        }),
      ),
    },
  ),
  row("3.15", "prints a bare value", [[], "config get network.subnet4"], says("192.168.138.0/23\n")),
  row("3.15", "has 0 for an unset limit", [web, "config get machine.web.cpu"], says("0\n")),
  row("3.15", "has an empty list of mounts", [web, "config get machine.web.mounts"], says("\n")),
  row("3.15", "hints at a restart", [[], "config set memory_mib 8192"], says(HINT), {
    leaves: [get("memory_mib", "8192")],
    ...makes(ask.set("memory_mib", "8192")),
  }),
  row(
    "3.15",
    "may hint on standard error",
    [[], "config set cpu 4"],
    { stdout: "", stderr: HINT, exitCode: 0 },
    {
      faults: "hint-stream=stderr",
      ...makes(ask.set("cpu", "4")),
    },
  ),
  row("3.15", "sets what needs no restart silently", [[], "config set app.start_at_login true"], SILENT, {
    leaves: [get("app.start_at_login", "true")],
    ...makes(ask.set("app.start_at_login", "true")),
  }),
  row("3.15", "sets a machine's key silently", [web, "config set machine.web.memory_mib 2048"], SILENT, {
    leaves: [mine("memory_mib", "2048")],
    ...makes(ask.configure("web", { memoryMiB: 2048 })),
  }),
  ...SET.map(([key, value, settings]) =>
    row("3.15", `sets a machine's ${key}`, [[...web, "stop web"], `config set machine.web.${key} ${value}`], SILENT, {
      leaves: [mine(key, value)],
      ...makes(ask.configure("web", settings)),
    }),
  ),
  row(
    "3.15",
    "clears a list by an empty value",
    [["create ubuntu web --isolated --mount /a"], 'config set machine.web.mounts ""'],
    SILENT,
    {
      leaves: [mine("mounts", "")],
      ...makes(ask.configure("web", { mounts: [] })),
    },
  ),
  row(
    "3.15",
    "adds to a list",
    [[...web, "config add machine.web.mounts /a"], "config add machine.web.mounts /b:/c"],
    SILENT,
    {
      leaves: [mine("mounts", "/a,/b:/c")],
    },
  ),
  row(
    "3.15",
    "removes from a list",
    [[...web, "config set machine.web.mounts /a,/b"], "config remove machine.web.mounts /a"],
    SILENT,
    {
      leaves: [mine("mounts", "/b")],
    },
  ),
  row("3.15", "can't add to what is no list", [web, "config add machine.web.cpu 1"], refuses),
  ...["set nope 1", "get nope", "set machine.web.nope 1", "set machine.gone.cpu 1", "get machine.gone.cpu"].map(
    (line) => row("3.15", "refuses a key that it does not know", [web, `config ${line}`], refuses),
  ),
  row("3.15", "refuses a key that the driver would set", [[], "config set nope 1"], refuses, {
    ...on(fails("unknown config key: nope"), breaks(ask.set("nope", "1"), ...REFUSED)),
  }),
  row("3.15", "refuses an id in a key", [web, "config set machine.ID:web.cpu 1"], refuses, {
    leaves: [mine("cpu", "0")],
  }),
  row("3.15", "refuses a word for a number", [web, "config set machine.web.cpu two"], refuses, {
    leaves: [mine("cpu", "0")],
  }),
  row("3.15", "refuses a word for a bool", [web, "config set machine.web.isolated maybe"], refuses),
  row("3.15", "clamps a limit to the global one", [web, "config set machine.web.cpu 64"], SILENT, {
    leaves: [mine("cpu", "11")],
    ...makes(ask.configure("web", { cpus: 64 })),
  }),
  row("3.15", "may keep a limit above the global one", [web, "config set machine.web.cpu 64"], SILENT, {
    faults: "no-clamp",
    leaves: [mine("cpu", "64")],
  }),
  row("3.15", "resets", [["config set app.start_at_login true"], "config reset"], SILENT, {
    leaves: [get("app.start_at_login", "false")],
  }),
  row("3.15", "knew only the user name before 2.1", [web, "config show"], shows("machine.web.username: ada\n"), {
    version: "2.0.4",
    leaves: [
      ["config get machine.web.isolated", refuses],
      ["config get machine.web.cpu", refuses],
    ],
  }),
  row(
    "3.15",
    "breaks run by a wrong user name",
    [[...web, "config set machine.web.username nobody2"], "run -m web true"],
    {
      stdout: "",
      exitCode: 1,
    },
  ),
  row("3.15", "has defaults for every key", [[], "config show"], shows("ssh.expose_port: false\n"), {
    leaves: [
      get("setup.use_admin", "true"),
      get("network_proxy", "auto"),
      get("docker.node_name", "orbstack"),
      get("power.pause_in_sleep", "true"),
      get("network.proxy.exclude", ""),
      get("k8s.expose_services", "false"),
    ],
  }),
];

function pick(details: unknown): unknown {
  return typeof details === "object" && details !== null && "settings" in details ? details.settings : undefined;
}
