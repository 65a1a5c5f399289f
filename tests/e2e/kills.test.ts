import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const KILLS = Number(process.env["ORBFORM_KILLS"] ?? 15);
const SEED = Number(process.env["ORBFORM_SEED"] ?? 20261123);
const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;

/** A dozen machines: an image, its clones with settings, some of them running, and some of another image. */
const DOZEN = `
import { defineStack, machine } from "orbform";
const base = machine({ image: "alpine", power: "stopped" });
const clones = Array.from({ length: 8 }, (_, n) => [
  "c" + n,
  machine({ clone: base, cpus: 1 + (n % 3), power: n % 4 === 0 ? "running" : "stopped" }),
]);
const made = Array.from({ length: 3 }, (_, n) => ["i" + n, machine({ image: "debian:bookworm", memory: "512M" })]);
export default defineStack({ resources: { base, ...Object.fromEntries([...clones, ...made]) } });
`;

/** A small seeded generator: the same seed kills at the same points. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where to kill, one apply after the other: `intent:1`, or `any:312 any:40` for one that is killed again in taking over. */
function killPoints(): readonly string[] {
  const next = random(SEED);
  const pick = (most: number) => 1 + Math.floor(next() * most);
  const named = ["intent", "go", "outcome"].flatMap((point) => [`${point}:1`, `${point}:${pick(20)}`]);
  const points = ["snapshot:1", ...named];
  while (points.length < KILLS) {
    const twice = points.length % 4 === 0 ? ` any:${pick(20)}` : "";
    points.push(`any:${pick(120)}${twice}`);
  }
  return points.slice(0, KILLS);
}

function dozenMachines(): TestProject {
  const project = new TestProject();
  project.stack("dozen", DOZEN);
  return project;
}

/** The real apply, killed at a point that it is known to reach. */
async function killedAt(project: TestProject, point: string): Promise<void> {
  const mark = join(project.folder, `killed at ${point}`);
  const killed = await project.orb(["apply", "dozen", "--yes"], {
    NODE_OPTIONS: `--import=${KILL_AT}`,
    ORBFORM_TEST_KILL_AT: point,
    ORBFORM_TEST_KILL_MARK: mark,
  });
  expect([existsSync(mark), killed.signal]).toEqual([true, "SIGKILL"]);
}

describe.concurrent("an apply of a dozen machines that is killed", { tags: ["slow"], timeout: 600_000 }, () => {
  it.each(killPoints())("at %s is finished by the next one, with nothing lost or made twice", async (points) => {
    const project = dozenMachines();
    for (const point of points.split(" ")) await killedAt(project, point);
    const next = await project.orb(["apply", "dozen", "--yes"]);
    expect(next, next.stderr).toMatchObject({ code: 0 });
    const machines = await project.machines();
    expect(machines.map((each) => each.name).toSorted()).toEqual(expectedNames());
    expect(await bornIds(project)).toEqual(machines.map((each) => each.id).toSorted());
    expect(recordedIds(project)).toEqual(machines.map((each) => each.id).toSorted());
    expect(await project.orb(["plan", "dozen", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    project.remove();
  });

  it("lets one of two applies proceed and names the holder to the other", async () => {
    const project = dozenMachines();
    const first = project.startOrb(["apply", "dozen", "--yes"]);
    await project.until(() => existsSync(project.callLog) && readFileSync(project.callLog, "utf8").includes("create"));
    const second = await project.orb(["apply", "dozen", "--yes"]);
    expect(second.code).toBe(4);
    expect(second.stderr).toContain(String(first.pid));
    expect(second.stderr).toContain("orb state unlock");
    expect(await first.ended).toMatchObject({ code: 0 });
    project.remove();
  });
});

function expectedNames(): readonly string[] {
  const clones = Array.from({ length: 8 }, (_, n) => `c${n}`);
  return ["base", ...clones, "i0", "i1", "i2"].toSorted();
}

/** Every machine that ever came into being, by the world's own log. */
async function bornIds(project: TestProject): Promise<readonly string[]> {
  const log = await project.outside("sim", "log");
  const events = log.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { what: string; id: string });
  return events
    .filter((each) => ["create", "clone", "import"].includes(each.what))
    .map((each) => each.id)
    .toSorted();
}

function recordedIds(project: TestProject): readonly string[] {
  return Object.values(project.state("dozen")?.resources ?? {})
    .map((each) => String(each["id"]))
    .toSorted();
}
