import type { Fault } from "./fault.ts";

/** Faults of files: journal, snapshot, lock. */
export const STATE_FAULTS: readonly Fault[] = [
  {
    name: "journal-not-synced",
    file: "src/state/append-file.ts",
    find: "await state.file.datasync();",
    put: "",
    breaks: "An intent is on disk before its client is let go.",
    laws: ["a client was let go before its existence was on disk"],
  },
  {
    name: "torn-line-is-damage",
    file: "src/state/journal.ts",
    find: "    if (read === undefined && index === lines.length - 1) return finish(records, true);\n",
    put: "",
    breaks: "A last line of the journal that a crash cut off is left out.",
    laws: ["a run failed as it never should"],
  },
  {
    name: "chain-broken",
    file: "src/state/journal.ts",
    find: "      sum = encoded.sum;\n      bytes",
    put: "      bytes",
    breaks:
      "Each line of the journal carries a checksum over all lines before it, so that what was written can be read.",
    laws: ["a run failed as it never should"],
  },
  {
    name: "stale-journal-folded-in",
    file: "src/state/reduce.ts",
    find: "if (header.baseSerial < snapshot.serial)",
    put: "if (false)",
    breaks: "A journal that a newer snapshot holds already is removed and not folded in once more.",
    laws: ["a run failed as it never should"],
  },
  {
    name: "snapshot-written-in-place",
    file: "src/state/file-disk.ts",
    find: "await this.#withTemporary(target, content, (temporary) => this.#fs.rename(temporary, target));",
    put: `const file = await this.#fs.open(target, constants.O_WRONLY | constants.O_CREAT, content.mode);
    await file.truncate(0);
    await file.writeFile(content.text);
    await file.sync();
    await file.close();`,
    breaks: "A crash leaves the old snapshot or the new one, whole.",
    laws: ["a run failed as it never should"],
  },
  {
    name: "snapshot-not-synced",
    file: "src/state/file-disk.ts",
    find: "await file.sync();",
    put: "",
    breaks: "A file is synced before it takes its place.",
    laws: ["a run failed as it never should", "a run was locked out by nobody"],
  },
  {
    name: "folders-not-synced",
    file: "src/state/file-disk.ts",
    find: "await syncIfPossible(handle);",
    put: "",
    breaks: "A file that was put in its place is still there after a power cut: its folder is synced.",
    laws: ["a client was let go before its existence was on disk"],
  },
  {
    name: "journal-removed-first",
    file: "src/engine-carry-out.ts",
    find: "await ports.backend.write(snapshot, prior.serial, ",
    put: "await journal.discard();\n    await ports.backend.write(snapshot, prior.serial, ",
    breaks: "The journal is removed once the snapshot is written, not before.",
    laws: ["it does not converge", "a machine was lost", "a setting was not put back"],
  },
  {
    name: "recovered-journal-removed-first",
    file: "src/execute/recover-run.ts",
    find: "await backend.write(after, snapshot?.serial ?? 0, note);",
    put: "await disk.remove(paths.journal);\n    await backend.write(after, snapshot?.serial ?? 0, note);",
    breaks: "A dead run's journal is removed once the snapshot is written, not before.",
    laws: ["it does not converge", "a machine was lost"],
  },
  {
    name: "lock-of-the-living-taken",
    file: "src/state/lock.ts",
    find: "return otherBoot || !(await place.processes.isRunning({ pid: info.pid, startedAt: info.processStart }));",
    put: "return true;",
    breaks: "A lock is taken over only from a holder that is dead.",
    laws: [
      "a run without the lock touched machines",
      "a run failed as it never should",
      "the lock was let go with clients at work",
      "a machine was lost",
    ],
  },
  {
    name: "lock-by-pid-alone",
    file: "src/state/lock.ts",
    find: "!(await place.processes.isRunning({ pid: info.pid, startedAt: info.processStart }))",
    put: "!place.processes.exists(info.pid)",
    breaks: "A holder is alive only if a process has its pid and its start time.",
    laws: ["a run was locked out by nobody"],
  },
  {
    name: "never-ran-whatever-its-trace",
    file: "src/state/never-ran.ts",
    find: 'trace?.startsWith("held") === true',
    put: "true",
    breaks: "What a dead run announced counts as not done only if its process certainly never ran.",
    laws: ["it does not converge", "a machine was lost", "a setting was not put back"],
  },
  {
    name: "trace-of-another-boot",
    file: "src/state/never-ran.ts",
    find: 'header.bootId === "" || header.bootId !== traces.bootId',
    put: "false",
    breaks: "After a power cut the trace of a process proves nothing.",
    laws: ["it does not converge", "a machine was lost"],
  },
];
