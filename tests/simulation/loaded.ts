/**
 * What the engine loads only once it needs it, loaded before any story begins: loading takes this computer's time, and in a
 * story there is none but the simulated, so that the first one told would not be the one that is told again.
 */
import "ulid";
import "../../src/execute/execute.ts";
import "../../src/execute/recover-run.ts";
import "../../src/live/observe-inside.ts";
import "../../src/state/reduce.ts";
import "../../src/state/schema.ts";
