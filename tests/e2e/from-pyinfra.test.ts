import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";
import { ROWS, STACK, stackWith, type Way } from "../support/pyinfra-table.ts";

const ORB = join(resolve(dirname(fileURLToPath(import.meta.url)), "../.."), "bin/orb.js");

/** The operations of the connector, as the guide names them: one of these, or one of these and a particular of it. */
const OPERATIONS =
  "create, delete, start, stop, restart, clone, export, import, rename, info, list, status, ip, network info, ssh info, connect string, network details, connectivity, DNS, config get, config set, config show, user name, logs, detailed status, timing, run, put, get, names, groups";

const project = new TestProject();
const here = (...names: readonly string[]): string => join(project.project, ...names);
const PLACES = ["home", "world", "project"];
const APP_CONF = Buffer.from('key = \u0000it\'s "quoted"\n');
afterAll(() => project.remove());

/** Everything begins with the guide's stack applied, and some files. */
beforeAll(async () => {
  const ours = project.script("our-orb", `exec "${process.execPath}" "${ORB}" "$@"`);
  mkdirSync(join(project.folder, "ours"));
  cpSync(ours, join(project.folder, "ours/orb"));
  project.script("orb", `exec "${project.bin}/orbctl" "$@"`);
  project.env["PATH"] = [join(project.folder, "ours"), project.env["PATH"]].join(delimiter);
  project.stack("dev", STACK);
  mkdirSync(here("site/sub dir"), { recursive: true });
  writeFileSync(here("app.conf"), APP_CONF);
  writeFileSync(here("site/sub dir/it's"), APP_CONF);
  const applied = await project.orb(["apply", "dev", "--yes"]);
  expect(applied, applied.stderr).toMatchObject({ code: 0 });
  await inside("base", "echo kept > /root/kept");
  await project.outside("stop", "base");
  await project.outside("export", "base", here("base.tar.zst"));
  for (const each of PLACES) cpSync(join(project.folder, each), join(project.folder, "at first", each), RECURSIVE);
});

const RECURSIVE = { recursive: true, verbatimSymlinks: true } as const;

function asAtFirst(): void {
  for (const each of PLACES) {
    rmSync(join(project.folder, each), { recursive: true });
    cpSync(join(project.folder, "at first", each), join(project.folder, each), RECURSIVE);
  }
}

