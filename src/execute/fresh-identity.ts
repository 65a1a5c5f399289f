import type { MachineId } from "../model/machine.ts";
import type { Readiness, ReadyPorts } from "./ready.ts";

/**
 * New machine-id and SSH host keys, with what the image has for it. A clone has those of its source (contract 3.9). The
 * old id is only replaced by a whole new one.
 */
const SCRIPT = `set -e
new=$(cat /proc/sys/kernel/random/uuid | tr -d -)
test \${#new} -eq 32
printf '%s\\n' "$new" > /etc/machine-id.new
mv /etc/machine-id.new /etc/machine-id
if [ -e /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then cp /etc/machine-id /var/lib/dbus/machine-id; fi
if ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1; then rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub; ssh-keygen -A; fi
`;

/** Gives a running machine an identity of its own. */
export async function freshIdentity(ports: ReadyPorts, machine: MachineId): Promise<Readiness> {
  const signal = ports.signal === undefined ? {} : { signal: ports.signal };
  const request = { machine, command: ["sh", "-c", SCRIPT], user: "root", timeoutMs: 60_000, ...signal };
  try {
    const { exitCode, stderr } = await ports.driver.exec(request);
    if (exitCode === 0) return { status: "ready" };
    return failed(`It could not be given an identity of its own: exit ${exitCode}. ${stderr.trim()}`);
  } catch (error) {
    if (ports.signal?.aborted) throw error;
    return failed(`It could not be given an identity of its own: ${error instanceof Error ? error.message : ""}`);
  }
}

function failed(detail: string): Readiness {
  return { status: "unready", reason: "failed", detail };
}
