/** What a command inside a strange machine gives: as little as Orbform has a use for. */

const ok = (stdout = "") => ({ exit: 0, stdout });

/** Exit code and text of one command. `cloud` is the machine's user data, whose words say how cloud-init ends. */
export function guest(machine, [program = "", ...args], now) {
  if (program === "true") return ok();
  if (program === "id") return identity(machine, args);
  if (program === "cloud-init") return cloudInit(machine, args);
  if (program === "cat" && args[0] === "/proc/net/tcp") return ok(SOCKETS);
  if (program === "sh") return ok();
  if (program === "test") return { exit: (machine.asked = (machine.asked ?? 0) + 1) > 2 ? 0 : 1 };
  return { exit: 127, stderr: `${program}: command not found`, now };
}

/** Something listens at port 8080 (1F90). */
const SOCKETS = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0`;

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
