import { once } from "node:events";
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SimulatorFolder, simulatorFolder } from "../../support/simulator-process.ts";

let sim: SimulatorFolder;
const bytes = randomBytes(2 ** 20);

beforeAll(async () => {
  sim = simulatorFolder();
  await sim.run(["create", "ubuntu", "web"]);
  await sim.run(["run", "-m", "web", "sh", "-c", "mkdir -p /srv/d && cat > /srv/d/bytes"], { stdin: bytes });
});

afterAll(() => {
  sim.remove();
});

const run = (...argv: readonly string[]): ReturnType<SimulatorFolder["run"]> => sim.run(["run", "-m", "web", ...argv]);
const hash = (text: string): string => createHash("sha256").update(Buffer.from(text, "latin1")).digest("hex");

test("what a shell prints arrives while it still runs, and a guest's sleep is slept out", async () => {
  const script = "for word in one two; do echo $word; sleep 3600; done";
  const child = sim.spawn(["run", "-m", "web", "sh", "-c", script]);

  const [chunk] = await once(child.stdout ?? child, "data");
  const ended = child.exitCode;
  child.kill("SIGKILL");

  expect([String(chunk), ended]).toEqual(["one\n", null]);
});

test.each([
  ["(f() { echo one >&2; exit 3; }; f); echo two >&2", "one\ntwo\n"],
  ["(f() { echo one >&2; (exit 3); }; f; exit 4); echo two >&2", "one\ntwo\n"],
  ["(f() { echo one >&2; exit 3; }; f) 2>/dev/null; echo two >&2", "two\n"],
])("what a function says before it ends a subshell comes before what follows: %s", async (script, said) => {
  expect((await run("sh", "-c", script)).stderr).toBe(said);
  const toStdout = script.replaceAll(">&2", "").replace("2>", ">");
  expect((await run("sh", "-c", toStdout)).stdout).toBe(said);
});

test.each([
  [["cat", "/srv/d/bytes"]],
  [["sh", "-c", "cat /srv/d/bytes"]],
  [["sh", "-c", "sleep 0; [ -f /srv/d/bytes ] && cat /srv/d/bytes || exit 4"]],
  [["sudo", "cat", "/srv/d/bytes"]],
  [["sudo", "sh", "-c", "exec cat /srv/d/bytes"]],
  [["-s", "cat /srv/d/bytes"]],
  [["sh", "-c", "gzip -c /srv/d/bytes | gunzip"]],
  [["sh", "-c", "cp /srv/d/bytes /var/tmp/copy; cat < /var/tmp/copy"]],
])("1 MiB comes back byte for byte through %j", async (argv) => {
  expect(hash((await run(...argv)).stdout)).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a folder goes out and in through tar", async () => {
  const { stdout } = await run("sh", "-c", "cd /srv && tar cf - d");
  await sim.run(["run", "-m", "web", "-u", "root", "tar", "xf", "-", "-C", "/opt"], {
    stdin: Buffer.from(stdout, "latin1"),
  });

  const back = await run("sha256sum", "/opt/d/bytes");

  expect(back.stdout).toBe(`${createHash("sha256").update(bytes).digest("hex")}  /opt/d/bytes\n`);
});

test.each([["cat"], ["sh -c cat"], ["bash -lc exec␠cat"]])(
  "%s gives back each piece as it comes, and ends with its input",
  async (line) => {
    const words = line.split(" ").map((word) => word.replace("␠", " "));
    const child = sim.spawn(["run", "-m", "web", ...words]);
    const ended = once(child, "close");
    const heard: string[] = [];
    for (const word of ["one", "two"]) {
      child.stdin?.write(word);
      const [chunk] = await once(child.stdout ?? child, "data");
      heard.push(String(chunk));
    }
    child.stdin?.end();

    expect(heard).toEqual(["one", "two"]);
    expect(await ended).toEqual([0, null]);
  },
);

test("a listing names owners and shows links", async () => {
  const script =
    "cd /srv/d; sudo touch theirs; touch own; ln -s own link; ls -l | tr -s ' ' | cut -d' ' -f1,3,4,9- | tail -n +2";

  expect((await run("sh", "-c", script)).stdout.split("\n")).toEqual([
    "-rw-r--r-- ada ada bytes",
    "lrwxrwxrwx ada ada link -> own",
    "-rw-r--r-- ada ada own",
    "-rw-r--r-- root root theirs",
    "",
  ]);
});

test("10 MiB arrive whole", async () => {
  expect((await run("head", "-c", "10485760", "/dev/zero")).stdout.length).toBe(10_485_760);
});

