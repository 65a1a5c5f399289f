import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { MachineInput } from "./machine-input.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** A machine in a stack. Its properties are references: known once the machine is there. */
export interface Machine extends Handle<"machine", MachineInput> {
  /** OrbStack's id of it: stable over a rename, another one after a replacement. */
  readonly id: Ref<string>;
  readonly name: Ref<string>;
  /** Its IPv4 address while it runs. Referring to it is an error where the machine ends stopped. */
  readonly ip4: Ref<string>;
  /** Its IPv6 address while it runs. Referring to it is an error where the machine ends stopped. */
  readonly ip6: Ref<string>;
  /** The name it has in DNS: `NAME.orb.local`. */
  readonly hostname: Ref<string>;
  /** What `ssh` takes: `NAME@orb`. */
  readonly ssh: Ref<string>;
  /** Bytes it takes on disk. */
  readonly diskBytes: Ref<number>;
  /** The image it was made from, as OrbStack names it: `debian:bookworm`. */
  readonly image: Ref<string>;
}

/**
 * Declares a machine, made from exactly one of `image`, `clone` and `restore`.
 *
 * @example
 * const base = machine({ image: "debian:bookworm", power: "stopped" });
 * const web = machine({ clone: base, cpus: 2, memory: "4G" });
 */
export function machine(input: MachineInput): Machine {
  return handle("machine", { input: copyInput(input), site: siteOf(machine), properties: machineRefs });
}

function machineRefs(rid: string) {
  return {
    id: ref(rid, "id"),
    name: ref(rid, "name"),
    ip4: ref(rid, "ip4"),
    ip6: ref(rid, "ip6"),
    hostname: ref(rid, "hostname"),
    ssh: ref(rid, "ssh"),
    diskBytes: ref(rid, "diskBytes"),
    image: ref(rid, "image"),
  };
}
