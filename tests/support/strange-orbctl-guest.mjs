import { readFileSync } from "node:fs";

/** What a command inside a strange machine gives: as little as Orbform has a use for. */

const ok = (stdout = "") => ({ exit: 0, stdout });

/** Exit code and text of one command. `cloud` is the machine's user data, whose words say how cloud-init ends. */
export function guest(machine, [program = "", ...args], { user, workdir = "/Users/mac", now }) {
  if (program === "true") return ok();
  if (program === "whoami") return ok(user);
  if (program === "pwd") return ok(workdir);
  if (program === "printenv") return variable(args[0]);
  if (program === "cat" && args.length === 0) return { exit: 0, bytes: readFileSync(0) };
  if (program === "id") return identity(machine, args);
  if (program === "cloud-init") return cloudInit(machine, args);
  if (program === "cat" && args[0] === "/proc/net/tcp") return ok(SOCKETS);
  if (program === "sh") return shell(args[1] ?? "");
  if (program === "test") return { exit: (machine.asked = (machine.asked ?? 0) + 1) > 2 ? 0 : 1 };
  return { exit: 127, stderr: `${program}: command not found`, now };
}

/** Something listens at port 8080 (1F90). */
const SOCKETS = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0`;

/** Only what ORBENV names gets inside. */
function variable(name) {
  const named = (process.env.ORBENV ?? "").split(":").includes(name);
  return named && process.env[name] !== undefined ? ok(process.env[name]) : { exit: 1 };
}

/** Nothing but `echo A; echo B >&2; exit N` does anything. */
function shell(script) {
  const [, stdout, stderr, exit] = /^echo (\w+); echo (\w+) >&2; exit (\d+)$/.exec(script) ?? [];
  return exit === undefined ? ok() : { exit: Number(exit), stdout, stderr };
}

function identity(machine, args) {
  const name = args.at(-1) ?? "";
  if (!machine.users.includes(name)) return { exit: 1, stderr: `id: '${name}': no such user` };
  return ok(name === "root" ? "0" : "501");
}

function cloudInit(machine, args) {
  if (args[0] !== "status") return { exit: 2, stderr: "usage: cloud-init status" };
  if (machine.cloud === undefined) return { exit: 127, stderr: "cloud-init: command not found" };
  if (machine.cloud.includes("breaks")) return { exit: 1, stdout: "status: error", stderr: "a module failed" };
  if (machine.cloud.includes("limps")) return { exit: 2, stdout: "status: done\nrecoverable_errors: {WARNING: [x]}" };
  return ok("status: done");
}
