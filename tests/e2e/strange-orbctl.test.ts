import { expect, it } from "vitest";
import { StrangeProject } from "../support/strange-orbctl.ts";
import { PERSONALITIES } from "../support/strange-orbctl-personalities.ts";

const BASE = 'const base = machine({ image: "debian:12", power: "stopped" });';
const TRIXIE = BASE.replace("12", "trixie");

/** A stack of these declarations. */
function stack(...lines: readonly string[]): string {
  const names = lines.flatMap((line) => /^const (\w+) =/.exec(line)?.[1] ?? []);
  return `${lines.join("\n")}\nexport default defineStack({ name: "dev", resources: { ${names.join(", ")} } });`;
}

/** One orbctl and what its version can do. */
interface Story {
  readonly project: StrangeProject;
  readonly limits: boolean;
  readonly isolation: boolean;
  /** Whether settings can be read; what a deleted name leaves behind can't be seen where they can't. */
  readonly shows: boolean;
}

/** The product's clone. */
function webOf({ limits }: Story, more: string, name = "web-1"): string {
  return `const web = machine({ clone: base, name: "${name}", ${limits ? 'cpus: 2, memory: "4G", ' : ""}${more} });`;
}

/** Machines of many kinds. */
function manyOf({ isolation }: Story): readonly string[] {
  const isolated = isolation ? ', isolated: { network: false, mounts: ["/tmp:/mnt/tmp"] }' : "";
  const timeouts = 'lifecycle: { timeouts: { create: "4s" } }';
  return [
    TRIXIE,
    `const ci = machine({ image: "ubuntu:24.04", cloudInit: "#cloud-config\\nlimps: true\\n", ${timeouts}${isolated} });`,
    'const cmd = machine({ clone: base, user: "dev", ready: { command: ["test", "-e", "/x"] } });',
    'const any = machine({ clone: base, power: "any", identity: "fresh" });',
  ];
}

