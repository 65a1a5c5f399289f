import type { ErrorCode } from "../../model/errors.ts";
import type { FailureKind, FailureOutcome } from "../errors.ts";

/** One way in which orbctl fails: the words it is known by and what they mean. */
export interface Failure {
  readonly matches: (message: string) => boolean;
  readonly kind: FailureKind;
  /** What is certain afterwards, for some only by what was being done. */
  readonly outcome: FailureOutcome | ((command: string) => FailureOutcome);
  readonly code: ErrorCode;
  readonly summary: string;
  readonly hint: string;
}

/** Commands that make a machine: after some failures a part of one may be left. */
const MAKING: ReadonlySet<string> = new Set(["create", "clone", "import"]);

/** Words of whoever can't connect to something. */
const UNREACHED = /(?:^|[\s:])dial(?::| (?:unix|tcp|udp)\b)|connection refused/m;

/** How a message of the service begins, with its prefix or without. */
const FROM_SERVICE = /^(?:\[-32\d*\]|(?:create|clone|rename|delete|start|stop|restart|import|export) ')/m;

const leavesTraces = (command: string): FailureOutcome => (MAKING.has(command) ? "unknown" : "refused");

/**
 * The failures that are known (contract 3.1, 3.8, 6 and errors.tsv), the first that matches counts: the contract's
 * order, with the more exact words of one kind before the less exact.
 */
export const FAILURES: readonly Failure[] = [
  {
    matches: containing("machine not found", "no machine found"),
    kind: "not found",
    outcome: (command) => (command === "delete" ? "done" : "refused"),
    code: "ORB_MACHINE_NOT_FOUND",
    summary: "Machine is not there",
    hint: 'Run "orb plan" to see what exists now.',
  },
  {
    // Not what comes up while a machine is set up, such as a user of that name: the machine is there then.
    matches: (message) => message.includes("already exists") && !message.includes(": setup: "),
    kind: "already exists",
    outcome: "refused",
    code: "ORB_ALREADY_EXISTS",
    summary: "Machine's name is taken",
    hint: 'Run "orb plan" to see who holds the name.',
  },
  {
    matches: containing("image not found"),
    kind: "image not found",
    outcome: "refused",
    code: "ORB_IMAGE_NOT_FOUND",
    summary: "Image is not on the server",
    hint: 'Choose another version: "orbctl create --help" lists the images.',
  },
  {
    matches: containing("missing IP address"),
    kind: "no address",
    outcome: "unknown",
    code: "ORB_NO_ADDRESS",
    summary: "Machine got no network address",
    hint: "Try again; if it stays so, restart OrbStack, then the Mac.",
  },
  {
    // Also inside a panic of the client (contract 4.2): the service never came up, so nothing was done to a machine.
    matches: (message) => /start VM: |timed out waiting for services to start/.test(message),
    kind: "service starting",
    outcome: "nothing",
    code: "ORB_SERVICE_STOPPED",
    summary: "OrbStack did not start",
    hint: 'Run "orbctl start", or restart the OrbStack app, and try again.',
  },
  {
    matches: containing("timed out waiting for"),
    kind: "timed out",
    outcome: "unknown",
    code: "ORB_ORBCTL_TIMEOUT",
    summary: "OrbStack waited in vain",
    hint: 'Run "orb plan" to see what exists now, then try again.',
  },
  {
    matches: containing("canceled by machine shutdown"),
    kind: "shutdown",
    outcome: "unknown",
    code: "ORB_ORBCTL_FAILED",
    summary: "Machine was shut down meanwhile",
    hint: 'Run "orb plan" to see what exists now, then try again.',
  },
  {
    matches: containing("machine crashed"),
    kind: "crashed",
    outcome: "unknown",
    code: "ORB_ORBCTL_FAILED",
    summary: "Machine crashed on startup",
    hint: 'Run "orb plan" to see what exists now; "orbctl logs" shows why it crashed.',
  },
  {
    matches: containing("transition from"),
    kind: "in transition",
    outcome: (command) => (MAKING.has(command) ? "unknown" : "nothing"),
    code: "ORB_MACHINE_IN_TRANSITION",
    summary: "Machine is in transition",
    hint: "Wait until it has settled, then try again.",
  },
  {
    // Somebody else works on it: seen at renames, in words that nobody wrote down (contract 3.10).
    matches: (message) => /\block(?:ed|ing)\b|resource busy|\bis busy\b|in progress/i.test(message),
    kind: "in transition",
    outcome: "unknown",
    code: "ORB_MACHINE_IN_TRANSITION",
    summary: "Machine is busy",
    hint: "Wait until OrbStack is done with it, then try again.",
  },
  {
    // The image is in the index and its files are gone: no use in trying again soon.
    matches: (message) => /GET download status: 4\d\d/.test(message),
    kind: "download failed",
    outcome: "refused",
    code: "ORB_IMAGE_NOT_FOUND",
    summary: "Image can't be downloaded",
    hint: "Choose another version of the image, or try again later.",
  },
  {
    // Older versions left a machine behind (contract 3.1).
    matches: (message) => /GET download status|fetch index|download metadata|make rootfs: .*EOF/.test(message),
    kind: "download failed",
    outcome: (command) => (MAKING.has(command) ? "unknown" : "nothing"),
    code: "ORB_ORBCTL_FAILED",
    summary: "Image can't be downloaded",
    hint: "Look at the Mac's internet connection, then try again.",
  },
  {
    matches: containing("no space left on device", "disk quota exceeded"),
    kind: "no space",
    outcome: leavesTraces,
    code: "ORB_DISK_FULL",
    summary: "Disk is full",
    hint: "Make room on the Mac, or raise the machine's disk limit, then try again.",
  },
  {
    matches: containing("$HOME is not defined"),
    kind: "refused",
    outcome: "refused",
    code: "ORB_ORBCTL_FAILED",
    summary: "HOME is not set",
    hint: "Set HOME to your home folder and try again: OrbStack finds its service by it.",
  },
  {
    // What the client's own argument parser says: an older or newer orbctl without this command or flag.
    matches: (message) => /unknown (?:shorthand )?(?:flag|command)/.test(message),
    kind: "refused",
    outcome: "refused",
    code: "ORB_NOT_CAPABLE",
    summary: "This OrbStack can't do that",
    hint: 'Update OrbStack: "orbctl update".',
  },
  {
    // The client refuses before it asks the service: such words have no prefix and begin the line.
    matches: (message) =>
      /accepts .*arg\(s\)|requires at least .*arg|^(?:Error: )?(?:unknown|unsupported|invalid) /m.test(message),
    kind: "refused",
    outcome: "refused",
    code: "ORB_ORBCTL_FAILED",
    summary: "OrbStack refused the call",
    hint: "Look at the value that it names.",
  },
  {
    // The service was reached, and could not reach something itself: how far it came is not known.
    matches: (message) => FROM_SERVICE.test(message) && UNREACHED.test(message),
    kind: "transport",
    outcome: "unknown",
    code: "ORB_ORBCTL_FAILED",
    summary: "OrbStack's service failed within",
    hint: 'Run "orb plan" to see what exists now.',
  },
  {
    // The service could not be reached at all.
    matches: (message) => UNREACHED.test(message),
    kind: "transport",
    outcome: "nothing",
    code: "ORB_ORBCTL_FAILED",
    summary: "OrbStack's service can't be reached",
    hint: 'Run "orbctl status", then try again.',
  },
  {
    // The service was reached and the answer was lost.
    matches: (message) => /connection reset|broken pipe|connection closed|unexpected EOF|: EOF$/m.test(message),
    kind: "transport",
    outcome: "unknown",
    code: "ORB_ORBCTL_FAILED",
    summary: "OrbStack's answer was lost",
    hint: 'Run "orb plan" to see what exists now.',
  },
  {
    matches: (message) => /^cp: |permission denied/im.test(message),
    kind: "refused",
    outcome: leavesTraces,
    code: "ORB_ORBCTL_FAILED",
    summary: "OrbStack was denied",
    hint: "Look at the paths and permissions that it names.",
  },
];

function containing(...texts: readonly string[]): (message: string) => boolean {
  return (message) => texts.some((text) => message.includes(text));
}
