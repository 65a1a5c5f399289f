import * as ask from "../asks.ts";
import {
  breaks,
  fails,
  type Failing,
  type Gives,
  makes,
  on,
  onWords,
  refuses,
  row,
  says,
  SILENT,
  stopped,
  two,
  web,
} from "../case.ts";
import { FOLDER } from "../folder.ts";
import { details, infoText } from "../records.ts";

const has = (names: string): readonly [string, Gives] => ["list -q", says(names)];
const cpu = (name: string, value: string): readonly [string, Gives] => [
  `config get machine.${name}.cpu`,
  says(`${value}\n`),
];
const TAKEN = ["ORB_ALREADY_EXISTS", "already exists", "refused", "taken"] as const;
const LOOKED_AT = ["ORB_ORBCTL_FAILED", "other", "unknown", "again"] as const;
const REFUSED = ["ORB_ORBCTL_FAILED", "refused", "refused", "fail"] as const;
const STOPPED = { stdout: "Stopped\n", stderr: "", exitCode: 1 };

/** How a name that is taken may be told, beside the words that were captured, and what the driver makes of it. */
const TAKEN_WORDS: readonly (readonly [words: string, verdict: Failing])[] = [
  ["[-32098] clone 'web': machine already exists: 'a'", TAKEN],
  ["[-32098] rename container: a machine with that name already exists", TAKEN],
  ["clone target already exists", TAKEN],
  ["[-32098] name is in use", LOOKED_AT],
  ["", LOOKED_AT],
];

/** How a word may be refused. */
const REFUSING_WORDS: readonly (readonly [words: string, verdict: Failing])[] = [
  ["unknown distro: plan9", REFUSED],
  ["Error: unsupported architecture: mips", REFUSED],
  ["invalid machine name 'a.b'", REFUSED],
  ["Error: invalid argument", REFUSED],
  ["[-32098] create 'w': invalid name", LOOKED_AT],
  ["something about isolation", LOOKED_AT],
];

/** How starting what runs, or stopping what does not, may fail. */
const NOTHING_TO_DO = [
  "[-32098] start 'web': machine already running",
  "[-32098] machine is already stopped",
  "machine 'web' is not running",
];

/** A name that is a word of some error. */
const ERROR_NAMES = ["dial", "locked", "locking", "eof"];

const keyVerdict = (words: string): Failing => (words.startsWith("unknown") ? REFUSED : LOOKED_AT);