test.each([
  ['x=$(cat); echo "got $x"', "got hi\n"],
  ['read line; echo "<$line>"', "<hi>\n"],
  ["take() { cat; }; take", "hi"],
  ["cat /dev/stdin", "hi"],
  ["cat > /var/tmp/in && cat /var/tmp/in", "hi"],
])("a script reads what it is given: %s", async (script, expected) => {
  const got = await sim.run(["run", "-m", "web", "sh", "-c", script], { stdin: "hi" });

  expect(got).toEqual({ stdout: expected, stderr: "", exitCode: 0 });
});

test.each([7, 126, 200])("the guest's exit code %i is the client's", async (code) => {
  expect(await run("sh", "-c", `exit ${code}`)).toEqual({ stdout: "", stderr: "", exitCode: code });
});

test("a script's streams stay apart, in their own order, with its exit code", async () => {
  const script =
    "set -e; echo 1; echo 2 >&2; (echo 3; echo 4 >&2); echo 5 2>&1 | tr 5 6; nope 2>&1 || true; false; echo 7";

  expect(await run("bash", "-c", script)).toEqual({
    stdout: "1\n3\n6\nbash: nope: command not found\n",
    stderr: "2\n4\n",
    exitCode: 1,
  });
});

test("a program sees its own environment, what ORBENV names, and nothing of the caller's", async () => {
  const env = { ONE: "1", TWO: "two words", LEAK: "secret", ORBENV: "ONE:TWO:ABSENT" };
  const got = await sim.run(["run", "-m", "web", "env"], { env });

  expect(got.stdout.split("\n").toSorted()).toEqual([
    "",
    "HOME=/home/ada",
    "LANG=C.UTF-8",
    "LOGNAME=ada",
    "ONE=1",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "PWD=/home/ada",
    "SHELL=/bin/bash",
    "TWO=two words",
    "USER=ada",
  ]);
});

test("a reader that goes away ends the client", async () => {
  const child = sim.spawn(["run", "-m", "web", "sh", "-c", "while true; do echo line; sleep 0.01; done"]);
  const ended = once(child, "close");
  await once(child.stdout ?? child, "data");
  child.stdout?.destroy();

  expect(await ended).not.toEqual([0, null]);
});

test("a shell without a command reads one", async () => {
  const got = await sim.run(["run", "-m", "web", "bash", "-s", "word"], { stdin: "echo $1; exit 9\n" });

  expect(got).toEqual({ stdout: "word\n", stderr: "", exitCode: 9 });
});

test.each([
  ["kill -9 $$; echo after", "", 137],
  ["echo before; kill $$; echo after", "before\n", 143],
  ["kill -s INT $$ && echo after", "", 130],
  ["set -e; kill -0 $$; echo after", "after\n", 0],
  ["sh -c 'kill -KILL $$; echo after'; echo $?", "137\n", 0],
  ["kill -9 99999999$$ 2>/dev/null; echo $?", "1\n", 0],
])("a shell that kills itself ends: %s", async (script, stdout, exitCode) => {
  expect(await run("sh", "-c", script)).toMatchObject({ stdout, exitCode });
});

test("a file that is written to keeps its mode and its owner", async () => {
  const script = `cd /srv && echo a >f && chmod 751 f && chown www-data:www-data f
echo b >f && stat -c '%a %U:%G' f && echo c >>f && stat -c '%a %U:%G' f
printf d | tee f >/dev/null && stat -c '%a %U:%G' f && cat f`;

  const ran = await run("-u", "root", "sh", "-c", script);
  const again = await run("-u", "root", "sh", "-c", "chmod 600 /srv/f; echo h >/srv/f; stat -c '%a %U:%G' /srv/f");

  expect(ran.stderr).toBe("");
  expect(ran.stdout).toBe(`${"751 www-data:www-data\n".repeat(3)}d`);
  expect(again.stdout).toBe("600 www-data:www-data\n");
});

test("a web server that was stopped is reached again once it is started, and after a start of its machine", async () => {
  const asked = async (): Promise<string> =>
    (await run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://localhost/")).stdout;
  const done = (...words: readonly string[]): ReturnType<typeof run> => run("-u", "root", ...words);
  await done("apt-get", "install", "-y", "nginx");
  const codes = [await asked()];
  for (const verb of ["stop", "start", "restart", "stop"]) {
    await done("systemctl", verb, "nginx");
    codes.push(await asked());
  }
  await sim.run(["stop", "web"]);
  await sim.run(["start", "web"]);
  codes.push(await asked());
  await done("systemctl", "disable", "--now", "nginx");
  codes.push(await asked());
  await sim.run(["stop", "web"]);
  await sim.run(["start", "web"]);
  codes.push(await asked());
  await done("systemctl", "start", "nginx");
  codes.push(await asked());

  expect(codes).toEqual(["200", "000", "200", "200", "000", "200", "000", "000", "200"]);
});