/** What each orbctl is driven through, step by step, each on the world that the last one left. */
const STORY: { readonly [title: string]: (story: Story) => Promise<void> } = {
  "makes the product's stack, and asks four times to see that there is nothing to do": async (story) => {
    const { project, limits } = story;
    project.stack(stack(BASE, webOf(story, "")).replace(" } });", " }, outputs: { address: web.name } });"));
    const planned = await project.orb("plan", "dev", "--detailed-exitcode");
    expect(planned, planned.stderr).toMatchObject({ code: 2, stdout: expect.stringContaining("Plan: 2 to add") });
    await project.apply();
    expect(project.names()).toEqual(["base stopped", "web-1 running"]);
    expect(project.setting("web-1", "cpu")).toBe(limits ? "2" : undefined);
    project.takeCalls();
    await project.expectEmpty();
    expect(project.takeCalls().length).toBeLessThanOrEqual(4);
  },

  "renames a running machine, which keeps its id and its settings": async (story) => {
    const { project, limits } = story;
    const before = project.machine("web-1")?.id;
    await project.become(stack(BASE, webOf(story, "", "www-1")));
    expect(project.machine("www-1")?.id).toBe(before);
    expect(project.setting("www-1", "memory_mib")).toBe(limits ? "4096" : undefined);
  },

  "swaps two names": async (story) => {
    const { project, limits, shows } = story;
    const [base, www] = [project.machine("base")?.id, project.machine("www-1")?.id];
    await project.become(stack(BASE.replace(" });", ', name: "www-1" });'), webOf(story, "", "base")));
    expect([project.machine("www-1")?.id, project.machine("base")?.id]).toEqual([base, www]);
    expect(project.setting("base", "cpu")).toBe(limits ? "2" : undefined);
    if (shows) expect(["0", undefined]).toContain(project.setting("www-1", "cpu"));
  },

  "changes a limit on a running machine, which is the default from then on, whatever its name": async (story) => {
    const { project, limits } = story;
    await project.become(stack(BASE, webOf(story, limits ? 'disk: "64G", default: true' : "default: true")));
    expect(project.world().default).toBe("web-1");
    expect(project.setting("web-1", "disk_bytes")).toBe(limits ? "68719476736" : undefined);
    await project.become(stack(BASE, webOf(story, "default: true", "web-2")));
    expect(project.world().default).toBe("web-2");
    expect(["0", undefined]).toContain(project.setting("web-2", "disk_bytes"));
  },

  "replaces the golden image for a new clone, and sets what is global": async (story) => {
    const { project } = story;
    const [base, old] = [project.machine("base")?.id, project.machine("web-2")?.id];
    const lines = [TRIXIE, webOf(story, "", "web-2"), "const api = machine({ clone: base });"];
    const settings = ['const memory = setting({ key: "memory_mib", value: 6144 });'];
    await project.become(stack(...lines, ...settings));
    expect(project.machine("base")?.id).not.toBe(base);
    expect(project.machine("web-2")?.id).toBe(old);
    expect(project.machine("api")?.image.version).toBe("trixie");
    expect(project.world().config["memory_mib"]).toBe("6144");
    await project.become(stack(...lines, ...settings).replace("6144", "7168"));
    await project.become(stack(...lines));
    expect(project.world().config["memory_mib"]).toBe("12288");
  },

  "makes machines with cloud-init, isolation, a user, a ready command, and one that is nobody's to start": async (
    story,
  ) => {
    const { project, isolation } = story;
    await project.become(stack(...manyOf(story)));
    expect(project.names()).toEqual(["any stopped", "base stopped", "ci running", "cmd running"]);
    expect(project.setting("cmd", "username")).toBe("dev");
    expect(project.setting("ci", "mounts")).toBe(isolation ? "/tmp:/mnt/tmp" : undefined);
    expect(project.setting("ci", "isolate_network")).toBe(isolation ? "true" : undefined);
  },

  "changes the user back, refuses one that is not there, and replaces what cloud-init broke": async (story) => {
    const { project, limits } = story;
    const text = stack(...manyOf(story));
    await project.become(text.replace('user: "dev", ', limits ? "cpus: 3, " : ""));
    expect(project.setting("cmd", "username")).not.toBe("dev");
    project.stack(text.replace('"dev"', '"ghost"').replace("limps", "breaks"));
    const refused = await project.orb("apply", "dev", "--yes");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("ghost") });
    expect(refused.stderr).toContain("cloud-init failed");
    expect(project.setting("cmd", "username")).not.toBe("ghost");
    await project.become(text);
    expect(project.names()).toContain("ci running");
  },

  "puts right what was done outside": async (story) => {
    const { project } = story;
    const id = project.machine("cmd")?.id;
    project.outside("rename", "cmd", "elsewhere");
    expect((await project.orb("drift", "dev")).code).toBe(2);
    await project.apply();
    expect(project.machine("cmd")?.id).toBe(id);
    project.outside("delete", "--force", "cmd");
    await project.apply();
    const again = project.machine("cmd")?.id;
    expect(again).not.toBe(id);
    project.outside("delete", "--force", "cmd");
    project.outside("create", "debian:trixie", "cmd");
    const stranger = project.machine("cmd")?.id;
    const refused = await project.orb("apply", "dev", "--yes");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("adopt machine.cmd") });
    await project.apply("--adopt", "machine.cmd");
    expect(project.machine("cmd")?.id).toBe(stranger);
  },

  "destroys what it made and nothing else": async (story) => {
    const { project } = story;
    project.outside("create", "alpine", "foreign");
    const destroyed = await project.orb("destroy", "dev", "--yes");
    expect(destroyed.code, destroyed.stderr).toBe(0);
    expect(project.names()).toEqual(["foreign running"]);
  },
};

it.concurrent.each(PERSONALITIES)(
  "an orbctl $title is driven through the whole story, without a call that it forbids",
  { tags: ["slow"] },
  async ({ personality, found }) => {
    const project = new StrangeProject(personality, found);
    const { version, show } = personality;
    const story = {
      project,
      limits: !/^2\.[01]/.test(version),
      isolation: !version.startsWith("2.0"),
      shows: show !== "none",
    };
    try {
      for (const [title, step] of Object.entries(STORY)) {
        await step(story).catch((error: unknown) => {
          throw new Error(`it ${title}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        });
      }
      expect(project.violations()).toEqual([]);
    } finally {
      project.remove();
    }
  },
);
