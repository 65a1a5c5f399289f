import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** What the fake prints for one command. */
interface FakeAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
  /** Shell code that is run first. */
  readonly script?: string;
}

/** An executable that plays scripted answers and writes down how it was called. */
export interface FakeOrbctl {
  readonly program: string;
  readonly folder: string;
  /** A folder for the output of mutating calls. */
  readonly scratch: string;
  /** Sets what `command` answers: to every call, or to its first, second … calls in turn, the last one for the rest. */
  answer(command: string, ...answers: readonly FakeAnswer[]): Promise<void>;
  /** Every call so far. */
  calls(): Promise<readonly (readonly string[])[]>;
  remove(): Promise<void>;
}

/** The separator of logged words: a character that no argument of a test holds. */
const SEPARATOR = "\u001f";

/** `config show` and the like are answered by two words, everything else by its first. */
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
{ for each in "$@"; do printf '%s\\037' "$each"; done; printf '\\n'; } >> "$here/calls"
key=$1
if [ "$1" = config ]; then key="$1-$2"; fi
if [ -e "$here/strict" ]; then
  for each in "$@"; do
    case $each in
      -*) grep -qx -e "$each" "$here/strict" || { echo "Error: unknown flag: $each" >&2; exit 1; } ;;
    esac
    if [ "$key" = run ] && [ "$each" = "-w" ]; then break; fi
  done
fi
count=$(cat "$here/$key.count" 2>/dev/null || echo 0)
count=$((count + 1))
echo "$count" > "$here/$key.count"
while [ "$count" -gt 1 ] && [ ! -e "$here/$key.$count.exit" ]; do count=$((count - 1)); done
if [ -e "$here/$key.$count.sh" ]; then . "$here/$key.$count.sh"; fi
if [ ! -e "$here/$key.$count.exit" ]; then exit 0; fi
cat "$here/$key.$count.out"
cat "$here/$key.$count.err" >&2
exit "$(cat "$here/$key.$count.exit")"
`;

/** Makes a fake orbctl in a folder of its own: it is running, and has no machines, until told otherwise. */
export async function fakeOrbctl(options: { readonly flags?: readonly string[] } = {}): Promise<FakeOrbctl> {
  const folder = await mkdtemp(path.join(tmpdir(), "fake orbctl-"));
  const program = path.join(folder, "orbctl");
  await writeFile(program, SCRIPT);
  await chmod(program, 0o755);
  if (options.flags) await writeFile(path.join(folder, "strict"), `${options.flags.join("\n")}\n`);
  const fake: FakeOrbctl = {
    program,
    folder,
    scratch: path.join(folder, "scratch"),
    answer: async (command, ...answers) => {
      const key = command.replace(" ", "-");
      for (const [index, answer] of answers.entries()) await put(path.join(folder, `${key}.${index + 1}`), answer);
    },
    calls: () => readCalls(path.join(folder, "calls")),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await fake.answer("status", { stdout: "Running\n" });
  await fake.answer("list", { stdout: "[]\n" });
  await fake.answer("version", { stdout: "Version: 2.2.3 (2020300)\nCommit: abc (v2.2.3)\n" });
  return fake;
}

async function put(base: string, { stdout = "", stderr = "", exit = 0, script }: FakeAnswer): Promise<void> {
  await writeFile(`${base}.out`, stdout);
  await writeFile(`${base}.err`, stderr);
  await writeFile(`${base}.exit`, String(exit));
  if (script !== undefined) await writeFile(`${base}.sh`, `${script}\n`);
}

async function readCalls(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(SEPARATOR).slice(0, -1));
}

/** The update box, as OrbStack draws it (contract 3.16). */
export const BANNER = `
    ╭───────────────────────────────────────────────────────╮
    │              OrbStack update available!               │
    │              Run "orb update" to update.              │
    │                                                       │
    │  Updates include improvements, features, and fixes.   │
    ╰───────────────────────────────────────────────────────╯

`;

/** A record of `list -f json`, as OrbStack 2.2 gives it. */
export function listRecord(id: string, name: string, more: object = {}): object {
  return {
    id,
    name,
    image: { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" },
    config: {
      isolated: false,
      forward_ssh_agent: true,
      isolate_network: false,
      default_username: "me",
      http_port: 0,
      https_port: 0,
    },
    builtin: false,
    state: "running",
    ...more,
  };
}
