// Loaded into the real CLI with `--import`: SIGKILLs it at a named point, as a pulled plug would.
// ORBFORM_TEST_KILL_AT is `POINT:N`; it dies at the Nth time the point is reached. Points: `intent`, `outcome` (such a
// record is on disk), `go` (a held child was let go), `snapshot` (the journal is about to be removed), `call` (a process
// was started), `answer` (it has ended), `any` (all of these, and every other write, rename, link or removal of a file).
// What it was about to do, or had just done, stands in the file ORBFORM_TEST_KILL_MARK.
import childProcess from "node:child_process";
import filesAtOnce, { writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import { basename } from "node:path";

const [point, count] = (process.env.ORBFORM_TEST_KILL_AT ?? "none:0").split(":");
let left = Number(count);

function reached(doing, ...points) {
  if (!points.includes(point) || --left > 0) return;
  if (process.env.ORBFORM_TEST_KILL_MARK) writeFileSync(process.env.ORBFORM_TEST_KILL_MARK, doing);
  process.kill(process.pid, "SIGKILL");
}

/** A file by what it is for: the journal, a lock, what a process printed. */
function kindOf(path) {
  const name = basename(String(path));
  const kind = /lock|journal|timings|held|out|err|json/.exec(name)?.[0] ?? "another file";
  return name.endsWith(".tmp") ? `temporary ${kind}` : kind;
}

const probe = await fs.open(new URL(import.meta.url));
const handle = Object.getPrototypeOf(probe);
await probe.close();

/** What was written and not synced yet, by file descriptor. */
const pending = new Map();
function note(fd, data) {
  reached("before a write", "any");
  const text = typeof data === "string" ? data : Buffer.from(data).toString();
  pending.set(fd, (pending.get(fd) ?? "") + text);
}
for (const name of ["write", "writeFile", "appendFile"]) {
  const original = handle[name];
  handle[name] = async function (data, ...rest) {
    note(this.fd, data);
    return await original.call(this, data, ...rest);
  };
}
const { writeSync } = filesAtOnce;
filesAtOnce.writeSync = (fd, data, ...rest) => {
  note(fd, data);
  return writeSync(fd, data, ...rest);
};
for (const name of ["datasync", "sync"]) {
  const original = handle[name];
  handle[name] = async function (...rest) {
    await original.apply(this, rest);
    const text = pending.get(this.fd) ?? "";
    pending.delete(this.fd);
    if (text.includes('"kind":"intent"')) reached("intent on disk", "intent", "any");
    if (text.includes('"kind":"outcome"')) reached("outcome on disk", "outcome", "any");
  };
}
for (const name of ["rename", "link", "unlink", "rm"]) {
  const original = fs[name];
  fs[name] = async (path, ...rest) => {
    const isLast = String(path).endsWith(".journal") && (name === "unlink" || name === "rm");
    if (isLast) reached("snapshot written, journal still there", "snapshot", "any");
    else reached(`before ${name} of ${kindOf(path)}`, "any");
    return await original(path, ...rest);
  };
}
// oxlint-disable-next-line typescript/unbound-method -- called with the socket below
const end = Socket.prototype.end;
Socket.prototype.end = function (chunk, ...rest) {
  if (chunk !== "go\n") return end.call(this, chunk, ...rest);
  return end.call(this, chunk, () => reached("process let go", "go", "any"));
};
const spawn = childProcess.spawn;
childProcess.spawn = (program, ...rest) => {
  const child = spawn(program, ...rest);
  const what = basename(program) === "sh" ? "held process" : "reading call";
  reached(`${what} started`, "call", "any");
  child.once("exit", () => reached(`${what} ended`, "answer", "any"));
  return child;
};
syncBuiltinESMExports();
