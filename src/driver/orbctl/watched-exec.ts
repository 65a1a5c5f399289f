import type { Clock } from "../../model/clock.ts";
import type { CallEnding, Watch } from "../../model/happening.ts";
import type { ChildRef } from "../driver.ts";
import type { OrbctlCall, OrbctlExec, OrbctlOutput } from "./call.ts";
import { commandOf, toldWords } from "./told-words.ts";

/** Who is told of calls, and by whose clock they are timed. */
export interface Watching {
  readonly clock: Pick<Clock, "now">;
  readonly watch: Watch;
}

/**
 * A way of calling orbctl that tells of each call as it begins and as it ends: the one place where calls are measured,
 * those of a repeated attempt among them. Changes nothing of the call.
 */
export function watchedExec(exec: OrbctlExec, { clock, watch }: Watching): OrbctlExec {
  return async (call) => {
    const told = { command: commandOf(call.argv), words: toldWords(call.argv) };
    const began = clock.now();
    const child = noted(call);
    const end = (how: Ended): void => {
      const at = clock.now();
      watch({ event: "call ended", ...told, at, tookMs: at - began, ...how, ...child.ref() });
    };
    watch({ event: "call began", ...told, at: began });
    const output = await exec(child.call).catch((error: unknown) => {
      end({ ending: "not run", exitCode: null, printedBytes: 0 });
      throw error;
    });
    end(endOf(output));
    return output;
  };
}

interface Ended {
  readonly ending: CallEnding;
  readonly exitCode: number | null;
  readonly printedBytes: number;
}

function endOf({ exitCode, timedOut, aborted, stdout, stderr }: OrbctlOutput): Ended {
  const ended = exitCode === null ? "stopped by a signal" : "exited";
  const stopped = timedOut ? "timed out" : "aborted";
  const printedBytes = Buffer.byteLength(stdout) + Buffer.byteLength(stderr);
  return { ending: timedOut || aborted ? stopped : ended, exitCode, printedBytes };
}

/** A call whose process is noted where it has one that is written down. */
function noted(call: OrbctlCall) {
  const { begin } = call;
  let pid: number | undefined;
  const noting = async (child: ChildRef | null): Promise<void> => {
    pid = child?.pid;
    await begin?.(child);
  };
  return {
    call: begin === undefined ? call : { ...call, begin: noting },
    ref: (): { readonly pid?: number } => (pid === undefined ? {} : { pid }),
  };
}
