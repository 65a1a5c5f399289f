import { describe, expect, test } from "vitest";
import { classify } from "../../../../src/driver/orbctl/classify.ts";
import { ownFailure } from "../../../../src/driver/orbctl/run-failure.ts";
import { BANNER } from "../../../support/fake-orbctl.ts";

const ended = { stdout: "", stderr: "", exitCode: 1, timedOut: false, aborted: false };

/** Every captured text of errors.tsv: command, words, then kind, outcome and code. */
const CAPTURED: readonly [string, string, string, string, string][] = [
  ["info", "[-32098] machine not found: 'X'", "not found", "refused", "ORB_MACHINE_NOT_FOUND"],
  ["run", "machine not found: openeuler", "not found", "refused", "ORB_MACHINE_NOT_FOUND"],
  ["delete", "[-32098] machine not found: 'X'", "not found", "done", "ORB_MACHINE_NOT_FOUND"],
  ["delete", "[-32602] no machine found: 'X'", "not found", "done", "ORB_MACHINE_NOT_FOUND"],
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
    "[-32098] create 'ubuntu': make rootfs: fetch index: get index: Get \"https://x/images.json\": dial tcp 45.45.148.8:443: connect: connection refused",
    "download failed",
    "nothing",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "create",
    "[-32098] create 'centos2': make rootfs: fetch index: decode index: invalid character '<' looking for beginning of value",
    "download failed",
    "nothing",
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
    "[-32098] create 'x': make rootfs: download: GET download status: 503 Busy",
    "download failed",
    "nothing",
    "ORB_ORBCTL_FAILED",
  ],
  ["create", "[-32098] create 'x': make rootfs: unexpected EOF", "download failed", "nothing", "ORB_ORBCTL_FAILED"],
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
  ["create", "[-32098] create 'x': setup: machine crashed on startup", "crashed", "unknown", "ORB_ORBCTL_FAILED"],
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
  ["rename", "[-32098] rename: machine is locked", "in transition", "unknown", "ORB_MACHINE_IN_TRANSITION"],
  ["rename", "another operation is in progress", "in transition", "unknown", "ORB_MACHINE_IN_TRANSITION"],
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
    "[-32098] delete rootfs: remove all: unlinkat /data/x/metadata.yaml: read-only file system",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  [
    "delete",
    "[-32098] delete rootfs: remove all x2: unlinkat /data/x/swapfile: operation not permitted",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  ["delete", "[-32098] fsync dir: bad file descriptor", "other", "unknown", "ORB_ORBCTL_FAILED"],
  ["rename", "[-32098] rename 'x': no space left on device", "no space", "refused", "ORB_DISK_FULL"],
  ["create", "[-32098] create 'x': write: no space left on device", "no space", "unknown", "ORB_DISK_FULL"],
  ["logs", "[-32098] machine 'nginx03' has no logs of type console", "other", "unknown", "ORB_ORBCTL_FAILED"],
  ["start", "start VM: timed out waiting for VM to start", "service starting", "nothing", "ORB_SERVICE_STOPPED"],
  ["start", "timed out waiting for services to start", "service starting", "nothing", "ORB_SERVICE_STOPPED"],
  ["run", "start VM: VM exited unexpectedly; logs:", "service starting", "nothing", "ORB_SERVICE_STOPPED"],
  [
    "delete",
    "panic: start VM: timed out waiting for VM to start [recovered]",
    "service starting",
    "nothing",
    "ORB_SERVICE_STOPPED",
  ],
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
  ["list", "dial: no such file or directory", "transport", "nothing", "ORB_ORBCTL_FAILED"],
  ["clone", "read unix ->sconrpc.sock: connection reset by peer", "transport", "unknown", "ORB_ORBCTL_FAILED"],
  ["list", "panic: $HOME is not defined", "refused", "refused", "ORB_ORBCTL_FAILED"],
  ["create", "unknown distro: nope", "refused", "refused", "ORB_ORBCTL_FAILED"],
  ["create", "[-32098] invalid name", "other", "unknown", "ORB_ORBCTL_FAILED"],
  ["config set", 'Error: invalid argument "x" for "--cpus" flag', "refused", "refused", "ORB_ORBCTL_FAILED"],
  ["create", "Error: unknown flag: --cpus", "refused", "refused", "ORB_NOT_CAPABLE"],
  [
    "delete",
    "panic: runtime error: invalid memory address or nil pointer dereference [recovered, repanicked]",
    "other",
    "unknown",
    "ORB_ORBCTL_FAILED",
  ],
  ["create", "", "other", "unknown", "ORB_ORBCTL_FAILED"],
];

describe.each(CAPTURED)("%s: %s", (...[command, words, kind, outcome, code]) => {
  test.each([
    ["alone", { ...ended, stderr: `${words}\n` }],
    ["among boxes", { ...ended, stderr: `${BANNER}${words}\n${BANNER}`, stdout: BANNER }],
    ["in colour", { ...ended, stderr: `\u001b[31m${words}\u001b[0m\r\n` }],
    ["on the other stream", { ...ended, stdout: words }],
  ])("is told %s", (_where, output) => {
    const error = classify(output, { command });
    expect([error.kind, error.outcome, error.code]).toEqual([kind, outcome, code]);
  });
});

describe("a call that was stopped", () => {
  test.each([
    [{ timedOut: true }, "ORB_ORBCTL_TIMEOUT"],
    [{ aborted: true }, "ORB_INTERRUPTED"],
  ])("is unknown whatever it said", (how, code) => {
    const output = { ...ended, ...how, exitCode: null, stderr: "[-32098] machine already exists" };
    expect(classify(output, { command: "create" })).toMatchObject({ code, outcome: "unknown" });
  });

  test("from outside is unknown", () => {
    expect(classify({ ...ended, exitCode: null }, { command: "clone" })).toMatchObject({ outcome: "unknown" });
  });
});

describe("what users are shown", () => {
  test("holds no terminal controls and no endless text", () => {
    const stderr = `[-32098] \u001b]0;owned\u0007bad\u001b[2J\u0008${"x".repeat(2000)}\n`;
    const { detail } = classify({ ...ended, stderr }, { command: "create", subject: "a\u202eb" });
    expect(detail).toContain(String.raw`bad\u{8}xxx`);
    expect(detail).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(detail.length).toBeLessThan(800);
  });
});

describe("a run that failed", () => {
  test.each([
    [1, "[-32098] machine not found: 'x'", true],
    [1, "start VM: timed out waiting for VM to start", true],
    [1, "grep: no", false],
    [7, "[-32098] said by the command inside", false],
    [2, "panic: my own Go program", false],
    [2, "goroutine 1\ngithub.com/orbstack/macvirt/scon/cmd/scli", true],
    [0, "[-32098] nothing to see", false],
  ])("with exit %i and %j: its own failure is %s", (exitCode, stderr, own) => {
    expect(ownFailure({ ...ended, exitCode, stderr })).toBe(own);
  });
});
