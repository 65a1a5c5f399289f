import { defineStack, machine } from "orbform";

// The golden image: made once, kept stopped, cloned in a second.
const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, name: "web-1", cpus: 2, memory: "4G" });

export default defineStack({
  name: "dev",
  resources: { base, web },
  outputs: { address: web.ip4 },
});
