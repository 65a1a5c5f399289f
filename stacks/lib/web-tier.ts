import { component, interpolate, machine } from "orbform";
import type { Machine, Size } from "orbform";

/** What the tier is made with. */
export interface WebTierProps {
  /** The golden image its machines are cloned from. */
  readonly golden: Machine;
  readonly cpus: number;
  readonly memory: Size;
}

/** An application server and a cache beside it, both clones of one golden image. */
export function webTier(props: WebTierProps) {
  const cache = machine({ clone: props.golden, memory: "512M", groups: ["cache"] });
  const app = machine({
    clone: props.golden,
    cpus: props.cpus,
    memory: props.memory,
    httpPort: 8080,
    identity: "fresh",
    groups: ["web"],
    lifecycle: { dependsOn: [cache] },
  });
  return component({
    resources: { app, cache },
    outputs: { url: interpolate`http://${app.ip4}:8080/` },
  });
}
