import type { Diagnosed } from "../../src/model/diagnostic.ts";
import type { DesiredMachine, DesiredState } from "../../src/model/resource.ts";
import { resolve } from "../../src/desired/resolve.ts";
import type { FileContent } from "../../src/desired/scope.ts";

/** What the rules make of resources, as if a stack file `dev` had listed them. */
export function resolved(
  resources: unknown,
  options: { readonly outputs?: unknown; readonly files?: ReadonlyMap<string, FileContent> } = {},
): Diagnosed<DesiredState> {
  return resolve({
    stack: "dev",
    env: undefined,
    place: undefined,
    resources,
    outputs: options.outputs,
    files: options.files ?? new Map(),
  });
}

/** What the rules say, shortest form: `error ORB_X machine.web: detail / hint`. */
export function said(diagnosed: Diagnosed<unknown>): readonly string[] {
  return diagnosed.diagnostics.map(
    ({ severity, code, address, detail, hint }) =>
      `${severity} ${code}${address === undefined ? "" : ` ${address}`}: ${detail}${hint === undefined ? "" : ` / ${hint}`}`,
  );
}

/** The machine at an address; throws where there is none. */
export function machineAt(state: DesiredState, address: string): DesiredMachine {
  const found = state.resources.find((each) => each.address === address);
  if (found?.type !== "machine") throw new Error(`no machine at ${address}`);
  return found;
}
