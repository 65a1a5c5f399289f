import * as ask from "../asks.ts";
import {
  breaks,
  fails,
  makes,
  missing,
  on,
  onWords,
  refuses,
  row,
  says,
  shows,
  SILENT,
  stopped,
  two,
  web,
} from "../case.ts";

const NOT_FOUND = ["ORB_MACHINE_NOT_FOUND", "not found", "refused", "fail"] as const;
const TAKEN = ["ORB_ALREADY_EXISTS", "already exists", "refused", "taken"] as const;
const TRANSITION = ["ORB_MACHINE_IN_TRANSITION", "in transition", "nothing", "settle"] as const;
const HANGS = ["ORB_INTERRUPTED", "timed out", "unknown", "again"] as const;
const FULL = ["ORB_DISK_FULL", "no space", "refused"] as const;
const runs = (names: string): readonly [string, ReturnType<typeof says>] => ["list -qr", says(names)];
const has = (names: string): readonly [string, ReturnType<typeof says>] => ["list -q", says(names)];
const PROMPT =
  "WARNING: This will PERMANENTLY DELETE ALL DATA in the following machines:\n  web\nYou cannot undo this action.\n\nContinue [y/N]? ";
const limited = ["create ubuntu web --disk 16G"];

/** Sections 3.5 to 3.7: `start`, `stop`, `restart`. */
export const POWER = [
  row("3.5", "boots a stopped machine", [stopped, "start web"], SILENT, {
    leaves: [runs("web\n")],
    ...makes(ask.power("start", "web")),
  }),
  row("3.5", "has nothing to do for one that runs", [web, "start web"], SILENT, makes(ask.power("start", "web"))),
  row("3.5", "starts several", [[...two, "stop -a"], "start a web"], SILENT, { leaves: [runs("a\nweb\n")] }),
  row("3.5", "starts all", [[...two, "stop -a"], "start --all"], SILENT, { leaves: [runs("a\nweb\n")] }),
  row("3.5", "brings back what ran when bare, and nothing else", [[...two, "stop a", "stop"], "start"], SILENT, {
    leaves: [runs("web\n"), has("a\nweb\n")],
  }),
  row("3.5", "starts k8s", [[], "start k8s"], SILENT),
  row("3.5", "says what is missing", [[], "start X"], missing("X"), breaks(ask.power("start", "X"), ...NOT_FOUND)),
  row(
    "3.5",
    "tells that the service can't start",
    [[], "start"],
    fails("start VM: timed out waiting for VM to start"),
    {
      faults: "service-stopped",
      ...on(
        fails("start VM: timed out waiting for VM to start"),
        breaks(ask.power("start", "web"), "ORB_SERVICE_STOPPED", "service starting", "nothing", "again"),
      ),
    },
  ),
  row("3.5", "fails without an address", [stopped, "start web"], refuses, {
    faults: "boot-missing-ip",
    leaves: [runs("")],
    ...on(
      fails("[-32098] start 'web': machine didn't start in 30s (missing IP address)"),
      breaks(ask.power("start", "web"), "ORB_NO_ADDRESS", "no address", "unknown", "again"),
    ),
  }),
  row("3.6", "stops a machine", [web, "stop web"], SILENT, {
    leaves: [runs(""), has("web\n")],
    ...makes(ask.power("stop", "web")),
  }),
  row("3.6", "stops at once with force before the name", [web, "stop -f web"], SILENT, { leaves: [runs("")] }),
  row("3.6", "stops several with force after the name", [two, "stop a web --force"], SILENT, { leaves: [runs("")] }),
  row(
    "3.6",
    "has nothing to do for one that is stopped",
    [stopped, "stop web"],
    SILENT,
    makes(ask.power("stop", "web")),
  ),
  row("3.6", "stops all machines but not OrbStack with -a", [web, "stop -a"], SILENT, {
    leaves: [["status", says("Running\n")], runs("")],
  }),
  row("3.6", "stops OrbStack with all machines when bare", [web, "stop"], SILENT, {
    leaves: [["status", { stdout: "Stopped\n", exitCode: 1 }]],
  }),
  row("3.6", "says what is missing", [[], "stop X"], missing("X"), breaks(ask.power("stop", "X"), ...NOT_FOUND)),
  row(
    "3.6",
    "knows a guest's poweroff",
    [web, "run -m web sudo poweroff"],
    { exitCode: 0 },
    { leaves: [runs(""), has("web\n")] },
  ),
  row(
    "3.6",
    "can hang in stopping",
    [web, "stop web"],
    { never: true },
    {
      faults: "stop-hang",
      leaves: [["list", shows("stopping")]],
      ...breaks(ask.power("stop", "web"), ...HANGS),
    },
  ),
  ...["stop -f web", "run -m web true", "delete -f web"].map((line) =>
    row("3.6", `hangs in stopping for ${line.split(" ")[0]} too`, [[...web, "sim set-state web stopping"], line], {
      never: true,
    }),
  ),
  row(
    "3.6",
    "loses /tmp with a stop",
    [[...web, "run -m web touch /tmp/a /var/tmp/b", "stop web"], "run -m web ls /tmp /var/tmp"],
    {
      ...says("/tmp:\n\n/var/tmp:\nb\n"),
    },
  ),
  row("3.7", "restarts silently", [web, "restart web"], SILENT, {
    leaves: [runs("web\n")],
    ...makes(ask.power("restart", "web")),
  }),
  row("3.7", "restarts docker", [[], "restart docker"], SILENT),
  row("3.7", "starts a stopped one", [stopped, "restart web"], SILENT, { leaves: [runs("web\n")] }),
  row("3.7", "restarts all", [two, "restart -a"], SILENT, { leaves: [runs("a\nweb\n")] }),
  row("3.7", "wants a name", [web, "restart"], refuses),
  row("3.7", "says what is missing", [[], "restart X"], missing("X"), breaks(ask.power("restart", "X"), ...NOT_FOUND)),
];

