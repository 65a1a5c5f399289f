import * as ask from "../asks.ts";
import { breaks, fails, makes, on, onWords, refuses, row, says, shows, SILENT, web } from "../case.ts";

const GIB = 1024 ** 3;
const NO_IMAGE = ["ORB_IMAGE_NOT_FOUND", "image not found", "refused", "fail"] as const;
const isolated = { isolated: true } as const;

/** What a setting of one machine is after a line. */
const holds = (key: string, value: string): readonly [string, ReturnType<typeof says>] => [
  `config get machine.w.${key}`,
  says(`${value}\n`),
];

/** Section 3.1. */
export const CREATE = [
  row("3.1", "makes a machine that runs, and says nothing", [[], "create ubuntu:24.04 web"], SILENT, {
    leaves: [
      ["list -qr", says("web\n")],
      ["list", shows("noble")],
    ],
    ...makes(ask.create("web", { version: "24.04" })),
  }),
  row("3.1", "names a machine after its distribution", [[], "create rocky:9"], SILENT, {
    leaves: [["list -q", says("rocky\n")]],
  }),
  row("3.1", "takes flags after positionals", [[], "create ubuntu w --cpus 2 --memory=4G --disk 40G -u bob"], SILENT, {
    leaves: [
      holds("cpu", "2"),
      holds("memory_mib", "4096"),
      holds("disk_bytes", "42949672960"),
      holds("username", "bob"),
    ],
    ...makes(ask.create("w", { settings: { cpus: 2, memoryMiB: 4096, diskBytes: 40 * GIB, user: "bob" } })),
  }),
  row("3.1", "takes a bare memory number as MiB", [[], "create ubuntu w --memory 2048"], SILENT, {
    leaves: [holds("memory_mib", "2048")],
    ...makes(ask.create("w", { settings: { memoryMiB: 2048 } })),
  }),
  row("3.1", "takes memory in MiB", [[], "create ubuntu w --memory 3000M"], SILENT, {
    leaves: [holds("memory_mib", "3000")],
    ...makes(ask.create("w", { settings: { memoryMiB: 3000 } })),
  }),
  row("3.1", "refuses a size that is none", [[], "create ubuntu w --memory lots"], refuses, {
    leaves: [["list -q", SILENT]],
  }),
  row("3.1", "refuses a count that is none", [[], "create ubuntu w --cpus two"], refuses),
  row("3.1", "makes an emulated machine", [[], "create -a amd64 ubuntu w"], SILENT, {
    leaves: [["run -m w uname -m", says("x86_64\n")]],
    ...makes(ask.create("w", { arch: "amd64" })),
  }),
  row("3.1", "makes an isolated machine", [[], "create ubuntu w --isolated"], SILENT, {
    leaves: [holds("isolated", "true"), holds("isolate_network", "false"), holds("forward_ssh_agent", "false")],
    ...makes(ask.create("w", { settings: isolated })),
  }),
  row("3.1", "shuts off an isolated machine's network", [[], "create ubuntu w --isolated --isolate-network"], SILENT, {
    leaves: [holds("isolate_network", "true")],
    ...makes(ask.create("w", { settings: { ...isolated, isolateNetwork: true } })),
  }),
  row(
    "3.1",
    "forwards the agent to an isolated machine",
    [[], "create ubuntu w --isolated --forward-ssh-agent"],
    SILENT,
    {
      leaves: [holds("forward_ssh_agent", "true")],
      ...makes(ask.create("w", { settings: { ...isolated, forwardSshAgent: true } })),
    },
  ),
  row("3.1", "mounts several folders", [[], "create ubuntu w --isolated --mount /a --mount /b:/c"], SILENT, {
    leaves: [holds("mounts", "/a,/b:/c")],
    ...makes(ask.create("w", { settings: { ...isolated, mounts: ["/a", "/b:/c"] } })),
  }),
  row("3.1", "can't mount a path with a colon", [[], "create ubuntu w --isolated --mount /a:b:/c"], refuses, {
    leaves: [["list -q", SILENT]],
    ...breaks(
      ask.create("w", { settings: { ...isolated, mounts: ["/a:b:/c"] } }),
      "ORB_PROPERTY_INVALID",
      null,
      null,
      "fail",
    ),
  }),
  row(
    "3.1",
    "makes a mount's parent in the home folder root's",
    [["create ubuntu w --isolated --mount /Users/ada/p:/home/ada/p"], "run -m w stat -c %U /home/ada"],
    says("root\n"),
  ),
  ...["--isolate-network", "--forward-ssh-agent", "--mount /a:/b"].map((flag) =>
    row("3.1", `needs --isolated for ${flag}`, [[], `create ubuntu w ${flag}`], refuses, {
      leaves: [["list -q", SILENT]],
    }),
  ),
  row("3.1", "leaves out what needs isolation where there is none", [[], "create ubuntu w"], SILENT, {
    ...makes(ask.create("w", { settings: { isolateNetwork: true, forwardSshAgent: true, mounts: ["/a"] } })),
  }),
  row(
    "3.1",
    "has the agent on otherwise",
    [["create ubuntu w"], "config get machine.w.forward_ssh_agent"],
    says("true\n"),
  ),
  row("3.1", "takes the caller's user for the machine's", [["create ubuntu w"], "run -m w id -un"], says("ada\n")),
  row("3.1", "has no cloud-init without user data", [web, "run -m web cloud-init status"], {
    stdout: "",
    exitCode: 127,
  }),
  row("3.1", "has cloud-init with user data", [["create -c /dev/null ubuntu w"], "run -m w cloud-init status --wait"], {
    ...says("\nstatus: done\n"),
  }),
  row("3.1", "takes user data", [[], "create -c /dev/null ubuntu w"], SILENT, {
    leaves: [["info w -f json", shows('"variant": "cloud"')]],
    ...makes(ask.create("w", { userDataPath: "/dev/null" })),
  }),
  row(
    "3.1",
    "refuses a taken name at once, and changes nothing",
    [web, "create ubuntu web --cpus 2"],
    {
      ...fails("[-32098] create 'web': machine already exists: 'web'"),
    },
    {
      leaves: [["config get machine.web.cpu", says("0\n")]],
      ...breaks(
        ask.create("web", { settings: { cpus: 2 } }),
        "ORB_ALREADY_EXISTS",
        "already exists",
        "refused",
        "taken",
      ),
    },
  ),
  row(
    "3.1",
    "says which image is missing, and leaves nothing",
    [[], "create openeuler:24.99 open24"],
    {
      ...fails("[-32098] create 'open24': make rootfs: image not found: {openeuler 24.99 arm64 default}"),
    },
    {
      leaves: [["list -q", SILENT]],
      ...breaks(ask.create("open24", { distro: "openeuler", version: "24.99" }), ...NO_IMAGE),
    },
  ),
  row(
    "3.1",
    "says which architecture was wanted",
    [[], "create --arch amd64 kali:old k"],
    {
      ...fails("[-32098] create 'k': make rootfs: image not found: {kali old amd64 default}"),
    },
    breaks(ask.create("k", { distro: "kali", version: "old", arch: "amd64" }), ...NO_IMAGE),
  ),
  row(
    "3.1",
    "finds no image that was there yesterday",
    [[], "create nixos:25.05"],
    {
      ...fails("[-32098] create 'nixos': make rootfs: image not found: {nixos 25.05 arm64 default}"),
    },
    {
      faults: "image-not-found:nixos",
      ...breaks(ask.create("nixos", { distro: "nixos", version: "25.05" }), ...NO_IMAGE),
    },
  ),
  row(
    "3.1",
    "fails when the mirror answers 404",
    [[], "create ubuntu w"],
    {
      ...fails("[-32098] create 'w': make rootfs: download metadata: GET download status: 404 Not Found"),
    },
    {
      faults: "create-download",
      leaves: [["list -q", SILENT]],
      ...breaks(ask.create("w"), "ORB_IMAGE_NOT_FOUND", "download failed", "refused", "fail"),
    },
  ),
  row("3.1", "fails when the index can't be had", [[], "create ubuntu w"], refuses, {
    faults: "create-index",
    leaves: [["list -q", SILENT]],
    ...on(
      fails(
        `[-32098] create 'w': make rootfs: fetch index: get index: Get "https://images.example/streams/v1/images.json": dial tcp 192.0.2.8:443: connect: connection refused`,
      ),
      breaks(ask.create("w"), "ORB_ORBCTL_FAILED", "download failed", "unknown", "again"),
    ),
  }),
  row(
    "3.1",
    "fails after 30 s without an address, and takes the machine away",
    [[], "create ubuntu web"],
    {
      ...fails("[-32098] create 'web': setup: machine didn't start in 30s (missing IP address)"),
    },
    {
      faults: "create-missing-ip",
      leaves: [["list -f json", says("[]\n")]],
      ...breaks(ask.create("web"), "ORB_NO_ADDRESS", "no address", "unknown", "again"),
    },
  ),
  row("3.1", "finds an address at the second try", [web, "create ubuntu web"], SILENT, {
    faults: "create-missing-ip=1",
  }),
  row(
    "3.1",
    "fails when the guest crashes",
    [[], "create ubuntu w"],
    {
      ...fails("[-32098] create 'w': setup: machine crashed on startup"),
    },
    {
      faults: "create-crash",
      ...breaks(ask.create("w"), "ORB_ORBCTL_FAILED", "crashed", "unknown", "again"),
    },
  ),
  row(
    "3.1",
    "hangs while a mirror can't be reached",
    [[], "create ubuntu w"],
    { never: true },
    {
      faults: "provisioning-hang",
      leaves: [["list", shows("provisioning")]],
      ...breaks(ask.create("w"), "ORB_INTERRUPTED", "timed out", "unknown", "again"),
    },
  ),
  ...["plan9", "invalid:image:tag", "ubuntu:", "-a mips ubuntu", 'ubuntu ""'].map((words) =>
    row("3.1", "refuses what is no image, architecture or name", [[], `create ${words}`], refuses, {
      leaves: [["list -q", SILENT]],
    }),
  ),
  row("3.1", "wants an image", [[], "create"], refuses),
  row("3.1", "knows limits from 2.2 only", [[], "create ubuntu w --cpus 2"], refuses, {
    version: "2.1.3",
    ...onWords(
      fails("Error: unknown flag: --cpus"),
      breaks(ask.create("w", { settings: { cpus: 2 } }), "ORB_NOT_CAPABLE", "refused", "refused", "fail"),
    ),
  }),
  row("3.1", "knows isolation from 2.1 only", [[], "create ubuntu w --isolated"], refuses, { version: "2.0.5" }),
];
