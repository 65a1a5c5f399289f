import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ATTEMPTS, hostileStack } from "../support/hostile-attempts.ts";
import { TestProject, type Ran } from "../support/project.ts";

const WORD = "hunter2";

const STACK = `import { component, defineStack, existing, extend, file, interpolate, machine, setting } from "orbform";
const base = machine({ image: "debian:bookworm", power: "stopped", cloudInit: { file: "user-data" } });
const inputs = { "~standard": { version: 1, vendor: "none", validate: (value: unknown) => ({ value }) } };
const memory = setting({ key: "memory_mib", value: 8192 });
const first = defineStack({
  inputs: inputs as never,
  resources: ({ inputs }: { inputs: { size: string } }) => {
    const web = machine({ clone: base, cpus: Number(inputs.size), lifecycle: { dependsOn: [memory] } });
    const page = file({ on: web, path: "/page", source: "page.html" });
    const text = file({ on: web, path: "/text", content: interpolate\`\${web.ip4}:\${memory.value}\` });
    const db = machine({ image: "alpine", labels: { role: "db" } });
    return { base, memory, web, page, text, tier: component({ resources: { db }, outputs: { name: db.name } }) };
  },
  outputs: ({ web }) => ({ web: web.ip4, list: [1, { at: web.name }, null] }),
});
export default extend(first, (draft) => { draft.resources.web.memory = "2G"; });
`;

let project: TestProject;
let arrived: string[];
const servers: Server[] = [];

beforeEach(() => {
  project = new TestProject();
  arrived = [];
});
afterEach(() => {
  for (const each of servers.splice(0)) each.close();
  project.remove();
});

function write(files: { readonly [path: string]: string }, folder = project.project): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function listen(where: number | string): Promise<number> {
  const server = createServer((socket) => {
    arrived.push(String(where));
    socket.destroy();
  });
  servers.push(server);
  return new Promise((done) => {
    const told = (): void => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    };
    if (typeof where === "number") server.listen(where, "127.0.0.1", told);
    else server.listen(where, told);
  });
}

const plan = (...more: readonly string[]): Promise<Ran> => project.orb(["plan", "dev", "--untrusted", ...more]);

/** Secrets beside the project, and in it where a checkout has them. */
function plant(): { readonly SECRET: string; readonly OUT: string } {
  const OUT = join(project.folder, "outside");
  const secret = { "secret/key": WORD, "outside/module.mjs": `export const ${WORD} = 1;` };
  write(secret, project.folder);
  write({ ".git/config": WORD, "state/other.json": WORD, ".env": WORD });
  symlinkSync(join(project.folder, "secret/key"), join(project.project, "out-link"));
  symlinkSync(join(project.folder, "secret"), join(project.project, "folder-link"));
  symlinkSync(".git/config", join(project.project, "git-link"));
  symlinkSync(".", join(project.project, "root-link"));
  symlinkSync("../git-link", join(project.project, "stacks/_chain"));
  write({ "links/a": "", "deep/er/b": "", "z/c": "", "odd/d": "" });
  symlinkSync("links", join(project.project, "twice"));
  symlinkSync(project.folder, join(project.project, "links/down"));
  symlinkSync("../../z", join(project.project, "deep/er/link"));
  symlinkSync(join(project.folder, "secret"), Buffer.concat([Buffer.from(`${project.project}/odd/`), Buffer.of(0xff)]));
  // Names by which Node might be told more than is meant.
  write({ "*": "", ".g*": "", ".gi": "", "sub/*": "" });
  return { SECRET: join(project.folder, "secret/key"), OUT };
}

