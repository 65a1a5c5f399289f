import type { Driver } from "../driver/driver.ts";
import { unreadable } from "./frame.ts";
import { fateScript, readWord } from "./hold.ts";
import { newToken, type LookRequest } from "./look.ts";

/** What became of a script whose answer was lost. */
export type Fate =
  | { readonly status: "done" | "refused" | "at work" }
  /** The command was run and ended with this code. */
  | { readonly status: "ended"; readonly code: number }
  /** A signal ended it: it did not come to its end, and does nothing more. */
  | { readonly status: "cut" }
  /** It did nothing, and will not: it is kept from beginning. */
  | { readonly status: "never begun" }
  /** Nothing tells: it was killed without a word, or the machine was started anew since. */
  | { readonly status: "lost" };

/** A script, and the boot of the machine that it was begun in. */
export interface Sought {
  readonly token: string;
  readonly boot: string | undefined;
}

/** Asks a running machine what became of a script. Errors: the driver's, and `ORB_GUEST_UNREADABLE`. */
export async function fateInside(
  driver: Pick<Driver, "exec">,
  request: LookRequest,
  { token, boot }: Sought,
): Promise<Fate> {
  const own = newToken();
  const command = ["sh", "-c", fateScript(token, own)];
  const { stdout } = await driver.exec({ ...request, command, user: "root" });
  const said = readWord(stdout, own);
  if (said === undefined) throw unreadable("It does not say what became of a change.");
  return said.boot === boot ? fateOf(said.word) : { status: "lost" };
}

function fateOf(word: string): Fate {
  const [, code] = /^ended-(\d+)$/.exec(word) ?? [];
  if (code !== undefined) return { status: "ended", code: Number(code) };
  if (word === "done" || word === "refused" || word === "cut" || word === "lost") return { status: word };
  if (word === "busy") return { status: "at work" };
  if (word === "never") return { status: "never begun" };
  throw unreadable("What it says became of a change is a word that is not known.");
}
