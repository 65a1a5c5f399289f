import type { TcpAnswer } from "../model/probe.ts";
import type { Attempt, Tried } from "./probe-script.ts";
import { lastLine, unreached } from "./unreached.ts";

const PYTHON = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)";

/** `$1` the host, `$2` the port. Some machines have a netcat that can't only connect, so there are three ways. */
export const TCP_ATTEMPTS: readonly Attempt[] = [
  { tool: "nc", run: 'nc -z -v -w 5 "$1" "$2"' },
  { tool: "python3", run: `python3 -c '${PYTHON}' "$1" "$2"` },
  { tool: "bash", run: `timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2"` },
];

/** `timeout` ends what it had to stop with this. */
const TIMED_OUT = 124;

/** Reads how an attempt to connect ended. */
export function readTcp({ tool, output, exitCode }: Tried): TcpAnswer {
  if (tool === null) return { probe: "tcp", tool, outcome: "no tool", detail: "" };
  if (exitCode === 0) return { probe: "tcp", tool, outcome: "open", detail: "" };
  const outcome = exitCode === TIMED_OUT ? "timed out" : unreached(output);
  return { probe: "tcp", tool, outcome, detail: lastLine(output) };
}
