import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type ChangeScript, changeScript, removeScript, restartScript } from "../../../src/guest/change.ts";
import { factsScript, readFacts } from "../../../src/guest/facts.ts";
import { readVerdict, type Verdict } from "../../../src/guest/verdict.ts";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { stdinOf, TOKEN } from "../../support/guest-place.ts";
import { memoryWorld } from "../../support/simulator-memory.ts";

/** A machine of the simulator, and scripts run in it as the driver runs them. */
async function simulated(image = "ubuntu"): Promise<{
  facts: (wishes: readonly InsideWish[]) => Promise<readonly InsideFacts[]>;
  change: (wish: InsideWish, content?: Uint8Array | string) => Promise<Verdict>;
  run: (made: ChangeScript, content?: Uint8Array | string) => Promise<Verdict>;
}> {
  const { exec, orbctl } = memoryWorld();
  await orbctl(`create ${image} web`);
  const sh = async (script: string, stdin: Uint8Array | string = ""): Promise<string> => {
    const argv = ["run", "-m", "web", "-u", "root", "-w", "/", "sh", "-c", script];
    return (await exec({ argv, stdin: Buffer.from(stdin) })).stdout;
  };
  const facts = async (wishes: readonly InsideWish[]): Promise<readonly InsideFacts[]> =>
    readFacts(await sh(factsScript(wishes, TOKEN)), wishes, TOKEN);
  const run = async (made: ChangeScript, content?: Uint8Array | string): Promise<Verdict> =>
    readVerdict(await sh(made.script, stdinOf(made, content)), TOKEN);
  const change = async (wish: InsideWish, content: Uint8Array | string = ""): Promise<Verdict> => {
    const [found] = await facts([wish]);
    if (!found) throw new Error("no facts came");
    const made = changeScript(wish, { facts: found, token: TOKEN });
    return run(made, content);
  };
  return { facts, change, run };
}

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");
const CHANGED = expect.objectContaining({ status: "done", changed: true });
const UNCHANGED = expect.objectContaining({ status: "done", changed: false });

