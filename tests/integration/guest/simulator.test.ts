import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { connectTo, type Guest } from "../../../src/guest/connect.ts";
import { named } from "../../contract/asks.ts";
import { begin, handled, type Handled } from "../../contract/driver-handled.ts";
import { overMemory, overProgram } from "../../contract/driver-worlds.ts";

const made: Handled[] = [];

afterEach(() => {
  for (const each of made.splice(0)) each.remove();
});

const CLOCK = { now: () => Date.now(), sleep: () => Promise.resolve(), random: () => 0 };
const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing",
    (error: unknown) => error,
  );

const WORLDS = [
  ["in memory", overMemory],
  ["as a program", overProgram],
] as const;

describe.each(WORLDS)("over the simulator %s", { tags: ["slow"] }, (_, make) => {
  async function web(
    settings: { readonly isolated?: true } = {},
  ): Promise<{ readonly world: Handled; readonly guest: Guest }> {
    const world = handled(make());
    made.push(world);
    await world.perform({ verb: "create", name: named("web"), distro: "debian", settings });
    const guest = await connectTo({ driver: world.driver, clock: CLOCK }, { name: named("web") });
    return { world, guest };
  }

  test("runs commands and scripts, as users, with input", async () => {
    const { guest } = await web();
    expect(await guest.run(["cat"], { stdin: "a\0b" })).toMatchObject({ stdout: "a\0b", stderr: "" });
    expect(await guest.shell("echo out; echo err >&2; exit 1", { success: "any" })).toEqual({
      machine: "web",
      exitCode: 1,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect((await guest.run(["whoami"], { sudo: true })).stdout).toBe("root\n");
    expect((await guest.run(["printenv", "PATH"], { env: { PATH: "/bin:/usr/bin:/x" } })).stdout).toBe(
      "/bin:/usr/bin:/x\n",
    );
    expect(await thrown(guest.run(["true"], { user: "nobody-there" }))).toMatchObject({ code: "ORB_CONNECTION" });
    expect(await thrown(guest.run(["pwd"], { workdir: "/nope" }))).toMatchObject({ code: "ORB_COMMAND_FAILED" });
  });

  test("compares texts with sets that are negated, as every shell does", async () => {
    const { guest } = await web();
    const script = `for each in 1000 x1 -; do
  case $each in *[!0-9]*) echo "$each: no" ;; *) echo "$each: number" ;; esac
done
x=10a0; echo "\${x%%[!0-9]*} [!x]" '[!y]' [!z]`;
    const said = "1000: number\nx1: no\n-: no\n10 [!x] [!y] [!z]\n";
    expect((await guest.shell(script)).stdout).toBe(said);
    await guest.shell(`cat > /tmp/numbers <<'END'\n${script}\nEND`);
    expect((await guest.run(["sh", "/tmp/numbers"])).stdout).toBe(said);
  });

  test("puts and gets files and folders, isolated, root's and in /tmp", async () => {
    const { world, guest } = await web({ isolated: true });
    const site = join(world.folder, "site");
    mkdirSync(join(site, "a b"), { recursive: true });
    writeFileSync(join(site, "index.html"), Buffer.from([0, 255, 10, 195, 188]));
    writeFileSync(join(site, "a b", "it's"), "x".repeat(700));
    await guest.put({ from: site, to: "/root/site" });
    await guest.put({ from: { content: "hi" }, to: "/tmp/hello", mode: 0o600, owner: "root:root" });
    const { stdout } = await guest.shell(
      "stat -c '%a %U %n' /tmp/hello '/root/site/a b/it'\\''s'; ls -A /root/site /tmp",
      {
        sudo: true,
      },
    );
    expect(stdout).toBe(
      "600 root /tmp/hello\n644 root /root/site/a b/it's\n/root/site:\na b\nindex.html\n\n/tmp:\nhello\n",
    );
    await guest.get({ from: "/root/site", to: join(world.folder, "back") });
    expect(readFileSync(join(world.folder, "back/index.html"))).toEqual(readFileSync(join(site, "index.html")));
    expect(new Set(readdirSync(join(world.folder, "back"), { recursive: true, encoding: "utf8" }))).toEqual(
      new Set(["a b", "a b/it's", "index.html"]),
    );
  });

  test("puts and gets links, wherever they lead, and leaves nothing of the way there", async () => {
    const { world, guest } = await web();
    const site = join(world.folder, "linked");
    mkdirSync(join(site, "sub"), { recursive: true });
    writeFileSync(join(site, "one"), "1");
    const links = { near: "one", gone: "../nowhere", far: "/etc", "sub/up": "../one" };
    for (const [name, leadsTo] of Object.entries(links)) symlinkSync(leadsTo, join(site, name));
    for (let times = 0; times < 2; times += 1) await guest.put({ from: site, to: "/srv/" });
    expect((await guest.shell("ls -A /srv /srv/linked", { sudo: true })).stdout).toBe(
      "/srv:\nlinked\n\n/srv/linked:\nfar\ngone\nnear\none\nsub\n",
    );
    await guest.get({ from: "/srv/linked", to: join(world.folder, "links back") });
    for (const [name, leadsTo] of Object.entries(links))
      expect(readlinkSync(join(world.folder, "links back", name))).toBe(leadsTo);
    const lines = ["ln -s nowhere a", "mv a b", "readlink b", "rm b", "ln -s /etc c", "rm c", "ls -d /etc", "ls -A"];
    expect((await guest.shell(`set -e; mkdir /tmp/l; cd /tmp/l; ${lines.join("; ")}`)).stdout).toBe("nowhere\n/etc\n");
  });

  test("makes, changes and removes accounts, and refuses what Debian refuses", async () => {
    const { guest } = await web();
    const said = async (script: string): Promise<string> => {
      const { stdout, stderr, exitCode } = await guest.shell(script, { sudo: true, success: "any" });
      return `${exitCode} ${stdout}${stderr}`.trim();
    };
    expect(await said("useradd -m -s /bin/bash cleo; id cleo; ls -d /home/cleo; useradd bob; ls -d /home/bob")).toMatch(
      /^2 uid=(\d+)\(cleo\) gid=\1\(cleo\) groups=\1\(cleo\)\n\/home\/cleo\n/,
    );
    expect(await said("useradd cleo")).toBe("9 useradd: user 'cleo' already exists");
    expect(await said("useradd -u 4711 uma; useradd -u 4711 una")).toBe("4 useradd: UID 4711 is not unique");
    expect(await said("useradd -o -u 4711 una; id -u una")).toBe("0 4711");
    for (const name of ["a:b", "a,b", "a/b", "a b", "-- -x", "+x", "~x", ""]) {
      const bare = name.replace("-- ", "");
      const given = name === bare ? `'${name}'` : name;
      const told = `3 useradd: invalid user name '${bare}': use --badname to ignore`;
      expect(await said(`useradd ${given}`)).toBe(told);
    }
    expect(await said("groupadd www; groupadd www")).toBe("9 groupadd: group 'www' already exists");
    expect(await said("useradd www")).toMatch(/^9 useradd: group www exists/);
    expect(await said("useradd -G nobodies eve; usermod -G nobodies cleo")).toBe(
      "6 useradd: group 'nobodies' does not exist\nusermod: group 'nobodies' does not exist",
    );
    expect(await said("usermod -aG www cleo; usermod -aG sudo cleo; id -Gn cleo")).toBe("0 cleo sudo www");
    expect(await said("userdel cleo; getent group cleo; getent group www; ls -d /home/cleo; userdel cleo")).toMatch(
      /^6 www:x:\d+:\n\/home\/cleo\nuserdel: user 'cleo' does not exist$/,
    );
    expect(await said("touch /etc/passwd.lock; useradd eve")).toBe(
      "1 useradd: cannot lock /etc/passwd; try again later.",
    );
  });

  test("takes away the folder that a run left that died, and none that is not one", async () => {
    const { guest } = await web();
    const folders = ".orbform-dead.99999999 .orbform-word.x .orbform-negative.-1";
    await guest.shell(`cd /srv; mkdir -m 700 ${folders}; echo half >.orbform-dead.99999999/.orbform-part`, {
      sudo: true,
    });
    await guest.put({ from: { content: "hi" }, to: "/srv/hello" });
    const { stdout } = await guest.shell("ls -A /srv", { sudo: true });
    expect(stdout.split("\n").filter(Boolean).toSorted()).toEqual([".orbform-negative.-1", ".orbform-word.x", "hello"]);
  });

  test("refuses an owner whom there is not, and lists what rights a file has", async () => {
    const { guest } = await web();
    const content = { content: "x" };
    for (const owner of ["nobody-there", "root:nobodies"])
      expect(await thrown(guest.put({ from: content, to: "/srv/f", owner }))).toMatchObject({
        summary: "A file can't be given away inside",
      });
    expect((await guest.shell("chown nobody-there /srv; chown root:nobodies /srv", { success: "any" })).stderr).toBe(
      "chown: invalid user: 'nobody-there'\nchown: invalid group: 'root:nobodies'\n",
    );
    await guest.put({ from: content, to: "/srv/f", owner: "www-data:4711", mode: 0o4750 });
    const { stdout } = await guest.shell("ls -A /srv; ls -l /srv/f; ls -ld /tmp | cut -c 1-10");
    expect(stdout.replaceAll(/ +/g, " ").replaceAll(/ \w{3} \d+ [\d:]+ /g, " ")).toBe(
      "f\n-rwsr-x--- 1 www-data 4711 1 /srv/f\ndrwxrwxrwt\n",
    );
  });

  test("starts a stopped machine only where it is asked to", async () => {
    const { world, guest } = await web();
    const { id } = await world.found("web");
    await world.driver.perform({ verb: "stop", id }, { begin });
    const reach = { driver: world.driver, clock: CLOCK };
    expect(await thrown(connectTo(reach, { id }))).toMatchObject({ code: "ORB_CONNECTION" });
    expect((await world.found("web")).state).toBe("stopped");
    const started = await connectTo(reach, { id }, { start: true });
    expect((await started.run(["hostname"])).stdout).toBe("web\n");
    expect(guest.name).toBe("web");
  });

  test("says that a machine is not there", async () => {
    const { world } = await web();
    const reach = { driver: world.driver, clock: CLOCK };
    expect(await thrown(connectTo(reach, { name: named("nope") }))).toMatchObject({ code: "ORB_MACHINE_NOT_FOUND" });
  });
});
