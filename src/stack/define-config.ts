import type { Policy } from "./define-policy.ts";

/** How many actions may run at once: over all, and by kind. Each 1 to 1000. */
export interface LimitsInput {
  readonly global?: number | undefined;
  readonly create?: number | undefined;
  readonly clone?: number | undefined;
  readonly start?: number | undefined;
  readonly config?: number | undefined;
  readonly delete?: number | undefined;
  readonly export?: number | undefined;
  readonly inside?: number | undefined;
}

/** What `orb.config.ts` may say. Everything is optional. */
export interface ConfigInput {
  /** The folder with the stacks, relative to the config. @default "stacks" */
  readonly stacks?: string | undefined;
  /** The folder for local state, relative to the config. @default "state" */
  readonly state?: string | undefined;
  /** Which machines: OrbStack's, or simulated ones. @default "orbstack" */
  readonly driver?: "orbstack" | "simulator" | undefined;
  readonly limits?: LimitsInput | undefined;
  /** Rules that every plan of every stack is held to. @default none */
  readonly policies?: readonly Policy[] | undefined;
}

/** A project's configuration: what `orb.config.ts` exports as its default. */
export interface Config {
  readonly "~orbform": "config";
  readonly "~input": ConfigInput;
}

/**
 * Declares a project's configuration.
 *
 * @example
 * export default defineConfig({ driver: "simulator" });
 */
export function defineConfig(input: ConfigInput): Config {
  return Object.freeze({ "~orbform": "config", "~input": Object.freeze({ ...input }) } as const);
}