describe("an untrusted stack", { tags: ["slow"] }, () => {
  it("gets hold of nothing, reaches nothing and changes nothing, whatever it tries", async () => {
    const { SECRET, OUT } = plant();
    const SOCKET = join(project.folder, "s");
    const PORT = await listen(0);
    await listen(SOCKET);
    write(hostileStack({ SECRET, OUT, SOCKET, PORT, PARENT: process.pid }));
    const before = { project: readdirSync(project.project), outside: readdirSync(OUT) };
    const stack = readFileSync(join(project.project, "stacks/dev.ts"), "utf8");
    const { code, stdout, stderr } = await plan("--format=json");
    expect([code, stderr], stderr).toEqual([0, ""]);
    const changes: { readonly [name: string]: { readonly after: string } } = JSON.parse(stdout).output_changes;
    const got = Object.fromEntries(Object.entries(changes).map(([name, { after }]) => [name, after]));
    expect(Object.keys(got).toSorted()).toEqual(Object.keys(ATTEMPTS).toSorted());
    const denied = Object.entries(got).filter(([, each]) => each !== "ERR_ACCESS_DENIED");
    expect(Object.fromEntries(denied)).toEqual({
      arguments: "nothing",
      cloned: "ReferenceError",
      deserialized: "TypeError",
      dispatcher: "ReferenceError",
      env: "nothing",
      fetch: "ReferenceError",
      glob_root: "nothing",
      loader_asks: "nothing",
      messages: "ReferenceError",
      report: "TypeError",
      sqlite_there: "nothing",
      stdout_socket: "TypeError",
    });
    expect(arrived).toEqual([]);
    expect({ project: readdirSync(project.project), outside: readdirSync(OUT) }).toEqual(before);
    expect([stdout + stderr, readFileSync(SECRET, "utf8")].map((each) => each.includes(WORD))).toEqual([false, true]);
    expect(readFileSync(join(project.project, "stacks/dev.ts"), "utf8")).toBe(stack);
  });

  it.each(["SIGKILL", "SIGTERM"] as const)("ends with Orbform, by whatever that ends: %s", async (signal) => {
    project.stack("dev", "for (;;) {}");
    const orb = project.startOrb(["plan", "dev", "--untrusted"]);
    const busy = (): boolean => {
      const { stdout } = spawnSync("ps", ["-A", "-o", "time=,args="], { encoding: "utf8" });
      const own = stdout.split("\n").filter((each) => each.includes("--permission") && each.includes(project.project));
      return own.some((each) => !/^\s*(?:00:00:00|0:00\.\d\d)\s/.test(each));
    };
    await project.until(busy);
    orb.kill(signal);
    expect((await orb.ended).code).not.toBe(0);
    await project.until(() => !busy());
  });

  it("may be no link to a file of somebody else, whose first line would be shown", async () => {
    const { SECRET } = plant();
    mkdirSync(join(project.project, "stacks"), { recursive: true });
    for (const target of [SECRET, "../.env", "../git-link"]) {
      const link = join(project.project, "stacks/dev.ts");
      rmSync(link, { force: true });
      symlinkSync(target, link);
      const { code, stdout, stderr } = await plan();
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("ORB_UNTRUSTED_REFUSED");
      expect(stderr).not.toContain(WORD);
    }
  });

  it("is planned as a trusted one is, to the digest", async () => {
    project.stack("dev", STACK);
    write({ "page.html": "<p>é</p>", "user-data": "#cloud-config" });
    const digest = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await project.orb(["plan", "dev", "--format=json", "--var", "size=2", ...args]);
      expect([code, stderr]).toEqual([0, ""]);
      return JSON.parse(stdout).orbform.digest;
    };
    const [trusted, untrusted, again] = [await digest(), await digest("--untrusted"), await digest("--env=prod")];
    expect(untrusted).toBe(trusted);
    expect(again).not.toBe(trusted);
    // As a Mac's /tmp is one.
    symlinkSync(project.project, join(project.folder, "link"));
    const linked = [join(project.folder, "link/stacks/dev.ts"), "--format=json", "--var=size=2"];
    const { stdout, stderr } = await project.orb(["plan", ...linked, "--untrusted"]);
    expect([stderr, JSON.parse(stdout).orbform.digest]).toEqual(["", trusted]);
  });

  it("is told with what held, as text, in JSON and in the answer of validate", async () => {
    project.stack("dev", STACK.replace("inputs.size", "2").replace(/inputs:.*\n/, ""));
    write({ "page.html": "", "user-data": "", "orb.config.ts": "throw new Error('it ran');" });
    const held =
      /^Untrusted: .* Child processes: denied. Writes: denied. Reads: the project only. Environment: empty. Network: (?:denied by|NOT denied)/;
    const { code, stderr } = await plan();
    expect([code, stderr.split("\n")[0]]).toEqual([0, expect.stringMatching(held)]);
    expect(stderr).toContain("orb.config.ts is there and was not loaded");
    const json: { readonly notices: readonly string[] } = JSON.parse((await plan("--format=json")).stdout).orbform;
    expect(json.notices).toEqual([
      expect.stringMatching(held),
      expect.stringContaining("orb.config.ts"),
      expect.stringContaining("the state was not read"),
      expect.stringContaining("asked inside machines"),
    ]);
    const kept = await plan("--out=plan.json");
    expect([kept.code, kept.stderr]).toEqual([1, expect.stringContaining("policies would judge this plan")]);
    write({ "base/orb.config.ts": "export default {};" }, project.folder);
    await plan("--out=plan.json", "--config=../base/orb.config.ts");
    const shown = await project.orb(["show", "plan.json"]);
    expect([shown.code, shown.stderr.split("\n")[0]]).toEqual([0, json.notices[0]]);
    const valid = await project.orb(["validate", "dev", "--untrusted", "--json"]);
    expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true, notices: json.notices.slice(0, 2) });
    expect((await project.orb(["drift", "dev", "--untrusted"])).code).toBe(0);
  });

  it("is told with what held where it can't be loaded, or has mistakes", async () => {
    for (const text of ["throw new Error('no');", STACK.replace(/inputs:.*\n/, "").replace("inputs.size", "-2")]) {
      project.stack("dev", text);
      const ran = await plan("--report=p.md", "--report=p.xml", "--report=p.sarif", "--report=p.json");
      expect([ran.code, ran.stderr.split("\n")[0]]).toEqual([1, expect.stringMatching(/^Untrusted: .* Network: /)]);
      const files = ["md", "xml", "sarif", "json"].map((each) =>
        readFileSync(join(project.project, `p.${each}`), "utf8"),
      );
      expect(files.filter((each) => !each.includes("Untrusted: "))).toEqual([]);
    }
  });

  it("takes options from a trusted configuration only, which lies outside of the checkout", async () => {
    project.stack("dev", STACK);
    write({ "stacks/other.ts": STACK });
    write({ "base/orb.config.ts": 'export default { stacks: "elsewhere" };' }, project.folder);
    write({ "orb.config.ts": "" });
    const trusted = await plan("--config", "../base/orb.config.ts");
    expect([trusted.code, trusted.stderr]).toEqual([1, expect.stringContaining(join("project", "elsewhere"))]);
    const own = await plan("--config", "orb.config.ts");
    expect([own.code, own.stderr]).toEqual([1, expect.stringContaining("This configuration is not trusted")]);
    const alone = await project.orb(["plan", "dev", "--config", "../base/orb.config.ts"]);
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining("--untrusted")]);
  });

  it("has nothing asked inside machines that an apply did not ask before", async () => {
    const files = `page: file({ on: web, path: "/etc/motd", content: "1" }), once: command({ on: web, run: "true", unless: "test -e /etc/motd" }),`;
    const stack = (more: string): string =>
      `import { command, defineStack, file, machine } from "orbform";
const web = machine({ image: "debian" });
export default defineStack({ resources: { web, ${files} ${more} } });`;
    const config = join(project.folder, "base/orb.config.ts");
    write(
      { "base/orb.config.ts": `export default { state: ${JSON.stringify(join(project.folder, "kept"))} };` },
      project.folder,
    );
    cpSync(config, join(project.project, "orb.config.ts"));
    project.stack("dev", stack(""));
    expect((await project.orb(["apply", "dev", "--yes"])).code).toBe(0);
    const digests = await Promise.all(
      [[], ["--untrusted", "--config", config]].map(async (more) => {
        const { stdout } = await project.orb(["plan", "dev", "--format=json", ...more]);
        return [JSON.parse(stdout).orbform.digest, JSON.parse(stdout).orbform.serial];
      }),
    );
    expect(digests[1]).toEqual(digests[0]);
    expect(digests[0]?.[1]).toBeGreaterThan(0);
    project.stack(
      "dev",
      stack(`spy: file({ on: web, path: "/etc/shadow", content: "" }),
      run: command({ on: web, run: "true", unless: "touch /owned" }),`),
    );
    project.takeCalls();
    const { stdout, stderr } = await plan("--config", config);
    const calls = project.takeCalls().join("\n");
    expect([calls.includes("/etc/motd"), calls.includes("test -e /etc/motd")], stderr).toEqual([true, true]);
    expect([calls.includes("/etc/shadow"), calls.includes("touch /owned")]).toEqual([false, false]);
    expect(stdout).toMatch(/Plan: 2 to add, 0 to change/);
    expect(stderr).toContain("only what an apply asked before was asked inside machines");
    await project.orb(["plan", "dev"]);
    expect(project.takeCalls().join("\n")).toContain("/etc/shadow");
  });

  it("has no state read that its checkout brings, by which machines would be asked what it likes", async () => {
    const text = `import { command, defineStack, machine } from "orbform";
const web = machine({ image: "debian" });
export default defineStack({ resources: { web, it: command({ on: web, run: "true", unless: "test -e /etc/owned" }) } });`;
    project.stack("dev", text);
    expect((await project.orb(["apply", "dev", "--yes"])).code).toBe(0);
    project.takeCalls();
    const { stderr } = await plan();
    expect(project.takeCalls().filter((call) => call.includes("run") || call.includes("owned"))).toEqual([]);
    expect(stderr).toMatch(/ORB_NAME_TAKEN|ORB_CLAIMED/);
    expect(stderr).toContain("the state was not read");
  });

  it("says of the state of simulated machines what is true: whether it was read, and why not", async () => {
    write({
      "stacks/dev.ts": `import { defineStack, machine } from "orbform";
export default defineStack({ resources: { web: machine({ image: "alpine" }) } });`,
    });
    const kept = { "base/orb.config.ts": `export default { state: ${JSON.stringify(join(project.folder, "kept"))} };` };
    write(kept, project.folder);
    const planned = async (world: string, more: readonly string[] = []) => {
      const env = { ...project.env, ORBCTL_SIM_WORLD: world };
      const argv = ["plan", "dev", "--driver=simulator", "--format=json", ...more];
      if (world !== "") expect((await project.orb(["apply", "dev", "--driver=simulator", "--yes"], env)).code).toBe(0);
      const { orbform } = JSON.parse((await project.orb([...argv, "--untrusted"], env)).stdout);
      const notices: readonly string[] = orbform.notices;
      return [orbform.serial > 0, notices.filter((each) => each.includes("state was not read"))];
    };
    const notRead = "Untrusted: the state was not read: everything is planned as new.";
    expect(await planned(join(project.folder, "elsewhere"))).toEqual([true, []]);
    expect(await planned(join(project.project, ".orbform/simulator"))).toEqual([
      false,
      [
        `${notRead} The simulated world that ORBCTL_SIM_WORLD names lies in the checkout. The state of a world elsewhere is read.`,
      ],
    ]);
    const config = ["--config", "../base/orb.config.ts"];
    const none = `${notRead} Simulated machines have theirs in their world, and none was named. Where ORBCTL_SIM_WORLD names one by its whole path, outside of the checkout, its state is read.`;
    expect([await planned(""), await planned("", config)]).toEqual([
      [false, [none]],
      [false, [none]],
    ]);
  });

  it("is told what is wrong with the configuration that is named, and not with its line in ours", async () => {
    write({ "stacks/dev.ts": STACK });
    mkdirSync(join(project.folder, "base"));
    const said = async (config: string) => {
      const { code, stderr } = await plan("--config", config);
      expect([code, stderr.includes("untrusted.js"), stderr.includes("No machine was looked at.")]).toEqual([
        1,
        false,
        true,
      ]);
      return /^\W*(?:Error|error)\W+(.*)$/m.exec(stderr)?.[1] ?? stderr;
    };
    write({ "a-file": "" }, project.folder);
    expect([await said("../nope.ts"), await said("../a-file/nope.ts"), await said("../base"), await said("")]).toEqual([
      expect.stringContaining("Configuration file does not exist"),
      expect.stringContaining("Configuration file does not exist"),
      expect.stringContaining("Configuration file is a folder"),
      expect.stringContaining("No configuration file is named"),
    ]);
  });

  it("writes nothing into its checkout, where links may lead anywhere, also on the simulator", async () => {
    project.stack("dev", STACK.replace("inputs.size", "2").replace(/inputs:.*\n/, ""));
    write({ "page.html": "", "user-data": "" });
    mkdirSync(join(project.folder, "elsewhere"));
    symlinkSync(join(project.folder, "elsewhere"), join(project.project, ".orbform"));
    const { ORBCTL_SIM_WORLD: _world, ...env } = project.env;
    const ran = await project.orb(["plan", "dev", "--untrusted", "--driver=simulator"], {
      ...env,
      ORBCTL_SIM_WORLD: "",
    });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(readdirSync(join(project.folder, "elsewhere"))).toEqual([]);
  });
});
