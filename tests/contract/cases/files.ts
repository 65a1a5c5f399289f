import * as ask from "../asks.ts";
import {
  beside,
  breaks,
  fails,
  makes,
  missing,
  on,
  refuses,
  row,
  says,
  shows,
  SILENT,
  stopped,
  two,
  web,
} from "../case.ts";
import { FOLDER } from "../folder.ts";
import { infoText } from "../records.ts";

/** A file that every computer has and that can be read. */
const FILE = "/etc/passwd";
const has = (names: string): readonly [string, ReturnType<typeof says>] => ["list -q", says(names)];
const CONNECTION = { host: "127.0.0.1", port: 32_222, user: "ada@web", identityFile: "/h/.orbstack/ssh/id_ed25519" };
const inside = (path: string): readonly [string, ReturnType<typeof says>] => [
  `run -m web ls ${path}`,
  says(`${path}\n`),
];

/** Sections 3.11 to 3.14. */
export const FILES = [
  row("3.11", "exports and goes on", [web, `export web ${FOLDER}/a.tar.zst`], SILENT, {
    leaves: [
      ["list -qr", says("web\n")],
      [`import -n two ${FOLDER}/a.tar.zst`, SILENT],
      has("two\nweb\n"),
      ["list -qr", says("web\n")],
      [`import ${FOLDER}/a.tar.zst -n three`, SILENT],
      has("three\ntwo\nweb\n"),
    ],
    ...makes(ask.exportTo("web", `${FOLDER}/a.tar.zst`)),
  }),
  row(
    "3.11",
    "imports under the exported name",
    [[...web, `export web ${FOLDER}/a`, "delete -f web"], `import ${FOLDER}/a`],
    SILENT,
    {
      leaves: [has("web\n")],
    },
  ),
  row(
    "3.11",
    "brings files and settings back",
    [
      ["create ubuntu web --cpus 2", "run -m web -u root touch /etc/kept", `export web ${FOLDER}/a`],
      `import -n two ${FOLDER}/a`,
    ],
    SILENT,
    {
      leaves: [
        ["config get machine.two.cpu", says("2\n")],
        ["run -m two ls /etc/kept", says("/etc/kept\n")],
      ],
      ...makes(ask.restore(`${FOLDER}/a`, "two")),
    },
  ),
  row("3.11", "refuses to import a taken name", [[...web, `export web ${FOLDER}/a`], `import ${FOLDER}/a`], refuses, {
    leaves: [has("web\n")],
    ...on(
      fails("[-32098] import 'web': machine already exists: 'web'"),
      breaks(ask.restore(`${FOLDER}/a`, "web"), "ORB_ALREADY_EXISTS", "already exists", "refused", "taken"),
    ),
  }),
  row("3.11", "says what is missing", [[], `export X ${FOLDER}/a`], missing("X"), {
    ...breaks(ask.exportTo("X", `${FOLDER}/a`), "ORB_MACHINE_NOT_FOUND", "not found", "refused", "fail"),
  }),
  row(
    "3.11",
    "left an import in provisioning (1.11.1)",
    [[...web, `export web ${FOLDER}/a`, `import ${FOLDER}/a -n two`], "start two"],
    SILENT,
    {
      version: "1.11.1",
      leaves: [["list", shows("two   provisioning  ubuntu")]],
    },
  ),
  row("3.12", "pushes what belongs to root then", [web, `push -m web ${FILE} /var/tmp/p`], SILENT, {
    leaves: [["run -m web stat -c %U /var/tmp/p", says("root\n")]],
  }),
  row("3.12", "pushes into /tmp what never shows", [web, `push -m web ${FILE} /tmp/p`], SILENT, {
    leaves: [["run -m web ls /tmp", SILENT]],
  }),
  row("3.12", "pushes to root's folders", [web, `push -m web ${FILE} /etc/p`], SILENT, { leaves: [inside("/etc/p")] }),
  row("3.12", "takes the default machine", [[...two, "default a"], `push ${FILE} /var/tmp/`], SILENT, {
    leaves: [["run -m a ls /var/tmp/passwd", says("/var/tmp/passwd\n")]],
  }),
  row("3.12", "takes one path for the source, and the home for the other", [web, `push -m web ${FILE}`], SILENT, {
    leaves: [inside("/home/ada/passwd")],
  }),
  row("3.12", "takes a relative path from the home", [web, `push -m web ${FILE} in/`], SILENT, {
    leaves: [inside("/home/ada/in/passwd")],
  }),
  row("3.12", "makes a folder for several", [web, `push -m web ${FILE} /etc/group /var/tmp/new/`], SILENT, {
    leaves: [["run -m web ls /var/tmp/new", says("group\npasswd\n")]],
  }),
  row(
    "3.12",
    "copies a folder's contents",
    [[...web, `pull -m web /etc/ssh ${FOLDER}/ssh`], `push -m web ${FOLDER}/ssh/. /srv/all`],
    SILENT,
    {
      leaves: [inside("/srv/all/sshd_config")],
    },
  ),
  row("3.12", "says in cp's words what is missing", [web, "push -m web /no/such /var/tmp/"], {
    ...fails("cp: cannot stat '/mnt/mac/no/such': No such file or directory"),
  }),
  row(
    "3.12",
    "can't push to an isolated machine before 2.2",
    [["create ubuntu web --isolated"], `push -m web ${FILE} /var/tmp/p`],
    {
      ...fails(`cp: cannot stat '/mnt/mac${FILE}': No such file or directory`),
    },
    { version: "2.1.3" },
  ),
  row(
    "3.12",
    "can't pull from an isolated machine before 2.2",
    [["create ubuntu web --isolated"], "pull -m web /etc/passwd /tmp"],
    {
      ...fails("cp: cannot create regular file '/mnt/mac/tmp': Permission denied"),
    },
    { version: "2.1.3" },
  ),
  row("3.12", "can, since 2.2", [["create ubuntu web --isolated"], `push -m web ${FILE} /var/tmp/p`], SILENT, {
    version: "2.2.0",
    leaves: [inside("/var/tmp/p")],
  }),
  row(
    "3.12",
    "has no right to root's folders before 2.2",
    [web, `push -m web ${FILE} /etc/p`],
    {
      ...fails("cp: cannot create regular file '/etc/p': Permission denied"),
    },
    { version: "2.1.3", leaves: [["run -m web test -e /etc/p", { exitCode: 1 }]] },
  ),
  row("3.12", "pushed as the user before 2.2, /tmp too", [web, `push -m web ${FILE} /tmp/p`], SILENT, {
    version: "2.1.3",
    leaves: [["run -m web stat -c %U /tmp/p", says("ada\n")]],
  }),
  row("3.12", "pulls from a stopped machine", [stopped, `pull -m web /etc/hostname ${FOLDER}/h`], SILENT, {
    leaves: [
      ["list -qr", SILENT],
      [`push -m web ${FOLDER}/h /var/tmp/h`, SILENT],
      ["run -m web cat /var/tmp/h", says("web\n")],
    ],
  }),
  row(
    "3.13",
    "has a boot log",
    [web, "logs web"],
    { exitCode: 0, contains: "login:" },
    {
      ...on(says("boot\u001b[31m red\u001b[0m\nweb login: \n"), {
        driver: { ask: ask.logs("web"), makes: { value: "boot red\nweb login: \n" }, wordsOnly: true },
      }),
    },
  ),
  row("3.13", "has the log of a stopped machine", [stopped, "logs web -a"], { exitCode: 0, stderr: "" }),
  row("3.13", "has docker's", [[], "logs docker"], { exitCode: 0, stderr: "" }),
  row(
    "3.13",
    "has none of a machine never booted",
    [[...web, "clone web two"], "logs two"],
    {
      ...fails("[-32098] machine 'two' has no logs of type console"),
    },
    makes(ask.logs("two"), ""),
  ),
  row("3.13", "says what is missing", [[], "logs X"], missing("X"), {
    ...breaks(ask.logs("X"), "ORB_MACHINE_NOT_FOUND", "not found", "refused", "fail"),
  }),
  row(
    "3.14",
    "tells the port on a line",
    [web, "ssh"],
    { exitCode: 0, contains: "Port: 32222\n" },
    {
      ...beside(
        { info: infoText("web") },
        on(says("Use SSH:\n  ssh orb\n\n  Host: localhost\n  Port: 32222\n"), makes(ask.connection("web"), CONNECTION)),
      ),
    },
  ),
];
