import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrbctlCall, OrbctlOutput } from "../../../src/driver/orbctl/call.ts";
import { classify } from "../../../src/driver/orbctl/classify.ts";
import { orbctlDriver } from "../../../src/driver/orbctl/driver.ts";
import { parseConfigShow, parseMachineConfig } from "../../../src/driver/orbctl/parse-config.ts";
import { parseInfo, parseList } from "../../../src/driver/orbctl/parse-machines.ts";
import {
  capabilitiesOf,
  parseConfigValue,
  parseDefault,
  parseSshPort,
  parseStatus,
  parseVersion,
} from "../../../src/driver/orbctl/parse-words.ts";
import { applyStack, planStack } from "../../../src/engine.ts";
import { PLAIN_REQUEST, type EnginePorts } from "../../../src/engine-types.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { nameKey } from "../../../src/model/machine.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { eventLine } from "../../../src/report/progress.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { APPLY } from "../../support/applied-fleet.ts";
import { stackOf, type EngineWorld } from "../../support/engine-world.ts";
import { AFTER, deadRun } from "../../support/fuzz-state.ts";
import { SECRET, anything, mangled, fuzzRuns, type Valid } from "../../support/mangle.ts";
import { checkShown, checkText, told } from "../../support/told.ts";

const RUNS = fuzzRuns(200);
const WORLD = { driver: "simulator", host: "3f6d3c0e-0000-4000-8000-000000000000" };

const world = await deadRun(500);
const printed = async (...argv: readonly string[]): Promise<string> => (await world.sim(...argv)).stdout;
const [list, show, version, status] = [
  await printed("list", "-f", "json"),
  await printed("config", "show"),
  await printed("version"),
  await printed("status"),
];
const info = await printed("info", "-f", "json", "web");
const errors = (await world.sim("info", "-f", "json", "nobody")).stderr;
const BOX = (await world.sim("sim", "fault", "set", "banner=both"), await printed("default"));

/** What `orbctl` prints, and some of what may stand around it. */
const VALID: readonly [Valid, ...Valid[]] = [
  { text: list, shape: "json" },
  { text: info, shape: "json" },
  ...[
    show,
    version,
    status,
    errors,
    BOX,
    `${BOX}${list}`,
    `${list}${BOX}`,
    `${show}${show}`,
    `  [\n  {"a`.repeat(500),
  ].map((text): Valid => ({ text, shape: "text" })),
];

const output = fc.oneof({ weight: 1, arbitrary: anything() }, { weight: 4, arbitrary: mangled(VALID) });

describe("whatever orbctl prints", { timeout: 1_200_000 }, () => {
  test("each reader gives a value, or an error of ours", async () => {
    await fc.assert(
      fc.asyncProperty(output, output, fc.option(fc.nat(255)), async (stdout, stderr, exitCode) => {
        await told(() => parseList(stdout));
        await told(() => parseInfo(stdout));
        await told(() => parseConfigShow(stdout));
        await told(() => parseStatus(stdout, exitCode));
        await told(() => parseDefault(stdout, ["web", "copy"]));
        await told(() => capabilitiesOf(parseVersion(stdout) ?? ""));
        await told(() => parseSshPort(stdout));
        await told(() => parseConfigValue(stdout));
        await told(() => {
          throw classify({ stdout, stderr, exitCode, timedOut: false, aborted: false }, { command: "create" });
        });
      }),
      RUNS,
    );
  });

  test("the settings of one machine are read as those of all are", () => {
    fc.assert(
      fc.property(fc.oneof(output, mangled([{ text: show, shape: "text" }])), (stdout) => {
        const all = parseConfigShow(stdout).machines;
        for (const name of ["web", "copy", "WEB"]) {
          expect(parseMachineConfig(stdout, name)).toEqual(all.get(nameKey(name)) ?? {});
        }
      }),
      RUNS,
    );
  });
});

/** An answer that is not what the world said. */
interface Lie {
  readonly to: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number | null;
  readonly timedOut?: boolean;
}

const COMMANDS = [
  "status",
  "list",
  "config",
  "default",
  "info",
  "version",
  "create",
  "clone",
  "rename",
  "delete",
  "start",
  "run",
];

const lie: fc.Arbitrary<Lie> = fc.record(
  {
    to: fc.constantFrom(...COMMANDS),
    stdout: output,
    stderr: output,
    exitCode: fc.constantFrom(0, 0, 1, 2, 127, 255, null),
    timedOut: fc.boolean(),
  },
  { requiredKeys: ["to"] },
);

describe("whatever orbctl answers", { timeout: 1_200_000 }, () => {
  test("a plan is one that can be shown, or an error of ours; nothing is written, nothing is done", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 1, maxLength: 2 }), async (lies) => {
        const { world, plan } = await lyingWorld(lies);
        const before = new Map(world.disk.files);
        const machines = (await world.sim("sim", "data")).stdout;
        const planned = await plan();
        expect(world.disk.files).toEqual(before);
        expect((await world.sim("sim", "data")).stdout).toEqual(machines);
        if (planned === undefined) return;
        checkShown(planned.plan.diagnostics);
        checkText(planText(planned.plan, PLAIN).replaceAll(SECRET, ""));
      }),
      RUNS,
    );
  });

  test("an apply ends, with events and errors that can be shown", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 1, maxLength: 2 }), async (lies) => {
        const { apply } = await lyingWorld(lies);
        const { said, problems } = await apply();
        for (const text of said) checkText(text);
        checkShown(problems);
      }),
      RUNS,
    );
  });
});

/** Enough for every apply here with all its retries; more would be a loop. */
const MOST_CALLS = 20_000;

async function lyingWorld(lies: readonly Lie[]) {
  const world = await deadRun(30);
  let calls = 0;
  const exec = async ({ argv, begin }: OrbctlCall): Promise<OrbctlOutput> => {
    calls += 1;
    if (calls > MOST_CALLS) throw new Error("it never ends");
    await begin?.(null);
    const truth = await world.sim(...argv);
    const found = lies.find(({ to }) => to === argv[0]);
    if (found === undefined) return truth;
    const { to: _to, ...changes } = found;
    return { ...truth, ...changes };
  };
  const ports = portsOf(world, exec);
  return {
    world,
    plan: async () => (await told(() => planStack(ports, stackOf(AFTER), PLAIN_REQUEST))).value,
    /** Everything that is said on the way. */
    apply: async () => {
      const said: string[] = [];
      const problems: Diagnostic[] = [];
      await told(() =>
        applyStack(ports, stackOf(AFTER), {
          ...APPLY,
          onNotice: (notice) => void said.push(notice),
          onEvent: (event) => {
            said.push(eventLine(event, PLAIN) ?? "");
            if ("problem" in event) problems.push(event.problem);
          },
        }),
      );
      return { said, problems };
    },
  };
}

function portsOf(world: EngineWorld, exec: (call: OrbctlCall) => Promise<OrbctlOutput>): EnginePorts {
  const { ports } = world.live();
  return { ...ports, driver: orbctlDriver({ exec, clock: world.clock, world: WORLD }) };
}
