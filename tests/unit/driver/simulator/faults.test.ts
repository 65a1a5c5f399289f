import { expect, test } from "vitest";
import { FAULTS, parseFaults } from "../../../../src/driver/simulator/faults.ts";
import { inMemoryExec, inMemoryWorld } from "../../../../src/driver/simulator/in-memory.ts";

interface Effect {
  /** As `ORBCTL_SIM_FAULTS` has it. */
  readonly fault: string;
  readonly given?: readonly string[];
  readonly line: string;
  /** What the line gives; without the fault it gives something else. */
  readonly gives: RegExp;
}

const web = ["create ubuntu web"];
const limited = ["create ubuntu web --cpus 2 --disk 16G"];
const quotaText = /^1 \[-32098\] delete 'web': .*no space left on device/;

/** `EXIT STDERR STDOUT` of a line while a fault is on; `hangs` for an exit that doesn't come. */
const EFFECTS: readonly Effect[] = [
  { fault: "create-hang", line: "create ubuntu web", gives: /^hangs/ },
  { fault: "create-missing-ip", line: "create ubuntu web", gives: /missing IP address/ },
  { fault: "boot-missing-ip", given: [...web, "stop web"], line: "start web", gives: /missing IP address/ },
  { fault: "create-crash", line: "create ubuntu web", gives: /machine crashed on startup/ },
  { fault: "create-download", line: "create ubuntu web", gives: /GET download status: 404/ },
  { fault: "create-index", line: "create ubuntu web", gives: /fetch index: get index: Get "https:/ },
  {
    fault: "create-cloud-init=error",
    given: ["create -c /dev/null ubuntu web"],
    line: "run -m web cloud-init status",
    gives: /^1 .*status: error/s,
  },
  { fault: "image-not-found:ubuntu", line: "create ubuntu web", gives: /image not found: \{ubuntu/ },
  { fault: "provisioning-hang", line: "create ubuntu web", gives: /^hangs/ },
  { fault: "stop-hang", given: web, line: "stop web", gives: /^hangs/ },
  { fault: "transition=1", given: web, line: "stop web", gives: /cannot transition from running to stopping/ },
  { fault: "list-fail=1", line: "list", gives: /^1 rpc: read unix/ },
  { fault: "list-null", line: "list -f json", gives: /null\n$/ },
  { fault: "list-half", given: web, line: "list -f json", gives: /\[\n[^\]]*$/ },
  { fault: "list-empty", line: "list -f json", gives: /^0 {2}$/ },
  { fault: "list-duplicate", given: web, line: "list -q -f json", gives: /^0 {2}web\n$/ },
  { fault: "any-fail=1", line: "list", gives: /^1 rpc: dial unix/ },
  { fault: "service-stopped", line: "list", gives: /^1 start VM: timed out/ },
  { fault: "service-starting", line: "status", gives: /^2 {2}Starting\n$/ },
  { fault: "stopped-fails", given: ["stop"], line: "list", gives: /^1 start VM: timed out/ },
  { fault: "banner", line: "list", gives: /OrbStack update available!/ },
  { fault: "clone-slow=5", given: web, line: "clone web two", gives: /^hangs/ },
  { fault: "clone-fails", given: web, line: "clone web two", gives: /no space left on device/ },
  { fault: "disk-quota", given: limited, line: "delete -f web", gives: quotaText },
  {
    fault: "provisioning-survives",
    given: [...web, "sim set-state web provisioning", "stop"],
    line: "list -q",
    gives: /web\n$/,
  },
  { fault: "missing-keys", given: web, line: "list -f json", gives: /^(?!.*config).*"state"/s },
  { fault: "extra-keys", given: web, line: "list -f json", gives: /"tags"/ },
  {
    fault: "mounts-in-json",
    given: ["create ubuntu web --isolated --mount /a"],
    line: "list -f json",
    gives: /"mounts": \[\s+"\/a"/,
  },
  {
    fault: "rename-drops-config",
    given: [...limited, "rename web www"],
    line: "config get machine.www.cpu",
    gives: /0\n$/,
  },
  {
    fault: "rename-drops-default",
    given: [...web, "default web", "rename web www"],
    line: "default",
    gives: /^0 {2}$/,
  },
  {
    fault: "config-left-behind",
    given: [...limited, "delete -f web", ...web],
    line: "config get machine.web.cpu",
    gives: /2\n$/,
  },
  { fault: "strict-power", given: web, line: "start web", gives: /machine already running/ },
  { fault: "delete-assumes-yes", given: [...web, "delete web"], line: "list -q", gives: /^0 {2}$/ },
  { fault: "default-unset=none", line: "default", gives: /none\n$/ },
  {
    fault: "no-clamp",
    given: [...web, "config set machine.web.cpu 64"],
    line: "config get machine.web.cpu",
    gives: /64\n$/,
  },
  { fault: "missing-program=1", given: web, line: "run -m web nope", gives: /^1 nope: command not found/ },
  { fault: "dashes-refused", given: web, line: "run -m web -- true", gives: /^1 Error: unknown flag: --/ },
  { fault: "hint-stream=stderr", line: "config set cpu 4", gives: /^0 Restart OrbStack/ },
  { fault: "no-network", given: web, line: "run -m web apt-get install -y curl", gives: /^100 E: Unable to fetch/ },
];

const TIMEOUT_MS = 1000;

/** Only time-outs come: what waits for anything else hangs. */
const clock = {
  now: () => 1_800_000_000_000,
  sleep: (ms: number) => (ms === TIMEOUT_MS ? Promise.resolve() : new Promise<void>(() => undefined)),
};

async function outcome({ given = [], line, gives }: Effect, faults: string): Promise<string> {
  const limit = gives.source.startsWith("^hangs") ? { timeoutMs: TIMEOUT_MS } : {};
  const env = { HOME: "/Users/ada", USER: "ada" };
  const exec = inMemoryExec(inMemoryWorld({ clock, env, faults: parseFaults(faults) }));
  const call = (text: string) => exec({ argv: text.split(" "), stdin: new Uint8Array(), ...limit });
  for (const before of given) await call(before);
  const { exitCode, stdout, stderr } = await call(line);
  return `${exitCode ?? "hangs"} ${stderr} ${stdout}`;
}

test.each(EFFECTS)("$fault: orbctl $line", async (effect) => {
  expect(await outcome(effect, effect.fault)).toMatch(effect.gives);
});

test.each(EFFECTS.filter(({ fault }) => fault !== "list-duplicate"))(
  "without $fault, not so: $line",
  async (effect) => {
    expect(await outcome(effect, "")).not.toMatch(effect.gives);
  },
);

/** What befalls processes: tests/integration/simulator/executable.test.ts has it. */
const OF_PROCESSES = new Set(["guest-outlives-client"]);

test("every fault has an effect here", () => {
  const names = EFFECTS.map(({ fault }) => fault.replace(/[:=].*/s, ""));

  expect(names).toEqual(Object.keys(FAULTS).filter((name) => !OF_PROCESSES.has(name)));
});

test("any-fail leaves alone the words that switch it off", async () => {
  const exec = inMemoryExec(inMemoryWorld({ faults: parseFaults("any-fail") }));
  expect((await exec({ argv: ["sim", "fault", "list"] })).exitCode).toBe(0);
  expect((await exec({ argv: ["list"] })).exitCode).toBe(1);
});
