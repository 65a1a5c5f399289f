import type { FailureKind, FailureOutcome } from "../../src/driver/errors.ts";
import type { ErrorCode } from "../../src/model/errors.ts";

/** What the driver makes of one message. */
interface ToldError {
  readonly command: string;
  readonly message: string;
  readonly kind: FailureKind;
  readonly outcome: FailureOutcome;
  readonly code: ErrorCode;
}

type Row = readonly [command: string, message: string, kind: FailureKind, outcome: FailureOutcome, code: ErrorCode];

/** Every message of samples/errors.tsv in its order, then what else is likely (contract 3.8, 3.10, 6). */
const ROWS: readonly Row[] = [
  ["info", "[-32098] machine not found: 'X'", "not found", "refused", "ORB_MACHINE_NOT_FOUND"],
  ["run", "machine not found: openeuler", "not found", "refused", "ORB_MACHINE_NOT_FOUND"],
  [
    "create",
    "[-32098] create 'b1-lab': machine already exists: 'b1-lab'",
    "already exists",
    "refused",
    "ORB_ALREADY_EXISTS",
  ],
  [
    "create",
    "[-32098] create 'arch': make rootfs: image not found: {archlinux current arm64 default}",
    "image not found",
    "refused",
    "ORB_IMAGE_NOT_FOUND",
  ],
  [
    "create",
    "[-32098] create 'nixos': make rootfs: image not found: {nixos 25.05 arm64 default}",
    "image not found",
    "refused",
    "ORB_IMAGE_NOT_FOUND",
  ],
  [
    "create",
    "[-32098] create 'open24': make rootfs: image not found: {openeuler 24.03 arm64 default}",
    "image not found",
    "refused",
    "ORB_IMAGE_NOT_FOUND",
  ],
  [
    "create",
    "[-32098] create 'kali': make rootfs: image not found: {kali current amd64 default}",
    "image not found",
    "refused",
    "ORB_IMAGE_NOT_FOUND",
  ],
  [
    "create",
    "[-32098] create 'ubuntu': make rootfs: fetch index: get index: Get \"https://images.linuxcontainers.org/streams/v1/images.json\": dial tcp 45.45.148.8:443: connect: connection refused",
    "download failed",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "create",
    "[-32098] create 'centos2': make rootfs: fetch index: decode index: invalid character '<' looking for beginning of value",
    "download failed",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "create",
    "make rootfs: download metadata: GET download status: 404 Not Found",
    "download failed",
    "refused",
    "ORB_IMAGE_NOT_FOUND",
  ],
  [
    "create",
    "[-32098] create 'X': setup: machine didn't start in 30s (missing IP address)",
    "no address",
    "unknown",
    "ORB_NO_ADDRESS",
  ],
  [
    "create",
    "[-32098] create 'debian': setup: do initial setup: canceled by machine shutdown",
    "shutdown",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "create",
    "[-32098] create 'burp': setup: timed out waiting for network",
    "timed out",
    "unknown",
    "ORB_ORBCTL_TIMEOUT",
  ],
  [
    "create",
    "create 'nixos': setup: do initial setup: open /opt/orbstack-guest/run/extra-certs.crt: no such file or directory",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "delete",
    "[-32098] invalid transition from creating to deleting",
    "in transition",
    "nothing",
    "ORB_MACHINE_IN_TRANSITION",
  ],
  ["run", "invalid transition from creating to starting", "in transition", "nothing", "ORB_MACHINE_IN_TRANSITION"],
  [
    "delete",
    "[-32098] cannot transition from creating to deleting",
    "in transition",
    "nothing",
    "ORB_MACHINE_IN_TRANSITION",
  ],
  [
    "delete",
    "[-32098] delete rootfs: remove all: unlinkat /data/scon/containers/01H4TAYHCRPT4QR190KH912936/rootfs/var/snap/lxd/common/lxd/storage-pools/default/images/4166efc1661cc063b26cedb7fabc1aa9a1c2d814b4acb20b5b7d317a53f995f3/metadata.yaml: read-only file system",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "delete",
    "[-32098] delete rootfs: remove all x2: unlinkat /data/scon/containers/01HJVK5Z7FG50X32JJ84RT9M42/rootfs/swapfile: operation not permitted",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  ["delete", "[-32098] fsync dir: bad file descriptor", "other", "unknown", "ORB_ORBCTL_FAILED"],
  ["logs", "[-32098] machine 'nginx03' has no logs of type console", "other", "unknown", "ORB_ORBCTL_FAILED"],
  ["start", "start VM: timed out waiting for VM to start", "service starting", "nothing", "ORB_SERVICE_STOPPED"],
  ["start", "timed out waiting for services to start", "service starting", "nothing", "ORB_SERVICE_STOPPED"],
  [
    "push",
    "cp: cannot stat '/mnt/mac/root/1.yaml': No such file or directory",
    "refused",
    "refused",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "pull",
    "cp: cannot create regular file '/mnt/mac/tmp': Permission denied",
    "refused",
    "refused",
    "ORB_ORBCTL_FAILED",
  ],
  ["start", "start VM: VM exited unexpectedly; logs:", "service starting", "nothing", "ORB_SERVICE_STOPPED"],
  [
    "delete",
    "panic: start VM: timed out waiting for VM to start [recovered]",
    "service starting",
    "nothing",
    "ORB_SERVICE_STOPPED",
  ],
  ["list", "dial: no such file or directory", "transport", "nothing", "ORB_ORBCTL_FAILED"],
  // Not in errors.tsv.
  [
    "clone",
    "dial unix /Users/x/.orbstack/run/sconrpc.sock: connect: connection refused",
    "transport",
    "nothing",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "clone",
    "Error: connect to OrbStack: dial unix /Users/x/s.sock: connect: connection refused",
    "transport",
    "nothing",
    "ORB_ORBCTL_FAILED",
  ],
  // What exists already is not the machine.
  [
    "create",
    "[-32098] create 'x': setup: do initial setup: useradd: user 'dev' already exists",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  // The service was reached: what it could not reach itself says nothing of how far it came.
  [
    "create",
    "[-32098] create 'x': setup: do initial setup: dial unix /run/agent.sock: connect: connection refused",
    "transport",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "create",
    "create 'x': setup: dial tcp 192.168.139.9:22: connect: connection refused",
    "transport",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "rename",
    "[-32098] rename 'x': dial unix /run/agent.sock: connect: no such file or directory",
    "transport",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  ["delete", "[-32098] machine not found: 'X'", "not found", "done", "ORB_MACHINE_NOT_FOUND"],
  ["delete", "[-32602] no machine found: 'X'", "not found", "done", "ORB_MACHINE_NOT_FOUND"],
  [
    "create",
    "[-32098] create 'x': make rootfs: download: GET download status: 503 Busy",
    "download failed",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  ["create", "[-32098] create 'x': make rootfs: unexpected EOF", "download failed", "unknown", "ORB_ORBCTL_FAILED"],
  ["create", "[-32098] create 'x': setup: machine crashed on startup", "crashed", "unknown", "ORB_ORBCTL_FAILED"],
  [
    "create",
    "[-32098] create 'x': setup: do initial setup: run command '[apt-get update]': exit status 100",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  ["rename", "[-32098] rename: machine is locked", "in transition", "unknown", "ORB_MACHINE_IN_TRANSITION"],
  ["rename", "another operation is in progress", "in transition", "unknown", "ORB_MACHINE_IN_TRANSITION"],
  ["rename", "[-32098] rename 'x': no space left on device", "no space", "refused", "ORB_DISK_FULL"],
  ["create", "[-32098] create 'x': write: no space left on device", "no space", "unknown", "ORB_DISK_FULL"],
  ["clone", "read unix ->sconrpc.sock: connection reset by peer", "transport", "unknown", "ORB_ORBCTL_FAILED"],
  ["list", "panic: $HOME is not defined", "refused", "refused", "ORB_ORBCTL_FAILED"],
  ["create", "unknown distro: nope", "refused", "refused", "ORB_ORBCTL_FAILED"],
  ["create", "[-32098] invalid name", "other", "unknown", "ORB_ORBCTL_FAILED"],
  ["config set", 'Error: invalid argument "x" for "--cpus" flag', "refused", "refused", "ORB_ORBCTL_FAILED"],
  ["create", "Error: unknown flag: --cpus", "refused", "refused", "ORB_NOT_CAPABLE"],
  ["create", "", "other", "unknown", "ORB_ORBCTL_FAILED"],
];

/** The rows as records. */
export const ERRORS: readonly ToldError[] = ROWS.map(([command, message, kind, outcome, code]) => ({
  command,
  message,
  kind,
  outcome,
  code,
}));