/** What a row came to. */
interface Came {
  readonly way: Way;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a shell in a machine prints, asked by an outside hand. */
async function inside(name: string, script: string): Promise<string> {
  const { stdout, stderr, code } = await outside("run", "-m", name, "-u", "root", "-w", "/", "sh", "-c", script);
  expect(code, stderr).toBe(0);
  return stdout;
}

const outside = (...args: readonly string[]): Promise<Ran> => project.outside(...args);

interface Info {
  readonly record: { readonly id: string; readonly state: string; readonly image: { readonly distro: string } };
  readonly ip4?: string;
  readonly ip6?: string;
}

async function info(name: string): Promise<Info> {
  const { stdout, stderr } = await outside("info", "-f", "json", name);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** `name state` of each machine. */
async function states(): Promise<readonly string[]> {
  return (await project.machines()).map(({ name, state }) => `${name} ${state}`).toSorted();
}

async function does(way: Way): Promise<Came> {
  const words = way.kind === "command" ? way.text : "orb apply dev --yes";
  if (way.kind === "stack") project.stack("dev", stackWith(way.text));
  const { stdout, stderr, status } = spawnSync("sh", ["-c", words], {
    cwd: project.project,
    env: project.env,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
  if (way.kind === "stack")
    expect(await project.orb(["plan", "dev", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  return { way, stdout, stderr };
}

interface Check {
  /** What is noted before it. */
  readonly before?: () => Promise<string>;
  readonly after: (came: Came, before: string) => Promise<void> | void;
}

const says =
  (...parts: readonly (string | RegExp)[]): Check["after"] =>
  ({ stdout }) => {
    for (const part of parts) expect(stdout).toMatch(part);
  };

const AT_FIRST = ["base stopped", "db running", "web running"];

/** What shows that a row is true, by the words in the guide's last column. */
const CHECKS: { readonly [shownBy: string]: Check | Check["after"] } = {
  "makes a machine": async () => {
    expect((await info("app")).record).toMatchObject({ state: "running", image: { distro: "debian" } });
    expect(await states()).toEqual(["app running", ...AT_FIRST]);
  },
  "deletes a machine": async () => {
    expect(await states()).toEqual(["base stopped", "db running"]);
  },
  "starts a machine": async () => {
    expect(await states()).toEqual(["base running", "db running", "web running"]);
  },
  "stops a machine": async () => {
    expect(await states()).toEqual(["base stopped", "db running", "web stopped"]);
  },
  "restarts a machine": {
    before: () => inside("web", "cat /proc/sys/kernel/random/boot_id"),
    after: async (_, before) => {
      expect(await inside("web", "cat /proc/sys/kernel/random/boot_id")).not.toBe(before);
      expect(await states()).toEqual(AT_FIRST);
    },
  },
  "clones a machine": async () => {
    expect(await states()).toEqual(["app stopped", ...AT_FIRST]);
    expect(await inside("app", "cat /root/kept")).toBe("kept\n");
  },
  "exports a machine": async () => {
    const archives = readdirSync(here()).filter((name) => /^web.*\.tar\.zst$/.test(name));
    expect(archives).toHaveLength(1);
    expect(await outside("import", "-n", "again", here(archives[0] ?? ""))).toMatchObject({ code: 0 });
    expect((await info("again")).record.image).toEqual((await info("web")).record.image);
  },
  "imports a machine": async () => {
    expect((await info("app")).record.image.distro).toBe("debian");
    expect(await inside("app", "cat /root/kept")).toBe("kept\n");
  },
  "renames a machine": {
    before: async () => (await info("web")).record.id,
    after: async (_, before) => {
      expect((await info("www")).record.id).toBe(before);
      expect(await states()).toEqual(["base stopped", "db running", "www running"]);
    },
  },
  "tells the facts of a machine": async ({ stdout }) => {
    const { record, ip4 } = await info("web");
    const told = JSON.stringify(JSON.parse(stdout));
    for (const fact of [record.id, record.state, record.image.distro, ip4]) expect(told).toContain(`"${fact}"`);
  },
  "lists the machines": says(/^base\b/m, /^db\b/m, /^web\b/m),
  "tells what runs and what is stopped": says(/^web\b[^]*?\brunning\b/m, /^base\b[^]*?\bstopped\b/m),
  "tells the address": async ({ stdout }) => {
    expect(stdout).toContain((await info("db")).ip4);
  },
  "tells both addresses and the name": async ({ stdout }) => {
    const { ip4, ip6 } = await info("web");
    for (const fact of [ip4, ip6, "web.orb.local"]) expect(stdout).toContain(fact);
  },
  "tells host, port, user and key": says(
    /^host = 127\.0\.0\.1$/m,
    /^port = 32222$/m,
    /^user = user@web$/m,
    /^key {2}= .*\/\.orbstack\/ssh\/id_ed25519$/m,
  ),
  "tells how to connect": ({ way, stdout }) => {
    if (way.kind === "command") expect(stdout).toMatch(/^ssh -i \S+ -p 32222 -l user@web 127\.0\.0\.1$/m);
    else expect(stdout).toContain('ssh = "web@orb"');
  },
  "tells interfaces, routes and name servers": ({ stdout }) => {
    const network = { interfaces: [{ name: "eth0" }], gateways: ["192.168.139.1"], nameservers: ["0.250.250.200"] };
    expect(JSON.parse(stdout)).toMatchObject({ machines: [{ inside: network }] });
  },
  pings: says(/^web -> db\.orb\.local: answered/, /3 of 3 came back/),
  "tries a port": says(/^web -> db\.orb\.local port 80: open/),
  "asks a web server": says(/^web -> http:\/\/db\.orb\.local\/: answered/, /status 200/),
  "looks up a name": async ({ stdout }) => {
    expect(stdout).toContain((await info("db")).ip4);
  },
  "reads one setting": async ({ stdout }) => {
    expect((await outside("config", "show")).stdout).toContain(`\nmemory_mib: ${stdout}`);
  },
  "sets a setting": async () => {
    expect((await outside("config", "get", "memory_mib")).stdout).toBe("6144\n");
  },
  "shows the settings": says(/^memory_mib: \d+$/m, /^machine\.web\.username: user$/m),
  "sets the default user": async () => {
    expect((await outside("run", "-m", "web", "whoami")).stdout).toBe("root\n");
  },
  "shows the boot log": says(/^Welcome to debian/, /^web login:/m),
  "tells how a machine is inside": says(
    /^ {2}state +=/m,
    /^ {2}disk used +=/m,
    /^ {2}kernel +=/m,
    /^ {2}system +=/m,
    /^ {2}image +=/m,
  ),
  "tells how long each step took": ({ stderr }) => {
    expect(stderr).toMatch(/^Timings: \S+ in all; .*calls of orbctl$/m);
    expect(stderr).toMatch(/^ +1 +\S+ +\S+ +list$/m);
  },
  "runs a command": async () => {
    expect(await inside("web", "ls /var/tmp")).toBe("done\n");
  },
  "runs a command as root": async () => {
    expect(await inside("web", "stat -c %U /opt/app")).toBe("root\n");
  },
  "gives a command input": async ({ stdout }) => {
    expect(stdout).toBe(APP_CONF.toString());
    expect(await inside("web", "cat /etc/app.conf")).toBe(APP_CONF.toString());
  },
  "runs a command on many machines": ({ stdout }) => {
    expect(stdout.trim().split("\n").toSorted()).toEqual(["db  | db", "web | web"]);
  },
  "puts a file": async () => {
    expect(await inside("web", "cat /etc/app.conf")).toBe(APP_CONF.toString());
    expect(await inside("web", "stat -c '%U %a' /etc/app.conf")).toBe("root 644\n");
  },
  "puts a folder": async () => {
    expect(await inside("web", `cat "/srv/site/sub dir/it's"`)).toBe(APP_CONF.toString());
  },
  "gets a file": () => {
    expect(readFileSync(here("hostname"), "utf8")).toBe("web\n");
  },
  "gets a folder": async () => {
    const names = (await inside("web", "ls /etc/ssh")).trim().split("\n");
    expect(readdirSync(here("out/ssh")).toSorted()).toEqual(names.toSorted());
    const first = names.find((name) => name.endsWith(".pub")) ?? "";
    expect(readFileSync(here("out/ssh", first), "utf8")).toBe(await inside("web", `cat /etc/ssh/${first}`));
  },
  "writes the inventory": ({ way }) => {
    const before = way.text.includes("--connector") ? "@orbstack/" : "";
    const names = [...readFileSync(here("inventory.py"), "utf8").matchAll(/^ {4}\('(.*)', \{$/gm)];
    expect(names.map(([, name]) => name)).toEqual(["base", "db", "web"].map((name) => `${before}${name}`));
  },
  "knows groups": async ({ way, stdout }) => {
    if (way.kind === "command") expect(stdout).toBe("web\n");
    else expect((await project.orb(["inventory", "dev"])).stdout).toContain("\n[back]\ndb\n");
  },
};

describe("the guide for those who come from pyinfra", { tags: ["slow"] }, () => {
  test("has every operation of the connector, and no other", () => {
    const operations = ROWS.map(({ operation }) => /^[^:,]+/.exec(operation)?.[0] ?? "");
    expect([...new Set(operations)].join(", ")).toBe(OPERATIONS);
  });

  test("has a check for every row and a row for every check", () => {
    expect(ROWS.map(({ shownBy }) => shownBy)).toEqual(Object.keys(CHECKS));
    expect(ROWS.filter(({ ways }) => ways.length === 0)).toEqual([]);
  });

  const each = ROWS.flatMap(({ operation, shownBy, ways }) => ways.map((way) => ({ operation, shownBy, way })));

  test.each(each)("$operation: $way.text $shownBy", async ({ shownBy, way }) => {
    asAtFirst();
    const check = CHECKS[shownBy];
    const { before, after } = typeof check === "object" ? check : { before: undefined, after: check };
    const noted = (await before?.()) ?? "";
    expect(after).toBeDefined();
    await after?.(await does(way), noted);
  });

  test("begins with a stack that is at rest", async () => {
    asAtFirst();
    expect(existsSync(here("hostname"))).toBe(false);
    expect(await project.orb(["plan", "dev", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });
});
