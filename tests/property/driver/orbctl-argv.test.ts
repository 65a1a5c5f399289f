import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../../../src/driver/driver.ts";
import { operationCalls } from "../../../src/driver/orbctl/operation-calls.ts";
import { capabilitiesOf } from "../../../src/driver/orbctl/parse-words.ts";
import { machineId, machineName, type MachineName } from "../../../src/model/machine.ts";

const FLAGS = new Set(["--force", "-n", "--arch", "--user", "--user-data", "--cpus", "--memory", "--disk"]);
const ISOLATION = new Set(["--isolated", "--isolate-network", "--forward-ssh-agent", "--mount"]);
const nasty = fc.constantFrom("", "docker", "k8s", "K8s", "none", "-a", "--all", "--force", "-", " ", "web", "default");
const text = fc.oneof(nasty, fc.string(), fc.string({ unit: "binary" }));
const name: fc.Arbitrary<MachineName> = text.map(machineName).filter((each) => each !== undefined);
const id = text.map(machineId);

/** Every operation, with hostile words wherever the types let them in. */
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    verb: fc.constant("create" as const),
    name,
    distro: text,
    version: text,
    arch: text,
    userDataPath: text,
    settings: fc.record({ user: text, isolated: fc.boolean(), mounts: fc.array(text), cpus: fc.double() }),
  }),
  fc.record({ verb: fc.constant("clone" as const), source: id, name }),
  fc.record({ verb: fc.constant("restore" as const), path: text, name }),
  fc.record({ verb: fc.constant("rename" as const), id, to: name }),
  fc.record({ verb: fc.constantFrom("start" as const, "stop" as const, "restart" as const), id }),
  fc.record({
    verb: fc.constant("configure" as const),
    name,
    settings: fc.record({ user: text, mounts: fc.array(text), memoryMiB: fc.double() }),
  }),
  fc.record({ verb: fc.constant("set" as const), key: text, value: text }),
  fc.record({ verb: fc.constant("delete" as const), name }),
  fc.record({ verb: fc.constant("export" as const), name, path: text }),
);

test("nothing dangerous can be built from any words", () => {
  let built = 0;
  fc.assert(
    fc.property(operation, (each) => {
      for (const argv of callsOf(each)) {
        built += 1;
        const flags = argv.filter((word) => word.startsWith("-"));
        expect(flags.filter((flag) => !FLAGS.has(flag) && !ISOLATION.has(flag))).toEqual([]);
        expect(argv.length).toBeGreaterThan(1);
        if (each.verb === "set") continue;
        const words = argv.slice(1).map((word) => word.toLowerCase());
        expect(words.filter((word) => ["docker", "k8s", "none"].includes(word) && !isSettingValue(each))).toEqual([]);
        if (!isSettingValue(each)) expect(words).not.toContain("");
      }
    }),
    { numRuns: 3000 },
  );
  expect(built).toBeGreaterThan(300);
});

/** A user or a path inside may be called anything; a machine may not. */
function isSettingValue(each: Operation): boolean {
  return ["configure", "create", "export", "restore"].includes(each.verb);
}

function callsOf(each: Operation): readonly (readonly string[])[] {
  try {
    return operationCalls(each, capabilitiesOf("2.2.3")).map((call) => call.argv);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^ORB_(?:NAME_REFUSED|PROPERTY_INVALID)$/) });
    return [];
  }
}
