import * as ask from "../asks.ts";
import { breaks, fails, makes, on, onWords, refuses, row, says, shows, SILENT, two, web } from "../case.ts";

const IMAGES: readonly (readonly [word: string, distro: string, version: string])[] = [
  ["alma:9", "almalinux", "9"],
  ["alpine", "alpine", "3.22"],
  ["alpine:3.20", "alpine", "3.20"],
  ["arch", "archlinux", "current"],
  ["centos:9-stream", "centos", "9-Stream"],
  ["debian", "debian", "bookworm"],
  ["debian:12", "debian", "bookworm"],
  ["debian:trixie", "debian", "trixie"],
  ["devuan", "devuan", "daedalus"],
  ["fedora:42", "fedora", "42"],
  ["fedora:43", "fedora", "43"],
  ["fedora:44", "fedora", "44"],
  ["gentoo", "gentoo", "current"],
  ["kali", "kali", "current"],
  ["nixos:25.11", "nixos", "25.11"],
  ["openeuler:22.03", "openeuler", "22.03"],
  ["opensuse:15.6", "opensuse", "15.6"],
  ["oracle", "oracle", "9"],
  ["rocky:9", "rockylinux", "9"],
  ["ubuntu", "ubuntu", "resolute"],
  ["ubuntu:22.04", "ubuntu", "jammy"],
  ["ubuntu:24.04", "ubuntu", "noble"],
  ["ubuntu:25.10", "ubuntu", "questing"],
  ["ubuntu:26.04", "ubuntu", "resolute"],
  ["ubuntu:noble", "ubuntu", "noble"],
  ["void", "voidlinux", "current"],
];

