import { type Host, perform } from "./host.ts";
import { finalPhase } from "./record.ts";
import { needService } from "./service.ts";

/** Makes sure that OrbStack runs before a command that needs it; writes nothing where it does. */
export async function withService(host: Host): Promise<void> {
  const runs = host.session.read((world) => {
    const { state, at } = finalPhase(world.data.service);
    return state === "running" && at <= world.now && !world.faults.on("service-stopped");
  });
  if (!runs) await perform(host, needService);
}
