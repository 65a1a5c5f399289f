/** What a configuration or a stack imports for its `policies` (`"orbform/policies"`): rules that are ready to use. */
export { atMostMachines } from "./policy/ready/at-most-machines.ts";
export { imageAllowList } from "./policy/ready/image-allow-list.ts";
export { isolationRequired } from "./policy/ready/isolation-required.ts";
export type { IsolationOptions } from "./policy/ready/isolation-required.ts";
export { limitsRequired } from "./policy/ready/limits-required.ts";
export type { Limited } from "./policy/ready/limits-required.ts";
export { noDeletesOf } from "./policy/ready/no-deletes-of.ts";
export type { NoDeletesOptions } from "./policy/ready/no-deletes-of.ts";
export type { MachineOptions, ReadyOptions } from "./policy/ready/options.ts";
export type { Policy } from "./stack/define-policy.ts";