/** Section 13, what nobody knows: every way it could be. */
export const UNKNOWN = [
  row(
    "13.1",
    "keeps a machine at the end of input",
    [web, "delete web"],
    { exitCode: 1, stderr: "" },
    {
      leaves: [has("web\n")],
    },
  ),
  row(
    "13.1",
    "deletes at the end of input",
    [web, "delete web"],
    { exitCode: 0, stderr: "" },
    {
      faults: "delete-assumes-yes",
      leaves: [has("")],
    },
  ),
  row("13.1", "deletes with force, however it would ask", [web, "delete --force web"], SILENT, {
    faults: "delete-assumes-yes",
    leaves: [has("")],
    ...makes(ask.remove("web")),
  }),
  row(
    "13.2",
    "starts the service for any command",
    [[...web, "stop"], "info web"],
    { exitCode: 0, stderr: "" },
    {
      leaves: [["status", says("Running\n")]],
    },
  ),
  row("13.2", "fails any command while it is stopped", [[...web, "stop"], "info web"], refuses, {
    faults: "stopped-fails",
    leaves: [["status", STOPPED]],
    ...onWords(
      fails("start VM: service is stopped"),
      breaks(ask.inspect("web"), "ORB_SERVICE_STOPPED", "service starting", "nothing", "fail"),
    ),
  }),
  ...["", "stopped-fails"].map((faults) =>
    row("13.2", "is left stopped by who asks for its status first", [[...web, "stop"], "status"], STOPPED, {
      faults,
      leaves: [["status", STOPPED]],
      ...breaks(
        ask.observe({ settings: true, default: true }),
        "ORB_SERVICE_STOPPED",
        "service starting",
        "nothing",
        "fail",
      ),
    }),
  ),
  ...TAKEN_WORDS.map(([words, verdict]) =>
    row(
      "13.3",
      `may tell a taken name by "${words}"`,
      [two, "clone web a"],
      { exitCode: 1 },
      {
        leaves: [has("a\nweb\n")],
        ...onWords(fails(words), breaks(ask.clone("web", "a"), ...verdict)),
      },
    ),
  ),
  ...TAKEN_WORDS.map(([words, verdict]) =>
    row(
      "13.3",
      `may tell it to a rename by "${words}"`,
      [two, "rename web a"],
      { exitCode: 1 },
      {
        leaves: [has("a\nweb\n")],
        ...onWords(fails(words), breaks(ask.rename("web", "a"), ...verdict)),
      },
    ),
  ),
  ...REFUSING_WORDS.map(([words, verdict]) =>
    row("13.3", `may refuse a word by "${words}"`, [[], "create plan9 w"], refuses, {
      leaves: [has("")],
      ...onWords(fails(words), breaks(ask.create("w", { distro: "plan9" }), ...verdict)),
    }),
  ),
  ...["unknown config key: nope", "[-32098] unknown key", "config: no such option"].map((words) =>
    row("13.3", `may refuse a key by "${words}"`, [[], "config set nope 1"], refuses, {
      ...onWords(fails(words), breaks(ask.set("nope", "1"), ...keyVerdict(words))),
    }),
  ),
  ...[1, 126, 127, 255].map((exitCode) =>
    row(
      "13.4",
      `may end with ${exitCode} for a missing program`,
      [web, "run -m web nope"],
      { exitCode, stdout: "" },
      {
        faults: `missing-program=${exitCode}`,
        ...on(
          { stdout: "", stderr: "nope: command not found\n", exitCode },
          makes(ask.exec("web", ["nope"]), { exitCode, stdout: "", stderr: "nope: command not found\n" }),
        ),
      },
    ),
  ),
  ...[137, 143, 255].map((exitCode) =>
    row(
      "13.4",
      `may end with ${exitCode} for a guest that a signal ended`,
      [web, `run -m web sh -c exit␠${exitCode}`],
      {
        ...SILENT,
        exitCode,
      },
      makes(ask.exec("web", ["sh", "-c", `exit ${exitCode}`]), { exitCode, stdout: "", stderr: "" }),
    ),
  ),
  row(
    "13.4",
    "may be killed with its guest, or without",
    [web, "run -m web sleep 1000"],
    { never: true },
    {
      ...onWords(
        { stdout: "", stderr: "", exitCode: null },
        breaks(ask.exec("web", ["sleep", "1000"]), "ORB_ORBCTL_FAILED", "other", "unknown", "fail"),
      ),
    },
  ),
  row("13.5", "may print progress on either stream", [[], "create ubuntu web"], SILENT, {
    ...onWords(
      { stdout: "Downloading…  12%\r\u001b[2KDone\n", stderr: "\u001b[1mSetting up\u001b[0m\n", exitCode: 0 },
      makes(ask.create("web")),
    ),
  }),
  row("13.6", "takes -- before the command", [web, "run -m web -- echo x"], says("x\n")),
  row("13.6", "refuses -- before the command", [web, "run -m web -- echo x"], refuses, { faults: "dashes-refused" }),
  row("13.6", "is never given --", [web, "run -m web -w / echo x"], says("x\n"), {
    faults: "dashes-refused",
    ...makes(ask.exec("web", ["echo", "x"]), { exitCode: 0, stdout: "x\n", stderr: "" }),
  }),
  ...NOTHING_TO_DO.map((words) =>
    row("13.9", `may fail to start what runs by "${words}"`, [web, "start web"], refuses, {
      faults: "strict-power",
      leaves: [["list -qr", says("web\n")]],
      ...on(fails(words), breaks(ask.power("start", "web"), ...LOOKED_AT)),
    }),
  ),
  row("13.9", "may fail to stop what is stopped", [stopped, "stop web"], refuses, {
    faults: "strict-power",
    leaves: [["list -qr", SILENT]],
    ...on(fails("[-32098] stop 'web': machine not running"), breaks(ask.power("stop", "web"), ...LOOKED_AT)),
  }),
  ...ERROR_NAMES.map((name) =>
    row("13.3", `may name a machine ${name} in an error that nobody knows`, [[], `create ubuntu ${name}`], SILENT, {
      ...onWords(
        fails(`[-32098] create '${name}': setup: do initial setup: exit status 1`),
        breaks(ask.create(name), ...LOOKED_AT),
      ),
    }),
  ),
  row("13.3", "may name a file like a word of an error", [[], "create ubuntu web"], SILENT, {
    ...onWords(
      fails("create 'web': open /Users/ada/dial: no such file or directory"),
      breaks(ask.create("web"), ...LOOKED_AT),
    ),
  }),
  row("13.10", "takes a name of 63 characters", [[], `create ubuntu ${"a".repeat(63)}`], SILENT, {
    leaves: [has(`${"a".repeat(63)}\n`)],
    ...makes(ask.create("a".repeat(63))),
  }),
  row("13.11", "takes settings along with a rename", [["create ubuntu web --cpus 3"], "rename web www"], SILENT, {
    leaves: [cpu("www", "3")],
    ...makes(ask.rename("web", "www")),
  }),
  row("13.11", "loses settings by a rename", [["create ubuntu web --cpus 3"], "rename web www"], SILENT, {
    faults: "rename-drops-config",
    leaves: [cpu("www", "0")],
    ...makes(ask.rename("web", "www")),
  }),
  row("13.11", "keeps the default over a rename", [[...web, "default web"], "rename web www"], SILENT, {
    leaves: [["default", says("www\n")]],
    ...makes(ask.rename("web", "www")),
  }),
  row("13.11", "loses the default by a rename", [[...web, "default web"], "rename web www"], SILENT, {
    faults: "rename-drops-default",
    leaves: [["default", SILENT]],
    ...makes(ask.rename("web", "www")),
  }),
  row(
    "13.11",
    "gives a deleted name's settings to the next machine",
    [["create ubuntu web --cpus 3", "delete -f web"], "create ubuntu web"],
    SILENT,
    {
      faults: "config-left-behind",
      leaves: [cpu("web", "3")],
      ...makes(ask.create("web")),
    },
  ),
  row(
    "13.12",
    "copies folders, their modes and links, both ways",
    [
      [
        ...web,
        "run -m web -u root sh -c mkdir␠-p␠/srv/d;␠echo␠x␠>/srv/d/f;␠chmod␠750␠/srv/d/f;␠ln␠-s␠f␠/srv/d/l",
        `pull -m web /srv/d ${FOLDER}/d`,
      ],
      `push -m web ${FOLDER}/d /srv/e`,
    ],
    SILENT,
    {
      leaves: [
        ["run -m web stat -c %a /srv/e/f", says("750\n")],
        ["run -m web readlink /srv/e/l", says("f\n")],
      ],
    },
  ),
  row(
    "7.3",
    "may answer by a name that looks like an id",
    [web, "info web -f json"],
    { exitCode: 0 },
    {
      ...onWords(says(infoText("other")), breaks(ask.inspect("web"), "ORB_LIST_UNREADABLE", null, null, "fail")),
    },
  ),
  row(
    "7.3",
    "answers about the machine that was asked for",
    [web, "info ID:web -f json"],
    { exitCode: 0 },
    {
      ...on(says(infoText("web")), makes(ask.inspectId("web"), details("web"))),
    },
  ),
];
