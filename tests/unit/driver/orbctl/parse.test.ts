import { describe, expect, test } from "vitest";
import { parseConfigShow, parseMachineConfig, unsetSettings } from "../../../../src/driver/orbctl/parse-config.ts";
import { parseInfo, parseList } from "../../../../src/driver/orbctl/parse-machines.ts";
import {
  capabilitiesOf,
  parseConfigValue,
  parseDefault,
  parseSshPort,
  parseStatus,
  parseVersion,
} from "../../../../src/driver/orbctl/parse-words.ts";
import { BANNER, listRecord } from "../../../support/fake-orbctl.ts";

const A = "01KTK0Z32XA8Y4R8MVY2F4TZKN";
const B = "01K2G8TY5GM9C3CN95KCB4ZG8B";
const list = JSON.stringify([listRecord(A, "web"), listRecord(B, "db")], null, 2);

describe("list", () => {
  test("reads the record of 2.1", () => {
    expect(parseList(list)[0]).toEqual({
      id: A,
      name: "web",
      state: "running",
      image: { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" },
      builtin: false,
      settings: {
        user: "me",
        isolated: false,
        isolateNetwork: false,
        forwardSshAgent: true,
        httpPort: 0,
        httpsPort: 0,
      },
    });
  });

  test("reads the flat record of 2023", () => {
    const flat = `[{"id":"${A}","name":"web","image":{"distro":"ubuntu"},"isolated":true,"builtin":false,"state":"stopped"}]`;
    expect(parseList(flat)).toEqual([
      {
        id: A,
        name: "web",
        state: "stopped",
        image: { distro: "ubuntu", version: "", arch: "", variant: "" },
        builtin: false,
        settings: { isolated: true },
      },
    ]);
  });

  test("reads limits of 2.2 and ignores keys that it does not know", () => {
    const config = { cpu_limit: 4, memory_limit_mib: 2048, disk_limit_bytes: 42949672960, mounts: ["/a:/b"], gpu: {} };
    const [machine] = parseList(JSON.stringify([{ id: A, name: "web", config, extra: [1] }]));
    expect(machine?.settings).toEqual({ cpus: 4, memoryMiB: 2048, diskBytes: 42949672960, mounts: ["/a:/b"] });
  });

  test("believes nothing of a setting whose shape it does not know", () => {
    const config = { cpu_limit: "many", mounts: [{ source: "/a" }], isolated: "perhaps", http_port: null };
    expect(parseList(JSON.stringify([{ id: A, name: "web", config }]))[0]?.settings).toEqual({});
  });

  test("reads a state that it does not know as unknown", () => {
    expect(parseList(JSON.stringify([listRecord(A, "web", { state: "frozen" })]))[0]?.state).toBe("unknown");
  });

  test("knows OrbStack's own machines without being told", () => {
    expect(parseList(JSON.stringify([{ id: A, name: "k8s" }]))[0]?.builtin).toBe(true);
  });

  test.each([
    ["before", `${BANNER}${list}`],
    ["after", `${list}\n${BANNER}`],
    ["within", list.replaceAll("},\n", `},\n${BANNER.trim()}\n`)],
    ["as plain lines", `Update available!\n${list}\nRun "orb update" to update [now].\n`],
    ["in colour", `\u001b[1mHello\u001b[0m\n\u001b[32m${list}\u001b[0m`],
    ["with Windows line ends", list.replaceAll("\n", "\r\n")],
    ["after a byte order mark", `\ufeff${list}`],
  ])("reads through other text %s", (_where, stdout) => {
    expect(parseList(stdout)).toEqual(parseList(list));
  });

  test("reads an empty list among other text", () => {
    expect(parseList(`${BANNER}[]\n${BANNER}`)).toEqual([]);
  });

  test.each([
    "",
    "null",
    "{}",
    "rubbish",
    "0",
    '"[]"',
    list.slice(0, -2),
    list.slice(0, 400),
    `[\n[]\n`,
    "[{]",
    "[null]",
    "[[]]",
    '[{"name":"web"}]',
    '[{"id":"","name":"web"}]',
    `[{"id":"${A}","name":""}]`,
    `[{"id":"${A}","name":7}]`,
    "error: [] is no list",
  ])("never takes %j for a list", (stdout) => {
    expect(() => parseList(stdout)).toThrow(expect.objectContaining({ code: "ORB_LIST_UNREADABLE" }));
  });

  test.each([
    [A, "web", A, "db"],
    [A, "web", A.toLowerCase(), "db"],
    [A, "web", B, "web"],
    [A, "web", B, "WEB"],
  ])("refuses %s %s beside %s %s", (...[id, name, otherId, otherName]) => {
    const twins = JSON.stringify([listRecord(id, name), listRecord(otherId, otherName)]);
    expect(() => parseList(twins)).toThrow(expect.objectContaining({ code: "ORB_LIST_INCONSISTENT" }));
  });
});

describe("info", () => {
  test("reads the wrapped form, the flat one, and one without addresses", () => {
    const wrapped = { record: listRecord(A, "web"), disk_size: 9, ip4: "1.2.3.4", ip6: "::1" };
    expect(parseInfo(JSON.stringify(wrapped, null, 2))).toMatchObject({ ip4: "1.2.3.4", ip6: "::1", diskUsedBytes: 9 });
    expect(parseInfo(`${BANNER}${JSON.stringify(wrapped, null, 2)}\n${BANNER}`).name).toBe("web");
    expect(Object.keys(parseInfo(JSON.stringify(listRecord(A, "web"))))).not.toContain("ip4");
    expect(Object.keys(parseInfo(JSON.stringify({ ...wrapped, ip4: "" })))).not.toContain("ip4");
  });

  test.each(["", "null", "[]", "{}", `{"record":{"id":"${A}"}}`, '{"record": {'])("never reads %j", (stdout) => {
    expect(() => parseInfo(stdout)).toThrow(expect.objectContaining({ code: "ORB_LIST_UNREADABLE" }));
  });
});

describe("config show", () => {
  const shown = [
    BANNER,
    "app.start_at_login: false",
    "network_proxy: http://proxy:3128",
    "docker.node_name:",
    "machine.web.cpu: 4",
    "machine.web.memory_mib: 2048",
    "machine.web.disk_bytes: 0",
    "machine.web.username: me",
    "machine.web.isolated: true",
    "machine.web.isolate_network: false",
    "machine.web.forward_ssh_agent: false",
    "machine.web.mounts: /a,/b: c:/d",
    "machine.web.http_port: 80",
    "machine.web.https_port: 443",
    "machine.web.new_key: 1",
    "machine.web.v2.cpu: 8",
    "machine.Db.cpu: lots",
    "machine.Db.mounts: ",
    'Restart OrbStack with "orb stop" to apply changes.',
    "some words: not a key",
  ].join("\n");

  test("parts global settings from those of machines, whose names may hold dots", () => {
    const { global, machines } = parseConfigShow(shown);
    expect(global).toEqual({
      "app.start_at_login": "false",
      network_proxy: "http://proxy:3128",
      "docker.node_name": "",
    });
    expect(machines.get("web")).toEqual({
      cpus: 4,
      memoryMiB: 2048,
      diskBytes: 0,
      user: "me",
      isolated: true,
      isolateNetwork: false,
      forwardSshAgent: false,
      mounts: ["/a", "/b: c:/d"],
      httpPort: 80,
      httpsPort: 443,
    });
    expect(machines.get("web.v2")).toEqual({ cpus: 8 });
    expect(machines.get("db")).toEqual({ mounts: [] });
  });

  test("takes what is shown for one machine and not for another to be unset there", () => {
    expect(unsetSettings(parseConfigShow(shown), ["DB", "web.v2"])).toEqual({ cpus: 0, mounts: [] });
  });

  test("takes nothing to be unset by what is shown for names that no machine has", () => {
    expect(unsetSettings(parseConfigShow(shown), ["other"])).toEqual({});
  });

  test.each(["web", "WEB", "web.v2", "db", "nobody"])("gives the same for %s alone", (name) => {
    const all = parseConfigShow(shown).machines.get(name.toLowerCase()) ?? {};
    expect(parseMachineConfig(shown, name)).toEqual(all);
    expect(parseMachineConfig(`İ: x\n${shown}`, name)).toEqual(all);
  });
});

describe("words", () => {
  test.each([
    ["Running\n", 0, "running"],
    ["Starting\n", 2, "starting"],
    ["Stopped\n", 1, "stopped"],
    ["stopped\n", 0, "stopped"],
    [`${BANNER}Stopped\n${BANNER}`, 0, "stopped"],
    ["", 0, "running"],
    ["", 1, "stopped"],
    ["", 2, undefined],
    ["panic: x", 2, undefined],
    ["", null, undefined],
  ] as const)("status %j with exit %s is %s", (stdout, exitCode, status) => {
    expect(parseStatus(stdout, exitCode)).toBe(status);
  });

  test.each([
    ["web\n", "web"],
    ["WEB\n", "web"],
    [`${BANNER}web\n`, "web"],
    ["", null],
    ["none\n", null],
    ["No default machine\n", null],
    ["web\ndb\n", null],
  ])("default %j is %j", (stdout, name) => {
    expect(parseDefault(stdout, ["web", "db"])).toBe(name);
  });

  test.each([
    ["Version: 2.2.3 (2020300)\nCommit: x (v1.0.0)\n", "2.2.3"],
    [`${BANNER}Version: 1.9.2 (1090200)\n`, "1.9.2"],
    ["Version: next\n", undefined],
    ["Version: v2.1.0 (2010000)\n", "2.1.0"],
    ["\nOrbStack v2.0.4 (build 2000400)\n", "2.0.4"],
    ["2.0.4\n", "2.0.4"],
    ["address 10.0.0.1.7\n", undefined],
    ["", undefined],
  ])("version %j is %s", (stdout, version) => {
    expect(parseVersion(stdout)).toBe(version);
  });

  test.each([
    ["1.9.2", false, false],
    ["2.0.5", false, false],
    ["2.1.0", false, true],
    ["2.2.0", true, true],
    ["2.10.0", true, true],
    ["3.0", true, true],
    ["", true, true],
  ])("%s can do limits: %s, isolation: %s", (version, limits, isolation) => {
    expect(capabilitiesOf(version)).toEqual({ version, limits, isolation, cloneNeedsStop: false });
  });

  test("the SSH port stands on its own line", () => {
    expect([parseSshPort(" Port: 32222\n"), parseSshPort("Portal: 1"), parseSshPort("")]).toEqual([
      32222,
      undefined,
      undefined,
    ]);
  });

  test("a setting's value is the last line that says anything", () => {
    expect([parseConfigValue(`${BANNER}4096\n`), parseConfigValue("\n")]).toEqual(["4096", ""]);
  });
});

test("long nonsense is no more work than its length", () => {
  // Each would take minutes if the work grew with the square of it.
  expect(() => parseList(`x\n${"  [\n".repeat(200_000)}`)).toThrow("can't be read");
  expect(() => parseList(`x\n [\n${String.raw`\"`.repeat(400_000)}`)).toThrow("can't be read");
  expect(parseMachineConfig("machine.web.".repeat(200_000), "web")).toEqual({});
});