/** Sections 3.8 to 3.10: `delete`, `clone`, `rename`. */
export const CHANGING = [
  row("3.8", "deletes a running machine", [two, "delete --force web"], SILENT, {
    leaves: [has("a\n")],
    ...makes(ask.remove("web")),
  }),
  row("3.8", "deletes several", [two, "delete --force a web"], SILENT, { leaves: [has("")] }),
  row("3.8", "deletes all", [two, "delete -a -f"], SILENT, { leaves: [has("")] }),
  row("3.8", "wants a machine", [web, "delete -f"], refuses, { leaves: [has("web\n")] }),
  row("3.8", "says what is missing", [[], "delete -f nope"], missing("nope"), {
    ...breaks(ask.remove("nope"), "ORB_MACHINE_NOT_FOUND", "not found", "done", "done"),
  }),
  row("3.8", "leaves the rest alone where one is missing", [web, "delete -f web nope"], missing("nope"), {
    leaves: [has("web\n")],
  }),
  row("3.8", "asks without force, and takes a yes", [web, "delete web"], says(PROMPT), {
    stdin: "y\n",
    leaves: [has("")],
  }),
  row(
    "3.8",
    "asks without force, and takes a no",
    [web, "delete web"],
    { stdout: PROMPT },
    { stdin: "n\n", leaves: [has("web\n")] },
  ),
  row(
    "3.8",
    "crashes by id, with force",
    [[...web, "clone web x"], "delete -f ID:web"],
    { stdout: "", exitCode: 2 },
    {
      leaves: [has("web\nx\n")],
    },
  ),
  row(
    "3.8",
    "crashes by id, without force",
    [stopped, "delete ID:web"],
    { stdout: "", exitCode: 2 },
    { leaves: [has("web\n")] },
  ),
  row("3.8", "deleted by id before 2.2.3", [web, "delete -f ID:web"], SILENT, { version: "2.2.2", leaves: [has("")] }),
  row(
    "3.8",
    "can't delete what is in creating (2023)",
    [[...web, "sim set-state web creating"], "delete -f web"],
    {
      ...fails("[-32098] invalid transition from creating to deleting"),
    },
    {
      version: "0.11.0",
      leaves: [has("web\n")],
      ...breaks(ask.remove("web"), ...TRANSITION),
    },
  ),
  row(
    "3.8",
    "can't delete what is in creating (1.7)",
    [[...web, "sim set-state web creating"], "delete -f web"],
    {
      ...fails("[-32098] cannot transition from creating to deleting"),
    },
    { version: "1.7.0", leaves: [has("web\n")], ...breaks(ask.remove("web"), ...TRANSITION) },
  ),
  row("3.8", "deletes what is in creating since", [[...web, "sim set-state web creating"], "delete -f web"], SILENT, {
    leaves: [has("")],
  }),
  row("3.8", "can't delete at the disk quota", [limited, "delete -f web"], refuses, {
    faults: "disk-quota",
    leaves: [has("web\n")],
    ...on(
      fails("[-32098] delete 'web': write config: no space left on device"),
      breaks(ask.remove("web"), ...FULL, "free space"),
    ),
  }),
  row("3.8", "can't rename at the disk quota", [limited, "rename web www"], refuses, {
    faults: "disk-quota",
    leaves: [has("web\n")],
    ...on(
      fails("[-32098] rename 'web': write config: disk quota exceeded"),
      breaks(ask.rename("web", "www"), ...FULL, "free space"),
    ),
  }),
  row(
    "3.8",
    "deletes once the quota is lifted",
    [[...limited, "config set machine.web.disk_bytes 0"], "delete -f web"],
    SILENT,
    {
      faults: "disk-quota",
      leaves: [has("")],
    },
  ),
  row(
    "3.8",
    "takes a machine's settings away with it",
    [[...web, "config set machine.web.cpu 2", "delete -f web", ...web], "config get machine.web.cpu"],
    says("0\n"),
  ),
  row("3.9", "makes a stopped copy, and leaves the source running", [web, "clone web two"], SILENT, {
    leaves: [runs("web\n"), has("two\nweb\n")],
    ...makes(ask.clone("web", "two")),
  }),
  row("3.9", "leaves a stopped source stopped", [stopped, "clone web two"], SILENT, { leaves: [runs("")] }),
  row("3.9", "takes an id for the source", [web, "clone ID:web two"], SILENT, { leaves: [has("two\nweb\n")] }),
  row(
    "3.9",
    "copies the settings",
    [["create ubuntu web --isolated --cpus 2", "clone web two"], "config show"],
    {
      ...shows("machine.two.isolated: true\n"),
    },
    { leaves: [["config get machine.two.cpu", says("2\n")]] },
  ),
  row("3.9", "gives the copy its own host name", [[...web, "clone web two"], "run -m two hostname"], says("two\n")),
  row("3.9", "refuses a taken name", [two, "clone web a"], fails("[-32098] clone 'web': machine already exists: 'a'"), {
    leaves: [has("a\nweb\n")],
    ...breaks(ask.clone("web", "a"), ...TAKEN),
  }),
  row(
    "3.9",
    "refuses a missing source",
    [[], "clone X two"],
    missing("X"),
    breaks(ask.clone("X", "two"), ...NOT_FOUND),
  ),
  row("3.9", "wants two names", [web, "clone web"], fails("Error: accepts 2 arg(s), received 1")),
  row("3.9", "was not there in 1.9.2", [web, "clone web two"], refuses, {
    version: "1.9.2",
    ...on(
      fails('Error: unknown command "clone" for "orbctl"'),
      breaks(ask.clone("web", "two"), "ORB_NOT_CAPABLE", "refused", "refused", "fail"),
    ),
  }),
  row("3.9", "left a started clone in provisioning (1.11.1)", [[...web, "clone web two"], "start two"], SILENT, {
    version: "1.11.1",
    leaves: [["list", shows("two   provisioning  ubuntu")], ["stop", SILENT], ["start", SILENT], has("web\n")],
  }),
  row("3.9", "may have no room for it", [web, "clone web two"], refuses, {
    faults: "clone-fails",
    leaves: [has("web\n")],
    ...on(
      fails("[-32098] clone 'web': copy rootfs: no space left on device"),
      breaks(ask.clone("web", "two"), "ORB_DISK_FULL", "no space", "unknown", "again"),
    ),
  }),
  row("3.9", "can fail at the copy's first start", [[...web, "clone web two"], "start two"], refuses, {
    faults: "boot-missing-ip:two",
    leaves: [has("two\nweb\n")],
    ...on(
      fails("[-32098] start 'two': machine didn't start in 30s (missing IP address)"),
      breaks(ask.power("start", "two"), "ORB_NO_ADDRESS", "no address", "unknown", "again"),
    ),
  }),
  row("3.10", "renames silently, running", [web, "rename web www"], SILENT, {
    leaves: [runs("www\n")],
    ...makes(ask.rename("web", "www")),
  }),
  row("3.10", "renames what is stopped", [stopped, "rename web www"], SILENT, { leaves: [has("www\n"), runs("")] }),
  row("3.10", "takes an id", [web, "rename ID:web www"], SILENT, { leaves: [has("www\n")] }),
  row("3.10", "frees the old name", [[...web, "rename web www"], "create ubuntu web"], SILENT, {
    leaves: [has("web\nwww\n")],
  }),
  row("3.10", "renames the host inside", [[...web, "rename web www"], "run -m www hostname"], says("www\n")),
  row(
    "3.10",
    "takes settings along",
    [["create ubuntu web --cpus 3", "rename web www"], "config get machine.www.cpu"],
    says("3\n"),
  ),
  row(
    "3.10",
    "refuses a taken name",
    [two, "rename web a"],
    fails("[-32098] rename 'web': machine already exists: 'a'"),
    {
      leaves: [has("a\nweb\n")],
      ...breaks(ask.rename("web", "a"), ...TAKEN),
    },
  ),
  row("3.10", "says what is missing", [[], "rename X www"], missing("X"), breaks(ask.rename("X", "www"), ...NOT_FOUND)),
  row(
    "3.10",
    "may be refused for a lock",
    [web, "rename web www"],
    { exitCode: 0 },
    {
      ...onWords(
        fails("[-32098] rename 'web': machine is locked by another operation"),
        breaks(ask.rename("web", "www"), "ORB_MACHINE_IN_TRANSITION", "in transition", "unknown", "settle"),
      ),
    },
  ),
];
