import * as ask from "../asks.ts";
import { breaks, fails, makes, missing, on, onWords, refuses, row, says, SILENT, stopped, two, web } from "../case.ts";

const ran = (exitCode: number, stdout = "", stderr = ""): object => ({ exitCode, stdout, stderr });
const NO_START = "start VM: timed out waiting for VM to start";

/** Section 4. */
export const RUNNING = [
  row(
    "4.1",
    "takes a machine by -m",
    [two, "run -m web hostname"],
    says("web\n"),
    makes(ask.exec("web", ["hostname"]), ran(0, "web\n")),
  ),
  row(
    "4.1",
    "takes an id",
    [two, "run -m ID:a hostname"],
    says("a\n"),
    makes(ask.exec("a", ["hostname"]), ran(0, "a\n")),
  ),
  row("4.1", "takes the default machine", [[...two, "default a"], "run hostname"], says("a\n")),
  row("4.1", "runs as root", [web, "run -m web -u root whoami"], says("root\n"), {
    ...makes(ask.exec("web", ["whoami"], { user: "root" }), ran(0, "root\n")),
  }),
  row("4.1", "runs in a directory", [web, "run -m web -w /etc pwd"], says("/etc\n"), {
    ...makes(ask.exec("web", ["pwd"], { workdir: "/etc" }), ran(0, "/etc\n")),
  }),
  row("4.1", "takes long flags", [web, "run --machine web --user root --workdir /var pwd"], says("/var\n")),
  row(
    "4.1",
    "takes a shared path of the Mac for a directory",
    [web, "run -m web -w /Users/ada pwd"],
    says("/Users/ada\n"),
  ),
  row("4.1", "goes through the login shell", [web, "run -m web -s echo $HOME"], says("/home/ada\n")),
  row("4.1", "translates paths of the Mac", [web, "run -m web -p echo /Users/ada/x"], says("/mnt/mac/Users/ada/x\n")),
  row("4.1", "leaves words after the command alone", [web, "run -m web echo -m x -f"], says("-m x -f\n"), {
    ...makes(ask.exec("web", ["echo", "-m", "x", "-f"]), ran(0, "-m x -f\n")),
  }),
  row("4.1", "says what is missing", [[], "run -m nope true"], missing("nope"), {
    ...breaks(ask.exec("nope", ["true"]), "ORB_MACHINE_NOT_FOUND", "not found", "refused", "fail"),
  }),
  row("4.1", "takes a machine for a program without -m", [web, "run web true"], fails("web: command not found", 127)),
  row("4.1", "knows no -e", [web, "run -m web -e A=1 true"], refuses),
  row("4.1", "may refuse --", [web, "run -m web -- true"], refuses, { faults: "dashes-refused" }),
  row("4.1", "reads a shell's commands without one", [web, "run -m web"], says("3\n"), { stdin: "echo $((1 + 2))\n" }),
  row("4.1", "helps where there is no machine", [[], "run disk reclaim"], { stdout: "", exitCode: 1 }),
  row("4.1", "never gets a command that is a flag", [web, "run -m web -x"], refuses, {
    ...breaks(ask.exec("web", ["-x"]), "ORB_NAME_REFUSED", null, null, "fail"),
  }),
  row("4.2", "passes argv on as it is", [web, "run -m web printf %s| a␠b $HOME *"], says("a b|$HOME|*|"), {
    ...makes(ask.exec("web", ["printf", "%s|", "a b", "$HOME", "*"]), ran(0, "a b|$HOME|*|")),
  }),
  row("4.2", "takes one joined string for a program", [web, "run -m web command␠-v␠vtysh␠||␠true"], {
    stdout: "",
    stderr: "command -v vtysh || true: command not found\n",
  }),
  row(
    "4.2",
    "takes shell syntax by sh -c",
    [web, "run -m web sh -c echo␠out;␠echo␠err␠>&2;␠exit␠7"],
    {
      stdout: "out\n",
      stderr: "err\n",
      exitCode: 7,
    },
    makes(ask.exec("web", ["sh", "-c", "echo out; echo err >&2; exit 7"]), ran(7, "out\n", "err\n")),
  ),
  row("4.2", "passes standard input on, byte for byte", [web, "run -m web cat"], says("a\0\u0001\nb"), {
    stdin: "a\0\u0001\nb",
    ...makes(ask.exec("web", ["cat"], { stdin: new TextEncoder().encode("a\0\u0001\nb") }), ran(0, "a\0\u0001\nb")),
  }),
  row("4.2", "copies the variables that ORBENV names", [web, "run -m web sh -c echo␠$ONE-$TWO"], says("1-\n"), {
    env: { HOME: "/Users/ada", USER: "ada", ONE: "1", TWO: "2", ORBENV: "ONE" },
    ...makes(ask.exec("web", ["sh", "-c", "echo $ONE-$TWO"], { env: { ONE: "1" } }), ran(0, "1-\n")),
  }),
  row("4.2", "has no terminal", [web, "run -m web tty"], { stdout: "not a tty\n" }),
  row("4.2", "has the Mac's user id", [web, "run -m web id -u"], says("501\n")),
  row("4.2", "starts a stopped machine", [stopped, "run -m web true"], SILENT, {
    leaves: [["list -qr", says("web\n")]],
  }),
  row("4.2", "starts the service", [[...web, "stop"], "run -m web true"], SILENT, {
    leaves: [["status", says("Running\n")]],
  }),
  row("4.2", "fails while the service can't start", [web, "run -m web true"], fails(NO_START), {
    faults: "service-stopped",
    ...breaks(ask.exec("web", ["true"]), "ORB_SERVICE_STOPPED", "service starting", "nothing", "fail"),
  }),
  row("4.2", "fails so for a delete too", [web, "delete -f web"], fails(NO_START), {
    faults: "service-stopped",
    ...breaks(ask.remove("web"), "ORB_SERVICE_STOPPED", "service starting", "nothing", "again"),
  }),
  row(
    "4.2",
    "has no mac when isolated",
    [["create ubuntu web --isolated"], "run -m web mac uname -s"],
    {
      ...fails("dial: no such file or directory"),
    },
    makes(ask.exec("web", ["mac", "uname", "-s"]), ran(1, "", "dial: no such file or directory\n")),
  ),
  row("4.2", "starts in the caller's folder where that is shared", [web, "run -m web pwd"], says("/Users/ada/code\n"), {
    cwd: "/Users/ada/code",
    ...on(says("/\n"), makes(ask.exec("web", ["pwd"]), ran(0, "/\n"))),
  }),
  row(
    "4.2",
    "starts elsewhere where it is not",
    [["create ubuntu web --isolated"], "run -m web pwd"],
    says("/home/ada\n"),
    {
      cwd: "/Users/ada/code",
      ...on(says("/\n"), makes(ask.exec("web", ["pwd"]), ran(0, "/\n"))),
    },
  ),
  row("4.3", "passes 0 on", [web, "run -m web true"], SILENT, makes(ask.exec("web", ["true"]), ran(0))),
  row(
    "4.3",
    "passes 7 on",
    [web, "run -m web sh -c exit␠7"],
    { ...SILENT, exitCode: 7 },
    {
      ...makes(ask.exec("web", ["sh", "-c", "exit 7"]), ran(7)),
    },
  ),
  row(
    "4.3",
    "passes 2 on, which a crash has too",
    [web, "run -m web sh -c exit␠2"],
    { ...SILENT, exitCode: 2 },
    {
      ...makes(ask.exec("web", ["sh", "-c", "exit 2"]), ran(2)),
    },
  ),
  row("4.3", "crashes with 2", [web, "run -m web true"], SILENT, {
    ...onWords(
      {
        stdout: "",
        stderr: "panic: x\n\ngoroutine 1 [running]:\ngithub.com/orbstack/macvirt/scon/cmd/scli\n",
        exitCode: 2,
      },
      breaks(ask.exec("web", ["true"]), "ORB_ORBCTL_FAILED", "other", "unknown", "fail"),
    ),
  }),
  row(
    "4.3",
    "fails with 1 in transition, with or without the prefix",
    [[...web, "sim set-state web creating"], "run -m web true"],
    refuses,
    {
      ...on(
        fails("[-32098] cannot transition from creating to starting"),
        breaks(ask.exec("web", ["true"]), "ORB_MACHINE_IN_TRANSITION", "in transition", "nothing", "fail"),
      ),
    },
  ),
  ...["invalid transition from creating to starting", "cannot transition from creating to starting"].map((text) =>
    row("4.3", `fails with 1 for "${text}"`, [[...web, "sim set-state web creating"], "run -m web true"], refuses, {
      ...on(
        fails(text),
        breaks(ask.exec("web", ["true"]), "ORB_MACHINE_IN_TRANSITION", "in transition", "nothing", "fail"),
      ),
    }),
  ),
  row("4.3", "fails with 1 where its own socket is gone", [web, "run -m web true"], SILENT, {
    ...onWords(
      fails("dial unix /Users/ada/.orbstack/run/sconrpc.sock: connect: connection refused"),
      breaks(ask.exec("web", ["true"]), "ORB_ORBCTL_FAILED", "transport", "nothing", "fail"),
    ),
  }),
];
