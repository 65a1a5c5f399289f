export { seeded, virtualClock } from "../../src/driver/simulator/virtual-clock.ts";
export type { VirtualClock } from "../../src/driver/simulator/virtual-clock.ts";
