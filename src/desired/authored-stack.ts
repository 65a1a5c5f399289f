import type { AuthoredMachine } from "../model/authored-machine.ts";
import type { Diagnosed } from "../model/diagnostic.ts";
import type { DesiredState } from "../model/resource.ts";
import { copyInput } from "../stack/copy-input.ts";
import { handle } from "../stack/handle.ts";
import { resolve } from "./resolve.ts";

/** What a stack of these machines declares: what loading the code that is written of them gives. */
export function authoredStack(stack: string, machines: readonly AuthoredMachine[]): Diagnosed<DesiredState> {
  const resources = machines.map(({ key, input }) => [key, machineOf(input)] as const);
  return resolve({
    stack,
    env: undefined,
    place: undefined,
    resources: Object.fromEntries(resources),
    outputs: undefined,
    files: new Map(),
  });
}

function machineOf(input: AuthoredMachine["input"]) {
  return handle("machine", { input: copyInput(input), site: {}, properties: () => ({}) });
}
