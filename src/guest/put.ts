import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { misused, quoted } from "./failures.ts";
import { PUT_FILE, PUT_PACK } from "./guest-script.ts";
import { localTree, unreadable, type LocalEntry, type LocalTree } from "./local-tree.ts";
import { octal, pack, type Packed } from "./pack.ts";
import type { Reached } from "./run.ts";
import { freshWord, insidePath, runScript, type TransferOptions } from "./transfer.ts";

/** What is put, and where to. */
export interface PutRequest extends TransferOptions {
  /** A file or folder on this computer, or content itself. */
  readonly from: string | { readonly content: string | Uint8Array };
  /** The absolute path that it gets inside; with `/` at its end, the folder that it is put into under its own name. */
  readonly to: string;
  /**
   * `user` or `user:group`. @default that of the file that is replaced, else that of the folder it is put into
   */
  readonly owner?: string;
  /** Of files: `0o644`. @default as on this computer; of content, 0o644 */
  readonly mode?: number;
}

/** Files up to this size travel in packs, of this size at most. Bytes, and things. */
const SMALL_BYTES = 262_144;
const PACK_BYTES = 8_388_608;
const PACK_THINGS = 500;

type File = Extract<LocalEntry, { kind: "file" }>;

/**
 * Puts a file or a folder into a machine, as root. Each file appears under its name only once it is there whole and its
 * digest is right; a folder is not put as a whole. Small files travel together, whatever their number; big ones are
 * streamed. A link that stands at a file's place is replaced. Errors: see `docs/guides/inside.md`.
 */
export async function put(machine: Reached, request: PutRequest): Promise<void> {
  const { from } = request;
  insidePath(request.to);
  const owner = ownerWord(request.owner);
  if (typeof from !== "string") return putContent({ machine, request, owner }, from.content);
  const tree = await localTree(from);
  const target = request.to.endsWith("/") ? `${request.to}${tree.name}` : request.to;
  const putting = { machine, request, owner };
  if (tree.root.kind === "file") return putFile(putting, tree.root, target);
  return putTree(putting, tree, contentsOnly(from) && request.to.endsWith("/") ? request.to.slice(0, -1) : target);
}

interface Putting {
  readonly machine: Reached;
  readonly request: PutRequest;
  readonly owner: string;
}

/** `SRC/.` means what is in the folder, as it does to cp. */
function contentsOnly(from: string): boolean {
  return /(?:^|\/)\.\/?$/.test(from);
}

/** chown's word: without a group, the user's own. */
function ownerWord(owner: string | undefined): string {
  if (owner === undefined) return "";
  if (!/^[A-Za-z0-9_.][A-Za-z0-9_.-]*(?::[A-Za-z0-9_.-]*)?$/.test(owner))
    throw misused(`${quoted(owner)} is no owner. Nothing was copied.`, "Write user or user:group.");
  return owner.includes(":") ? owner : `${owner}:`;
}

async function putContent({ machine, request, owner }: Putting, content: string | Uint8Array): Promise<void> {
  if (request.to.endsWith("/"))
    throw misused(
      "Content has no name of its own: its target can't be a folder. Nothing was copied.",
      "Name the file.",
    );
  const bytes = Buffer.from(content);
  await send({ machine, request, owner }, request.to, {
    digest: createHash("sha256").update(bytes).digest("hex"),
    mode: request.mode ?? 0o644,
    size: bytes.length,
    stdin: one(bytes),
  });
}

/** What a script gets before what it puts. */
function digestLine(digest: string): Uint8Array {
  return Buffer.from(`${digest}\n`);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Read twice: the machine must know the digest before it lets the file appear. */
async function putFile(putting: Putting, file: File, target: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of contentOf(file)) hash.update(chunk);
  await send(putting, target, {
    digest: hash.digest("hex"),
    mode: putting.request.mode ?? file.mode,
    size: file.size,
    stdin: contentOf(file),
  });
}

async function* contentOf({ from }: File): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(from, { highWaterMark: 262_144 });
  } catch (error) {
    throw unreadable(from, error);
  }
}

interface Sent {
  readonly digest: string;
  readonly mode: number;
  readonly size: number;
  readonly stdin: AsyncIterable<Uint8Array>;
}

async function send({ machine, request, owner }: Putting, target: string, sent: Sent): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const told = (bytes: number): void =>
    request.onProgress?.({ machine: machine.name, path: target, bytes, totalBytes: sent.size });
  async function* counted(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      yield digestLine(sent.digest);
      for await (const chunk of sent.stdin) {
        yield chunk;
        bytes += chunk.length;
        // All of it sent is not yet all of it there: that is told once it is in place.
        if (bytes < sent.size) told(bytes);
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  const args = [target, octal(sent.mode), owner, freshWord()];
  const call = { script: PUT_FILE, args, stdin: counted(), doing: `Putting ${quoted(target)}` };
  await runScript(machine, call, request).catch((error: unknown) => {
    // What could not be read here is why it failed there.
    throw failure === undefined ? error : failure.error;
  });
  told(sent.size);
}

async function putTree(putting: Putting, tree: LocalTree, root: string): Promise<void> {
  const targetOf = (path: string): string => `${root}/${path}`;
  for (const group of groups(tree.entries.filter((entry) => !isBig(entry)))) {
    await putPack(putting, { group, root, rootMode: tree.root.kind === "folder" ? tree.root.mode : 0o755 });
  }
  for (const entry of tree.entries.filter(isBig)) await putFile(putting, entry, targetOf(entry.path));
}

function isBig(entry: LocalEntry): entry is File {
  return entry.kind === "file" && entry.size > SMALL_BYTES;
}

/** At least one group, so that an empty folder is made too. */
function groups(entries: readonly LocalEntry[]): readonly (readonly LocalEntry[])[] {
  const made: LocalEntry[][] = [[]];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.kind === "file" ? entry.size : 0;
    if (bytes + size > PACK_BYTES || (made.at(-1)?.length ?? 0) >= PACK_THINGS) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(entry);
    bytes += size;
  }
  return made;
}

interface Group {
  readonly group: readonly LocalEntry[];
  readonly root: string;
  readonly rootMode: number;
}

async function putPack({ machine, request, owner }: Putting, { group, root, rootMode }: Group): Promise<void> {
  const things: Packed[] = [];
  for (const entry of group) things.push({ entry, content: await smallContent(entry) });
  const targetOf = (path: string): string => `${root}/${path}`;
  const { bytes, digest, scriptBlocks } = pack(things, { targetOf, mode: request.mode });
  const args = [root === "" ? "/" : root, octal(rootMode), owner, freshWord(), String(scriptBlocks)];
  const doing = `Putting ${group.length} files and folders into ${quoted(root)}`;
  await runScript(
    machine,
    { script: PUT_PACK, args, stdin: one(Buffer.concat([digestLine(digest), bytes])), doing },
    request,
  );
  for (const { entry, content } of things) {
    if (entry.kind !== "file") continue;
    const path = targetOf(entry.path);
    request.onProgress?.({ machine: machine.name, path, bytes: content.length, totalBytes: content.length });
  }
}

async function smallContent(entry: LocalEntry): Promise<Uint8Array> {
  if (entry.kind !== "file") return new Uint8Array();
  return await readFile(entry.from).catch((error: unknown) => {
    throw unreadable(entry.from, error);
  });
}
