import type { Address } from "../model/address.ts";
import { identityIn, identityOf } from "../model/inside-kept.ts";
import { insideWish, type AskedInside } from "../model/inside-wish.ts";
import type { Json } from "../model/json.ts";
import { nameKey } from "../model/machine.ts";
import { machineInputs } from "../model/machine-inputs.ts";
import type { DesiredResource } from "../model/resource.ts";
import type { MachineInputs, ResourceState } from "../model/snapshot.ts";
import type { Desk } from "./desk.ts";

/** What two resources are compared by, across addresses. Absent: not known, so like nothing. */
export interface Signatures {
  /** By what it is known where it is: a machine's name, a setting's key, a file's path in its machine. */
  readonly identity: string | undefined;
  /** All that is asked of it, but for its name. */
  readonly whole: string | undefined;
}

/** Of something that state has. `moved`: machines that are known to stand at another address now. */
export function knownSignatures(
  { scene }: Desk,
  state: ResourceState,
  moved: ReadonlyMap<Address, Address>,
): Signatures {
  const { digest } = scene.input;
  const now = (address: Address): Address => moved.get(address) ?? address;
  if (state.type === "machine") {
    return { identity: text("machine", nameKey(state.inputs.name)), whole: digest(ofMachine(state.inputs)) };
  }
  if (state.type === "setting") return { identity: text("setting", state.inputs.key), whole: undefined };
  if (state.type === "archive")
    return { identity: text("archive", now(state.inputs.of), state.inputs.dir), whole: undefined };
  const known = identityOf(state.inputs);
  return {
    identity: known === "" ? undefined : text(state.type, now(state.on), known),
    whole: digest([now(state.on), plain(state.inputs)]),
  };
}

/** Of something that the stack declares. */
export function wishedSignatures({ scene, values }: Desk, desired: DesiredResource): Signatures {
  const { digest, hashText } = scene.input;
  if (desired.type === "machine") {
    const inputs = machineInputs(desired, values.lookup, digest);
    return { identity: text("machine", nameKey(desired.name)), whole: inputs && digest(ofMachine(inputs)) };
  }
  if (desired.type === "setting") return { identity: text("setting", desired.key), whole: undefined };
  if (desired.type === "archive") return { identity: text("archive", desired.of, desired.dir), whole: undefined };
  const known = identityIn(desired.properties);
  const asked: AskedInside = desired;
  const wish = insideWish(asked, values.lookup, hashText);
  return {
    identity: known === "" ? undefined : text(desired.type, desired.on, known),
    whole: wish && digest([desired.on, plain(wish)]),
  };
}

function ofMachine({ name: _name, ...asked }: MachineInputs): Json {
  return plain(asked);
}

function text(...words: readonly string[]): string {
  return JSON.stringify(words);
}

/** The same as JSON: a property that is there without a value is none. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}
