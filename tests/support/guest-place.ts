import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { InsideFacts, InsideWish } from "../../src/model/inside.ts";
import { type ChangeScript, changeScript } from "../../src/guest/change.ts";
import { factsScript, readFacts } from "../../src/guest/facts.ts";
import { readVerdict, type Verdict } from "../../src/guest/verdict.ts";

/** What scripts of these tests mark their answers with. */
export const TOKEN = "token-of-the-tests";

/** How a script ended. */
export interface PlaceRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** A throw-away machine: a real shell and real programs, with folders of its own for all that scripts write to. */
export interface Place {
  readonly name: string;
  /** Where a path of the place lies on this computer. */
  readonly path: (path: string) => string;
  readonly run: (script: string, stdin?: Uint8Array | string, env?: { [name: string]: string }) => PlaceRun;
  /** The same, and doesn't wait for its end: a process group of its own, as a session's first process has. */
  readonly begin: (script: string) => ChildProcess;
  readonly write: (path: string, content: Uint8Array | string, mode?: number) => void;
  readonly close: () => void;
}

/** Folders that a place has for itself; everything else of the host is only read. */
const OWN = ["etc", "home", "root", "srv", "var", "run", "usr/local"] as const;
const FROM_ETC = ["alternatives", "pam.d", "security", "login.defs", "nsswitch.conf", "default"] as const;

const PASSWD = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
const GROUP = "root:x:0:\nnogroup:x:65534:\n";

/** Whether this computer lets a test have folders of its own in the place of others. */
export const hasPlaces = process.platform === "linux" && spawnSync("unshare", ["--mount", "true"]).status === 0;

/** The host's own sh (dash on Debian) and programs of GNU and shadow. */
export function hostPlace(): Place {
  const root = furnished();
  for (const each of FROM_ETC)
    if (existsSync(`/etc/${each}`)) cpSync(`/etc/${each}`, join(root, "etc", each), { recursive: true });
  const binds = OWN.map((each) => `mount --bind "$0/${each}" "/${each}"`).join(" && ");
  // A mount that failed would let the script at the computer's own files: the mark says that it did not.
  return place("host sh", root, `${binds} && [ -e /etc/throw-away ] && exec /bin/sh -c "$1"`);
}

/** Nothing but busybox: its shell and its programs in a root of their own, as on a bare Alpine. */
export function busyboxPlace(): Place {
  const root = furnished();
  for (const each of ["bin", "dev", "tmp", "proc"]) mkdirSync(join(root, each), { recursive: true });
  const busybox = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
  cpSync(busybox, join(root, "bin/busybox"), { dereference: true });
  const applets = spawnSync(busybox, ["--list"], { encoding: "utf8" }).stdout.split("\n");
  const absent = new Set(["", "busybox", "dpkg", "rpm", "sv", "svc", "init", "openvt"]);
  for (const each of applets) if (!absent.has(each)) symlinkSync("busybox", join(root, "bin", each));
  // Devices of its own: a script that goes wrong must not get at the computer's.
  spawnSync("mknod", ["-m", "666", join(root, "dev/null"), "c", "1", "3"]);
  return place("busybox", root, `[ -c "$0/dev/null" ] && exec chroot "$0" /bin/sh -c "$1"`);
}

function furnished(): string {
  const root = mkdtempSync(join(tmpdir(), "orbform-place-"));
  chmodSync(root, 0o755);
  for (const each of [...OWN, "usr/local/bin"]) mkdirSync(join(root, each), { recursive: true });
  writeFileSync(join(root, "etc/throw-away"), "");
  writeFileSync(join(root, "etc/passwd"), PASSWD);
  writeFileSync(join(root, "etc/group"), GROUP);
  writeFileSync(join(root, "etc/shadow"), "root:*:19000::::::\n", { mode: 0o640 });
  writeFileSync(join(root, "etc/gshadow"), "root:*::\n", { mode: 0o640 });
  return root;
}

function place(name: string, root: string, enter: string): Place {
  const path = (each: string): string => join(root, each);
  return {
    name,
    path,
    run: (script, stdin = "", env = {}) => {
      const { stdout, stderr, status } = spawnSync("unshare", ["--mount", "sh", "-c", enter, root, script], {
        input: stdin,
        env: { PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...env },
        maxBuffer: 2 ** 28,
      });
      return { stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8"), exitCode: status };
    },
    begin: (script) =>
      spawn("unshare", ["--mount", "sh", "-c", enter, root, script], {
        env: { PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
        stdio: "ignore",
        detached: true,
      }),
    write: (to, content, mode = 0o644) => {
      mkdirSync(dirname(path(to)), { recursive: true });
      writeFileSync(path(to), content);
      chmodSync(path(to), mode);
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What a place has, for each of some wishes. */
export function factsAt({ run }: Pick<Place, "run">, wishes: readonly InsideWish[]): readonly InsideFacts[] {
  return readFacts(run(factsScript(wishes, TOKEN)).stdout, wishes, TOKEN);
}

/** The facts of one wish. */
export function factOf(at: Pick<Place, "run">, wish: InsideWish): InsideFacts {
  const [facts] = factsAt(at, [wish]);
  if (!facts) throw new Error("no facts came");
  return facts;
}

/** Runs a script that ends with a verdict. */
export function verdictOf({ run }: Pick<Place, "run">, script: string, stdin: Uint8Array | string = ""): Verdict {
  return readVerdict(run(script, stdin).stdout, TOKEN);
}

/** Looks, then makes one wish so, as the engine will. */
export function change(at: Pick<Place, "run">, wish: InsideWish, content: Uint8Array | string = ""): Verdict {
  return applied(at, changeScript(wish, { facts: factOf(at, wish), token: TOKEN }), content);
}

/** What a change gets on its standard input. */
export function stdinOf(made: ChangeScript, content: Uint8Array | string = ""): Uint8Array {
  if (made.stdin === "content") return Buffer.concat([Buffer.from(made.head), Buffer.from(content)]);
  return Buffer.from(made.stdin === "text" ? made.text : "");
}

/** Runs a change with what it wants on its standard input. */
export function applied(at: Pick<Place, "run">, made: ChangeScript, content: Uint8Array | string = ""): Verdict {
  return verdictOf(at, made.script, stdinOf(made, content));
}
