/** What `"orbform/testing"` takes and gives. */
import type { OrbctlOutput } from "./driver/orbctl/call.ts";
import type { Applied, PlanRequest } from "./engine-types.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import type { ExecuteEvent } from "./model/execute-event.ts";
import type { MachineFacts } from "./model/machine.ts";
import type { Plan } from "./model/plan.ts";
import type { PolicyReport } from "./model/policy.ts";
import type { Snapshot } from "./model/snapshot.ts";
import type { Policy as PolicyFile } from "./stack/define-policy.ts";
import type { Stack as StackFile } from "./stack/define-stack.ts";

/** What a test's world is like. Everything has a default. */
export interface TestWorldOptions {
  /** OrbStack's version, which decides what it can do. @default the newest the simulator knows */
  readonly version?: string;
  /** Faults, as `ORBCTL_SIM_FAULTS` spells them: `"create-missing-ip:web-*"`. @default none */
  readonly faults?: string;
  /** Factor on the real durations, on the world's own clock. @default 0: everything is done at once */
  readonly latency?: number;
  /** Where chance begins: the same seed, the same run. @default 1 */
  readonly seed?: number;
}

/** What a stack is planned or applied with. */
export interface TestRunOptions {
  /** The stack's inputs. @default none */
  readonly inputs?: { readonly [name: string]: unknown };
  /** As `--env`. @default none */
  readonly env?: string;
  /** The stack's name, as its file would give it. @default its own `name`, else "stack" */
  readonly name?: string;
  /** The folder that paths in the stack are relative to. @default the current one */
  readonly root?: string;
  /** As the options of `orb plan`: targets, `replace`, `mode: "destroy"` … @default a plain plan */
  readonly plan?: Partial<PlanRequest>;
  /** Policies of the project, which the plan is held to beside those of the stack. @default none */
  readonly policies?: readonly PolicyFile[];
  /** How many actions may run at once. @default 10, as everywhere */
  readonly parallelism?: number;
  /** Told of everything that happens in an apply. */
  readonly onEvent?: (event: ExecuteEvent) => void;
}

/** How an apply went. */
export interface TestApply {
  readonly plan: Plan;
  readonly applied: Applied;
  /** What went wrong: one for each action that failed or whose outcome is unknown. */
  readonly problems: readonly Diagnostic[];
}

/** A simulated OrbStack in memory, with the state of every stack that was applied to it. */
export interface TestWorld {
  /** Plans a stack against the world as it is. Mistakes of the stack throw; other errors are in `plan.diagnostics`. */
  plan(stack: StackFile, options?: TestRunOptions): Promise<Plan>;
  /** What the policies say of the plan. One that gives no answer throws. */
  judge(stack: StackFile, options?: TestRunOptions): Promise<PolicyReport>;
  /**
   * Plans a stack and carries the plan out. Throws where the plan has errors or a policy denies it; an action that fails is
   * in `problems`.
   */
  apply(stack: StackFile, options?: TestRunOptions): Promise<TestApply>;
  /** Every machine there is, of whatever stack or of none. */
  machines(): Promise<readonly MachineFacts[]>;
  /** OrbStack's settings, by key. */
  settings(): Promise<Readonly<Record<string, unknown>>>;
  /** The state of a stack, by name; `undefined` where it was never applied. */
  snapshot(name?: string, env?: string): Promise<Snapshot | undefined>;
  /** Calls `orbctl` in this world: whatever somebody may do outside of any stack, and the simulator's own `sim` words. */
  orbctl(...argv: readonly string[]): Promise<Pick<OrbctlOutput, "stdout" | "stderr" | "exitCode">>;
  /** How much of the world's time has passed. Milliseconds. */
  elapsedMs(): number;
  /** How much was written to state, journal and history so far. Characters. */
  bytesWritten(): number;
}
