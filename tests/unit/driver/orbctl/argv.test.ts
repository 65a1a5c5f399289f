import { describe, expect, test } from "vitest";
import * as argv from "../../../../src/driver/orbctl/argv.ts";
import { createSettings } from "../../../../src/driver/orbctl/create-flags.ts";
import { capabilitiesOf } from "../../../../src/driver/orbctl/parse-words.ts";

const ID = "01KTK0Z32XA8Y4R8MVY2F4TZKN";
const NEWEST = capabilitiesOf("2.2.3");
const plain = { name: "web", distro: "ubuntu", settings: {}, capabilities: NEWEST };
const paths = { sources: ["/a", "/b"], destination: "/var/tmp/" };

/** Every command, with a word from outside in each place a machine stands. */
const BY_MACHINE: readonly [string, (machine: string) => argv.Argv][] = [
  ["create", (machine) => argv.createArgv({ ...plain, name: machine })],
  ["clone, source", (machine) => argv.cloneArgv(machine, "new")],
  ["clone, name", (machine) => argv.cloneArgv(ID, machine)],
  ["rename, which", (machine) => argv.renameArgv(machine, "new")],
  ["rename, to", (machine) => argv.renameArgv(ID, machine)],
  ["delete", (machine) => argv.deleteArgv(machine)],
  ["start", (machine) => argv.powerArgv("start", machine)],
  ["stop", (machine) => argv.powerArgv("stop", machine)],
  ["restart", (machine) => argv.powerArgv("restart", machine)],
  ["info", (machine) => argv.infoArgv(machine)],
  ["default", (machine) => argv.setDefaultArgv(machine)],
  ["config key", (machine) => argv.configArgv("set", argv.machineKey(machine, "cpu"), "1")],
  ["whole config key", (machine) => argv.configArgv("add", `machine.${machine}.mounts`, "/a")],
  ["config get", (machine) => argv.configGetArgv(`machine.${machine}.cpu`)],
  ["export", (machine) => argv.exportArgv(machine, "/a.tar.zst")],
  ["import", (machine) => argv.importArgv(machine, "/a.tar.zst")],
  ["run", (machine) => argv.runArgv({ machine, command: ["true"] })],
  ["push", (machine) => argv.copyArgv("push", machine, paths)],
  ["pull", (machine) => argv.copyArgv("pull", machine, paths)],
  ["logs", (machine) => argv.logsArgv(machine)],
];

describe.each(BY_MACHINE)("%s", (_command, build) => {
  test.each([
    "",
    "docker",
    "Docker",
    "k8s",
    "K8S",
    "none",
    "-a",
    "--all",
    "-",
    " ",
    "a b",
    "a\nb",
    "a\0",
    "\u001b[31m",
  ])("refuses %j as a machine", (machine) => {
    expect(() => build(machine)).toThrow(expect.objectContaining({ code: "ORB_NAME_REFUSED" }));
  });
});

describe("each command", () => {
  test("is built as orbctl takes it", () => {
    const lists = [
      argv.cloneArgv(ID, "web"),
      argv.renameArgv(ID, "web"),
      argv.deleteArgv("web"),
      argv.powerArgv("stop", ID),
      argv.listArgv(),
      argv.infoArgv(ID),
      argv.defaultArgv(),
      argv.setDefaultArgv("web"),
      argv.setDefaultArgv(null),
      argv.configShowArgv(),
      argv.configGetArgv("memory_mib"),
      argv.configArgv("set", "network_proxy", "none"),
      argv.configArgv("add", "machine.web.mounts", "/a:/b"),
      argv.exportArgv("web", "/a b.tar.zst"),
      argv.importArgv("web", "/a.tar.zst"),
      argv.runArgv({ machine: ID, command: ["sh", "-c", "id -u"], user: "root", workdir: "/srv" }),
      argv.copyArgv("push", "web", paths),
      argv.logsArgv("web"),
      argv.sshArgv(),
      argv.statusArgv(),
      argv.versionArgv(),
    ];
    expect(lists.map((list) => list.join(" "))).toEqual([
      `clone ${ID} web`,
      `rename ${ID} web`,
      "delete --force web",
      `stop ${ID}`,
      "list -f json",
      `info -f json ${ID}`,
      "default",
      "default web",
      "default none",
      "config show",
      "config get memory_mib",
      "config set network_proxy none",
      "config add machine.web.mounts /a:/b",
      "export web /a b.tar.zst",
      "import -n web /a.tar.zst",
      `run -m ${ID} -u root -w /srv sh -c id -u`,
      "push -m web /a /b /var/tmp/",
      "logs web",
      "ssh",
      "status",
      "version",
    ]);
  });
});

