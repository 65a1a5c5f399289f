import { describe, expect, it } from "vitest";
import { StrangeProject, type Personality } from "../support/strange-orbctl.ts";

const QUIET: Personality = { version: "2.2.3", shape: "full", limitsInJson: true, show: "changed", rename: "follow" };

/** A project with one odd thing about its orbctl, and no forbidden call afterwards. */
async function withOdd(odd: Partial<Personality>, work: (project: StrangeProject) => Promise<void>): Promise<void> {
  const project = new StrangeProject({ ...QUIET, ...odd }, "on the PATH");
  try {
    await work(project);
    expect(project.violations()).toEqual([]);
  } finally {
    project.remove();
  }
}

const stackOf = (machine: string): string =>
  `const vm = machine(${machine});\nexport default defineStack({ name: "dev", resources: { vm } });`;

describe.concurrent("an orbctl that", { tags: ["slow"] }, () => {
  it("shows a machine only after its create was given up makes it once", () =>
    withOdd({ hangs: "vm", hidesMs: 4000, takenWords: "that machine already exists" }, async (project) => {
      project.stack(stackOf('{ image: "alpine", lifecycle: { timeouts: { create: "1s" } } }'));
      await project.orb("apply", "dev", "--yes");
      await project.apply();
      expect(project.names()).toEqual(["vm running"]);
    }));

  it.each(["full", "flat", "bare"] as const)("goes on when Orbform dies, and lists as %s, has made it once", (shape) =>
    withOdd({ lagMs: 3000, deafMs: 500, shape }, async (project) => {
      project.stack(stackOf('{ image: "alpine", cpus: 2, user: "dev" }'));
      await project.killOrbWhen(() => project.world().machines.length > 0, "apply", "dev", "--yes");
      await project.apply();
      expect(project.names()).toEqual(["vm running"]);
      expect(project.setting("vm", "cpu")).toBe("2");
    }),
  );

  it("refuses a rename four times is asked again", () =>
    withOdd(
      { renameBusy: 4, renameBusyWords: "[-32098] rename: locking: another client holds it" },
      async (project) => {
        await project.become(stackOf('{ image: "alpine" }'));
        await project.become(stackOf('{ image: "alpine", name: "other" }'));
        expect(project.names()).toEqual(["other running"]);
      },
    ));

  it("is starting is waited for, and one that is stopped is left alone", () =>
    withOdd({}, async (project) => {
      await project.become(stackOf('{ image: "alpine" }'));
      project.meddle((world) => {
        world.status = ["Starting", "Starting", "Running"];
      });
      await project.expectEmpty();
      project.meddle((world) => {
        world.status = ["Stopped"];
      });
      project.takeCalls();
      expect(await project.orb("plan", "dev")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("ORB_SERVICE_STOPPED"),
      });
      expect(project.takeCalls()).toEqual(["status"]);
    }));

  it("fails to list once, and to make what it has no image of, changes nothing", () =>
    withOdd({ flakyList: true, flaky: { list: "dial unix /x.sock: connect: connection refused" } }, async (project) => {
      project.stack(stackOf('{ image: "alpine:none-such" }'));
      const failed = await project.orb("apply", "dev", "--yes");
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_IMAGE_NOT_FOUND") });
      expect(project.names()).toEqual([]);
      await project.become(stackOf('{ image: "alpine:3.22" }'));
    }));

  it("is too old for limits is not asked for them", () =>
    withOdd({ version: "2.1.3", limitsInJson: false }, async (project) => {
      project.stack(stackOf('{ image: "alpine", cpus: 2 }'));
      expect(await project.orb("apply", "dev", "--yes")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("ORB_NOT_CAPABLE"),
      });
      expect(project.names()).toEqual([]);
      await project.become(stackOf('{ image: "alpine", isolated: true }'));
      expect(project.setting("vm", "isolated")).toBe("true");
    }));

  it("clamps limits has the change shown once", () =>
    withOdd({ clamps: true }, async (project) => {
      await project.become(stackOf('{ image: "alpine", cpus: 64 }'));
      await project.become(stackOf('{ image: "alpine", cpus: 65 }'));
      expect(project.setting("vm", "cpu")).toBe("10");
      project.outside("config", "set", "machine.vm.cpu", "0");
      await project.apply();
    }));

  it("has a machine of somebody else's has it cloned and left running", () =>
    withOdd({ cloneMs: 300, rename: "left" }, async (project) => {
      project.outside("create", "--cpus", "3", "-u", "owner", "alpine:3.22", "golden");
      const golden = 'const golden = existing("golden");\n';
      const clones = ["a", "b"].map((key) => `const ${key} = machine({ clone: golden, cpus: 2 });`).join("\n");
      await project.become(`${golden}${clones}\nexport default defineStack({ name: "dev", resources: { a, b } });`);
      expect(project.names()).toEqual(["a running", "b running", "golden running"]);
      expect([project.setting("a", "cpu"), project.setting("golden", "cpu")]).toEqual(["2", "3"]);
      expect(project.setting("b", "username")).toBe("owner");
    }));

  it.each(["lost", "left"] as const)("has settings and default %s by a rename keeps a replacement's", (rename) =>
    withOdd({ rename, inherits: true, show: "all" }, async (project) => {
      const made = '{ image: "alpine:3.21", cpus: 2, default: true, lifecycle: { createBeforeDestroy: true } }';
      await project.become(stackOf(made));
      const old = project.machine("vm")?.id;
      await project.become(stackOf(made.replace("21", "22")));
      expect(project.machine("vm")).toMatchObject({ image: { version: "3.22" }, state: "running" });
      expect(project.machine("vm")?.id).not.toBe(old);
      expect(project.setting("vm", "cpu")).toBe("2");
      expect([project.world().default, project.names()]).toEqual(["vm", ["vm running"]]);
    }),
  );

  it("shows a global setting once it is set, another never, and one in its own words", () =>
    withOdd({ unlisted: ["network.https"], neverListed: ["ssh.expose_port"], normalises: true }, async (project) => {
      const keys = { "network.https": "true", "ssh.expose_port": "true", network_proxy: '"HTTP://Proxy:3128"' };
      const lines = Object.entries(keys).map(
        ([key, value], at) => `const s${at} = setting({ key: "${key}", value: ${value} });`,
      );
      const all = 'export default defineStack({ name: "dev", resources: { s0, s1, s2 } });';
      await project.become([...lines, all].join("\n"));
      expect(project.world().config["network_proxy"]).toBe("http://proxy:3128");
      await project.become('export default defineStack({ name: "dev", resources: {} });');
      expect(project.world().config["network_proxy"]).toBe("auto");
    }));

  it("refuses a command in passing does not have a user taken for missing", () =>
    withOdd({ wakesFor: "id" }, async (project) => {
      await project.become(stackOf('{ image: "alpine" }'));
      await project.become(stackOf('{ image: "alpine", user: "dev" }'));
      expect(project.setting("vm", "username")).toBe("dev");
    }));

  it.each([{ withoutAddress: true }, { shape: "flat" }, { emptyAddresses: true }] as const)(
    "tells of addresses as %j has the product's output made all the same",
    (odd) =>
      withOdd(odd, async (project) => {
        await project.become(stackOf('{ image: "alpine" }').replace("{ vm } }", "{ vm }, outputs: { at: vm.ip4 } }"));
        const { code, stdout, stderr } = await project.orb("outputs", "dev", "--json");
        expect(code, stderr).toBe(0);
        expect(stdout).toContain("emptyAddresses" in odd ? "192.168.139.10" : "null");
      }),
  );

  it("tells only ids, names and states has machines made, renamed, cloned and replaced", () =>
    withOdd({ shape: "bare", show: "none", rename: "lost" }, async (project) => {
      const text = `const base = machine({ image: "debian:12", power: "stopped" });
const vm = machine({ clone: base, cpus: 2, user: "dev" });
export default defineStack({ name: "dev", resources: { base, vm } });`;
      await project.become(text);
      await project.become(text.replace("clone: base", 'clone: base, name: "other"'));
      expect([project.setting("other", "cpu"), project.setting("other", "username")]).toEqual(["2", "dev"]);
      const base = project.machine("base")?.id;
      await project.become(text.replace("12", "13"));
      expect(project.machine("base")?.id).not.toBe(base);
      expect(project.names()).toEqual(["base stopped", "vm running"]);
    }));

  it("leaves settings of a deleted name behind gives them to nobody", () =>
    withOdd({ inherits: true }, async (project) => {
      const made = '{ image: "alpine", cpus: 2, isolated: { network: false, mounts: ["/tmp"] } }';
      await project.become(stackOf(made));
      project.outside("delete", "--force", "vm");
      await project.become(stackOf('{ image: "alpine", httpPort: 8080 }'));
      const left = ["cpu", "isolated", "isolate_network", "mounts"].map((key) => project.setting("vm", key));
      expect(left).toEqual(["0", "false", "false", ""]);
      expect(project.setting("vm", "http_port")).toBe("8080");
      await project.become(stackOf('{ image: "alpine", httpPort: null, cpus: null }'));
    }));
});