describe("in a simulated machine", { tags: ["slow"] }, () => {
  it("a file is written, found, given rights, and removed", async () => {
    const { facts, change, run } = await simulated();
    const content = Buffer.from([0, 255, 10, 200, 39]);
    const wish: InsideWish = {
      type: "file",
      path: "/etc/it's a\nfile",
      digest: sha256(content),
      mode: 0o640,
      owner: "ada",
    };
    expect(await facts([wish])).toEqual([{ type: "file", kind: "absent" }]);
    expect(await change(wish, content)).toEqual(CHANGED);
    const [found] = await facts([wish]);
    expect(found).toMatchObject({ kind: "file", digest: wish.digest, size: 5, mode: 0o640, owner: "ada" });
    expect(await change(wish, content)).toEqual(UNCHANGED);
    expect(await change({ ...wish, mode: 0o600 })).toEqual(CHANGED);
    expect(await change({ ...wish, digest: sha256("other") }, "cut")).toMatchObject({ reason: "cut-off" });
    const [shown] = await facts([{ type: "file", path: "/etc/hostname", digest: sha256("other") }]);
    expect(shown).toMatchObject({ text: "web\n" });
    expect(await run(removeScript(wish, TOKEN))).toEqual(CHANGED);
    expect(await run(removeScript(wish, TOKEN))).toEqual(UNCHANGED);
  });

  it("what is refused without a reason prints nothing", async () => {
    const { change } = await simulated();
    expect(await change({ type: "file", path: "/etc", digest: sha256("") })).toEqual({
      status: "refused",
      reason: "is-directory",
      detail: "",
      output: "",
    });
  });

  it("a directory is made and removed", async () => {
    const { facts, change, run } = await simulated();
    const wish: InsideWish = { type: "directory", path: "/srv/www", mode: 0o750, owner: "ada", group: "ada" };
    expect(await change(wish)).toEqual(CHANGED);
    expect(await facts([wish])).toEqual([
      { type: "directory", kind: "directory", mode: 0o750, owner: "ada", group: "ada", isEmpty: true },
    ]);
    expect(await change(wish)).toEqual(UNCHANGED);
    expect(await run(removeScript(wish, TOKEN))).toEqual(CHANGED);
  });

  it("a command is run as somebody, somewhere, and its conditions are asked", async () => {
    const { facts, change } = await simulated();
    const wish: InsideWish = {
      type: "command",
      run: "id -un; pwd; exit 3",
      user: "ada",
      workdir: "/srv",
      unless: "false",
      creates: "/none",
    };
    expect(await facts([wish])).toEqual([{ type: "command", created: false, unless: false }]);
    expect(await change(wish)).toEqual({ status: "ended", code: 3, output: "ada\n/srv\n" });
    expect(await change({ type: "command", run: ["printf", "%s", "it's"], onlyIf: "true" })).toMatchObject({
      code: 0,
      output: "it's",
    });
    expect(await change({ type: "command", run: "true", user: "none" })).toMatchObject({ reason: "no-user" });
  });

  it.each(["ubuntu", "alpine", "fedora", "arch", "opensuse", "void"])("packages of %s come and go", async (image) => {
    const { facts, change, run } = await simulated(image);
    const wish: InsideWish = {
      type: "packages",
      install: { nginx: "present", curl: "latest", jq: "1.7-1" },
      remove: ["vim"],
    };
    const [before] = await facts([wish]);
    if (before?.type !== "packages") throw new Error(JSON.stringify(before));
    expect(before.installed).toEqual({ nginx: null, curl: null, jq: null, vim: null });
    expect(await change(wish)).toEqual(CHANGED);
    expect(await change(wish)).toEqual(UNCHANGED);
    expect(await facts([wish])).toMatchObject([{ installed: { nginx: "1.0-1", jq: "1.7-1", vim: null } }]);
    expect(await run(removeScript({ type: "packages", manager: before.manager, names: ["nginx"] }, TOKEN))).toEqual(
      CHANGED,
    );
    expect(await facts([wish])).toMatchObject([{ installed: { nginx: null, jq: "1.7-1" } }]);
  });

  it("packages of NixOS can't be had", async () => {
    const { facts } = await simulated("nixos");
    expect(await facts([{ type: "packages", install: { nginx: "present" }, remove: [] }])).toMatchObject([
      { type: "unavailable" },
    ]);
  });

  it("a package that nobody has is refused", async () => {
    const { change } = await simulated();
    const wish: InsideWish = { type: "packages", install: { "no-such-package": "present" }, remove: [] };
    expect(await change(wish)).toMatchObject({ status: "refused", reason: "failed" });
  });

  it("a service is started, enabled, restarted and put back", async () => {
    const { facts, change, run } = await simulated();
    const wish: InsideWish = { type: "service", name: "cron", running: false, enabled: false };
    expect(await facts([wish])).toMatchObject([{ manager: "systemd", exists: true, running: true, enabled: true }]);
    expect(await change(wish)).toEqual(CHANGED);
    expect(await facts([wish])).toMatchObject([{ running: false, enabled: false }]);
    expect(await change(wish)).toEqual(UNCHANGED);
    expect(await run({ script: restartScript({ name: "cron", manager: "systemd" }, TOKEN), stdin: "none" })).toEqual(
      CHANGED,
    );
    expect(await run(removeScript({ ...wish, manager: "systemd", running: true, enabled: true }, TOKEN))).toEqual(
      CHANGED,
    );
    expect(await facts([wish])).toMatchObject([{ running: true, enabled: true }]);
    expect(await change({ type: "service", name: "none", running: true })).toMatchObject({ reason: "no-service" });
  });

  it("a user is made, changed, given keys, and removed", async () => {
    const { facts, change, run } = await simulated();
    const wish: InsideWish = {
      type: "user",
      name: "deploy",
      shell: "/bin/bash",
      groups: ["docker", "sudo"],
      authorizedKeys: ["ssh-rsa A", "ssh-rsa B"],
    };
    expect(await change(wish)).toEqual(CHANGED);
    expect(await facts([wish])).toEqual([
      {
        type: "user",
        exists: true,
        uid: expect.any(Number) as number,
        shell: "/bin/bash",
        home: "/home/deploy",
        groups: ["docker", "sudo"],
        authorizedKeys: wish.authorizedKeys,
      },
    ]);
    expect(await change(wish)).toEqual(UNCHANGED);
    const other: InsideWish = { ...wish, shell: "/bin/sh", home: "/srv", groups: ["sudo"], authorizedKeys: [] };
    expect(await change(other)).toMatchObject({ status: "done" });
    expect(await facts([wish])).toMatchObject([{ shell: "/bin/sh", home: "/srv", groups: ["sudo"] }]);
    expect(await run(removeScript({ type: "user", name: "deploy" }, TOKEN))).toEqual(CHANGED);
    expect(await facts([wish])).toEqual([{ type: "user", exists: false }]);
  });
});
