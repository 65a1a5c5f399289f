/**
 * The words `orb` takes as its own when they come first. None of them is a word of OrbStack's. A word enters here when
 * its command exists: until then it is OrbStack's to answer, as any other.
 */
export const OUR_WORDS = [
  "plan",
  "apply",
  "destroy",
  "show",
  "validate",
  "drift",
  "adopt",
  "outputs",
  "state",
  "history",
  "init",
  "inventory",
  "probe",
  "backup",
  "on",
  "copy",
] as const;

/** OrbStack's own words (its `--help`, 2.2.3): never ours. */
export const ORBSTACK_WORDS = [
  "create",
  "add",
  "new",
  "list",
  "info",
  "default",
  "start",
  "stop",
  "restart",
  "delete",
  "clone",
  "rename",
  "export",
  "import",
  "run",
  "exec",
  "shell",
  "push",
  "pull",
  "logs",
  "log",
  "console",
  "ssh",
  "usb",
  "serial",
  "docker",
  "debug",
  "wormhole",
  "k8s",
  "config",
  "status",
  "top",
  "update",
  "doctor",
  "report",
  "reset",
  "login",
  "logout",
  "version",
  "completion",
  "help",
] as const;

/** Whether `orb` answers this call itself: its first argument, and nothing else, decides. */
export function isOurs(args: readonly string[]): boolean {
  return OUR_WORDS.some((word) => word === args[0]);
}
