import { type Command, defineCommand, latin1FromBytes } from "just-bash";
import { bytePrograms } from "./guest-bytes.ts";
import { factPrograms } from "./guest-facts.ts";
import { linkPrograms } from "./guest-links.ts";
import { find, ls } from "./guest-listing.ts";
import { networkPrograms } from "./guest-network.ts";
import { ownerPrograms } from "./guest-owners.ts";
import { packagePrograms } from "./guest-packages.ts";
import { done, type GuestProgram, type GuestState } from "./guest-program.ts";
import { shellPrograms } from "./guest-shell.ts";
import { systemPrograms } from "./guest-system.ts";
import { unitPrograms } from "./guest-units.ts";
import { userPrograms } from "./guest-users.ts";

/** Every program that is added to the shell. */
export function guestPrograms(state: GuestState): readonly Command[] {
  const programs: { readonly [name: string]: GuestProgram } = {
    ...shellPrograms(),
    ...systemPrograms(),
    ...factPrograms(),
    ...bytePrograms(),
    ls,
    find,
    ...linkPrograms(),
    ...userPrograms(),
    ...ownerPrograms(),
    ...networkPrograms(state.machine),
    ...packagePrograms(state.machine),
    ...unitPrograms(),
    "orb-capture-output": (_, [number = ""], ctx) => {
      state.captured.set(number, Buffer.from(latin1FromBytes(ctx.stdin), "latin1"));
      return done();
    },
  };
  return Object.entries(programs).map(([name, program]) =>
    defineCommand(name, async (args, ctx) => program(state, args, ctx)),
  );
}