describe("create", () => {
  const settings = {
    cpus: 4,
    memoryMiB: 3000,
    diskBytes: 40 * 1024 ** 3,
    user: "me",
    isolated: true,
    isolateNetwork: true,
    forwardSshAgent: false,
    mounts: ["/src:/dst", "/b"],
  };
  const request = { ...plain, version: "noble", arch: "amd64", userDataPath: "/u.yaml", settings };
  const create = (version: string): string =>
    argv.createArgv({ ...request, capabilities: capabilitiesOf(version) }).join(" ");

  test("passes what the newest can be given", () => {
    expect(create("2.2.3")).toBe(
      "create --arch amd64 --user me --user-data /u.yaml --cpus 4 --memory 3000M --disk 40G" +
        " --isolated --isolate-network --mount /src:/dst --mount /b ubuntu:noble web",
    );
  });

  test("leaves out limits before 2.2 and isolation before 2.1", () => {
    expect(create("2.1.1")).toBe(
      "create --arch amd64 --user me --user-data /u.yaml" +
        " --isolated --isolate-network --mount /src:/dst --mount /b ubuntu:noble web",
    );
    expect(create("2.0.5")).toBe("create --arch amd64 --user me --user-data /u.yaml ubuntu:noble web");
  });

  test("passes nothing that needs isolation without it", () => {
    const open = { ...plain, settings: { isolateNetwork: true, forwardSshAgent: true, mounts: ["/a"] } };
    expect(argv.createArgv(open)).toEqual(["create", "ubuntu", "web"]);
  });

  test("passes no limit that is unlimited", () => {
    const unlimited = { ...plain, settings: { cpus: 0, memoryMiB: 0, diskBytes: 0 } };
    expect(argv.createArgv(unlimited)).toEqual(["create", "ubuntu", "web"]);
  });

  test.each([
    { diskBytes: 5 },
    { cpus: 1.5 },
    { cpus: -1 },
    { isolated: true, mounts: ["/a:b:c"] },
    { isolated: true, mounts: ["/a,b"] },
  ])("refuses %j, which has no exact form", (inexact) => {
    expect(() => argv.createArgv({ ...plain, settings: inexact })).toThrow(
      expect.objectContaining({ code: "ORB_PROPERTY_INVALID" }),
    );
  });

  test.each([
    { distro: "" },
    { distro: "-a" },
    { distro: "ubuntu", version: "" },
    { distro: "ubuntu noble" },
    { arch: "-x" },
    { userDataPath: "-x" },
    { userDataPath: "" },
    { settings: { user: "-x" } },
    { name: "default" },
  ])("refuses %j", (dangerous) => {
    expect(() => argv.createArgv({ ...plain, ...dangerous })).toThrow(
      expect.objectContaining({ code: "ORB_NAME_REFUSED" }),
    );
  });

  test("says which settings can be given to it", () => {
    expect(createSettings(capabilitiesOf("2.0.5"))).toEqual(["user"]);
    expect(createSettings(NEWEST)).not.toContain("httpPort");
  });
});

function run(...command: readonly string[]): argv.Argv {
  return argv.runArgv({ machine: ID, command });
}

describe("words from outside", () => {
  test("of a command inside are left alone but for its first", () => {
    expect(run("docker", "", "--all", "-f").slice(-4)).toEqual(["docker", "", "--all", "-f"]);
  });

  test.each([
    () => run(),
    () => run(""),
    () => run("-x"),
    () => run("--", "true"),
    () => argv.configArgv("set", "cpu", "-1"),
    () => argv.configArgv("set", "", "1"),
    () => argv.configArgv("set", "machine.cpu", "1"),
    () => argv.configArgv("set", "-x", "1"),
    () => argv.copyArgv("push", ID, { sources: [], destination: "/a" }),
    () => argv.copyArgv("push", ID, { sources: ["-x"], destination: "/a" }),
    () => argv.copyArgv("pull", ID, { sources: ["/a"], destination: "" }),
    () => argv.exportArgv("web", "-x"),
  ])("are refused where they are dangerous", (build) => {
    expect(build).toThrow(expect.objectContaining({ code: "ORB_NAME_REFUSED" }));
  });
});
