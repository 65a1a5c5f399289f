import { defineStack, machine } from "orbform";
import * as z from "zod";
import { webTier } from "./lib/web-tier.ts";

// orb plan team --var cpus=4 --env staging
const inputs = z.object({
  cpus: z.number().int().min(1).default(2),
  database: z.boolean().default(true),
});

export default defineStack({
  inputs,
  resources: ({ inputs, env }) => {
    const golden = machine({ image: "debian:bookworm", name: "team-golden", power: "stopped" });
    const shop = webTier({ golden, cpus: inputs.cpus, memory: env === "production" ? "4G" : "1G" });
    const db = machine({ image: "ubuntu:noble", name: "team-db", memory: "2G", labels: { tier: "data" } });
    return { golden, shop, ...(inputs.database ? { db } : {}) };
  },
  outputs: ({ shop }) => ({ url: shop.outputs.url }),
});