/** Section 7: images, names, selectors, network, files, isolation. */
export const WORLD = [
  ...IMAGES.map(([word, distro, version]) => {
    const [asked = "", ...versions] = word.split(":");
    return row("7.1", `stores ${word} as ${distro} ${version}`, [[], `create ${word} w`], SILENT, {
      leaves: [["info w -f json", shows(`"distro": "${distro}",\n      "version": "${version}"`)]],
      ...makes(ask.create("w", { distro: asked, ...(versions[0] !== undefined && { version: versions[0] }) })),
    });
  }),
  ...["almalinux", "archlinux", "voidlinux", "rockylinux"].map((word) =>
    row("7.1", `does not make ${word} by the word it stores`, [[], `create ${word} w`], refuses),
  ),
  row(
    "7.1",
    "has no image past its end",
    [[], "create ubuntu:focal w"],
    {
      ...fails("[-32098] create 'w': make rootfs: image not found: {ubuntu focal arm64 default}"),
    },
    breaks(ask.create("w", { version: "focal" }), "ORB_IMAGE_NOT_FOUND", "image not found", "refused", "fail"),
  ),
  row("7.1", "had it before", [[], "create ubuntu:20.04 w"], SILENT, {
    version: "1.11.2",
    leaves: [["list", shows("focal")]],
  }),
  ...["a_b", "docker", "k8s", "none", "-web", "a␠b", "a/b", "a".repeat(100)].map((name) =>
    row("7.2", `refuses ${name} for a name`, [[], `create ubuntu ${name}`], refuses, { leaves: [["list -q", SILENT]] }),
  ),
  row("7.2", "takes a dot", [[], "create ubuntu a.b"], SILENT, {
    leaves: [["list -q", says("a.b\n")]],
    ...makes(ask.create("a.b")),
  }),
  row("7.2", "compares names without case", [web, "create ubuntu WEB"], refuses, {
    ...on(
      fails("[-32098] create 'WEB': machine already exists: 'WEB'"),
      breaks(ask.create("WEB"), "ORB_ALREADY_EXISTS", "already exists", "refused", "taken"),
    ),
  }),
  row("7.2", "keeps k8s from a clone", [web, "clone web k8s"], refuses, { leaves: [["list -q", says("web\n")]] }),
  ...[
    "info ID:web",
    "start ID:web",
    "stop ID:web",
    "restart ID:web",
    "rename ID:web www",
    "clone ID:web www",
    "run -m ID:web true",
  ].map((line) => row("7.3", `takes an id: ${line}`, [web, line], { exitCode: 0, stderr: "" })),
  row("7.3", "takes no id in config", [web, "config get machine.ID:web.cpu"], refuses),
  row("7.4", "knows the Mac inside", [web, "run -m web cat /etc/hosts"], shows("host.orb.internal")),
  row("7.4", "gives each machine an address of its own", [two, "run -m web hostname -I"], {
    exitCode: 0,
    contains: "192.168.139.",
  }),
  row("7.5", "shows the Mac's folders", [web, "run -m web ls /mnt/mac"], says("Users\n")),
  row("7.5", "shows them under their own path too", [web, "run -m web test -d /Users"], SILENT),
  row("7.5", "shows other machines", [two, "run -m web ls /mnt/machines"], says("a\nweb\n")),
  ...["/mnt/mac", "/Users", "/mnt/machines"].map((path) =>
    row(
      "7.5",
      `shows no ${path} to an isolated machine`,
      [["create ubuntu w --isolated"], `run -m w test -e ${path}`],
      { exitCode: 1 },
    ),
  ),
  row(
    "7.5",
    "shows its mounts to an isolated machine",
    [["create ubuntu w --isolated --mount /Users/x:/work"], "run -m w test -d /work"],
    SILENT,
  ),
  row(
    "7.6",
    "has limits in its cgroup",
    [["create ubuntu w --cpus 2 --memory 1G"], "run -m w cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/memory.max"],
    {
      ...says("200000 100000\n1073741824\n"),
    },
  ),
  row(
    "7.6",
    "has a new limit after a restart only",
    [[...web, "config set machine.web.cpu 2"], "run -m web cat /sys/fs/cgroup/cpu.max"],
    says("max 100000\n"),
    {
      leaves: [
        ["restart web", SILENT],
        ["run -m web cat /sys/fs/cgroup/cpu.max", says("200000 100000\n")],
      ],
    },
  ),
  row(
    "7.6",
    "shows all cores and all memory",
    [["create ubuntu w --cpus 2 --memory 1G"], "run -m w nproc"],
    says("11\n"),
    {
      leaves: [["run -m w cat /proc/meminfo", shows("MemTotal:       16384000 kB")]],
    },
  ),
  row("7.6", "has sudo without a password", [["create ubuntu w --isolated"], "run -m w sudo -n id -u"], says("0\n")),
  row(
    "9",
    "loses a call in passing",
    [[...web, "sim fault set any-fail=1"], "start web"],
    { exitCode: 1 },
    {
      leaves: [["start web", SILENT]],
      ...onWords(
        fails("[-32098] rpc: read unix ->sconrpc.sock: connection reset by peer"),
        breaks(ask.power("start", "web"), "ORB_ORBCTL_FAILED", "transport", "unknown", "again"),
      ),
    },
  ),
  row(
    "9",
    "gives no address any more, whatever is made",
    [["create ubuntu a"], "create ubuntu b"],
    {
      ...fails("[-32098] create 'b': setup: machine didn't start in 30s (missing IP address)"),
    },
    {
      faults: "create-missing-ip",
      ...breaks(ask.create("b"), "ORB_NO_ADDRESS", "no address", "unknown", "again"),
    },
  ),
  row(
    "9",
    "has no space left",
    [[], "create ubuntu web"],
    { exitCode: 0 },
    {
      ...onWords(
        fails("[-32098] create 'web': make rootfs: write: no space left on device"),
        breaks(ask.create("web"), "ORB_DISK_FULL", "no space", "unknown", "again"),
      ),
    },
  ),
  row("11", "takes the image first, not the name", [[], "create web ubuntu"], refuses, {
    leaves: [["list -q", SILENT]],
  }),
  row("11", "takes no machine in status", [two, "status a"], refuses),
  row("11", "takes -c for user data, not for cores", [[], "create ubuntu web -c 2"], refuses, {
    leaves: [["list -q", SILENT]],
  }),
  row("11", "takes no -m in create", [[], "create ubuntu web -m 2g"], refuses),
  row("11", "takes no machine after push", [web, "push web src:dst"], refuses),
  row("11", "knows no images", [[], "images"], refuses),
  row(
    "11",
    "takes another isolation after creation",
    [[...web, "clone web two"], "config set machine.two.isolated true"],
    SILENT,
    {
      leaves: [["info two -f json", shows('"isolated": true')]],
      ...makes(ask.configure("two", { isolated: true })),
    },
  ),
];

/** Section 10: what came with which version. */
export const VERSIONS = [
  row("10", "had no clone in 1.9.2", [web, "clone web two"], refuses, {
    version: "1.9.2",
    leaves: [["list -q", says("web\n")]],
  }),
  row("10", "had clones and imports by 1.11.1", [web, "clone web two"], SILENT, { version: "1.11.1" }),
  row("10", "had no isolation in 2.0", [[], "create ubuntu web --isolated"], refuses, {
    version: "2.0.5",
    leaves: [["list -q", SILENT]],
  }),
  row("10", "has isolation since 2.1", [[], "create ubuntu web --isolated"], SILENT, {
    version: "2.1.0",
    ...makes(ask.create("web", { settings: { isolated: true } })),
  }),
  row("10", "had no limits in 2.1", [[], "create ubuntu web --cpus 2"], refuses, { version: "2.1.1" }),
  row("10", "has limits since 2.2", [[], "create ubuntu web --cpus 2"], SILENT, {
    version: "2.2.0",
    leaves: [["config get machine.web.cpu", says("2\n")]],
    ...makes(ask.create("web", { settings: { cpus: 2 } })),
  }),
  row("10", "is given no limits before 2.2", [[], "create ubuntu web"], SILENT, {
    version: "2.1.1",
    ...makes(ask.create("web", { settings: { cpus: 2 } })),
  }),
  row("10", "is given no isolation before 2.1", [[], "create ubuntu web"], SILENT, {
    version: "2.0.5",
    ...makes(ask.create("web", { settings: { cpus: 2, isolated: true, mounts: ["/a"] } })),
  }),
];
