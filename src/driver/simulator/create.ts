import { Failure, serviceFailure } from "./failure.ts";
import type { ReadImage } from "./images.ts";
import { checkName, newId, nextHost } from "./naming.ts";
import type { Outcome } from "./outcome.ts";
import type { Machine, Phase, Settings } from "./record.ts";
import { clamped } from "./limits.ts";
import type { World } from "./world.ts";

/** What `create` was asked for. */
export interface CreateRequest {
  readonly image: ReadImage;
  readonly name: string;
  readonly arch: string;
  readonly settings: Settings;
  readonly userData: string | null;
}

/** How long the stages of a creation take with a cached image (contract 8). Milliseconds. */
const STAGES = { download: 1000, creating: 3000, provisioning: 9000, missingIp: 30_000 } as const;

/** Makes a machine: `creating`, `provisioning`, `running`. Throws at once for a taken name. */
export function create(world: World, request: CreateRequest): Outcome {
  checkName(request.name);
  const prefix = `create '${request.name}'`;
  if (world.byName(request.name)) throw serviceFailure(`${prefix}: machine already exists: '${request.name}'`);
  const trouble = imageTrouble(world, request);
  if (trouble)
    return { until: world.now + world.lasts(STAGES.download), failure: serviceFailure(`${prefix}: ${trouble}`) };
  const machine = newMachine(world, request);
  const fate = fateOf(world, machine);
  machine.phases = fate.phases;
  world.add(machine);
  world.log("create", machine, `${machine.image.distro} ${machine.image.version} ${machine.image.arch}`);
  if (fate.failure) return { until: fate.until, failure: serviceFailure(`${prefix}: ${fate.failure}`) };
  return { until: fate.until, verify: (later) => verifyMade(later, machine.id, prefix) };
}

function imageTrouble(world: World, { image, arch, userData }: CreateRequest): string | undefined {
  const { faults } = world;
  if (faults.strikes("create-index")) {
    return 'make rootfs: fetch index: get index: Get "https://cdn-images.orbstack.dev/streams/v1/images.json": dial tcp: lookup cdn-images.orbstack.dev: no such host';
  }
  if (faults.strikes("create-download")) {
    return "make rootfs: download metadata: GET download status: 404 Not Found";
  }
  const gone = image.version === "focal" && !world.release.hasFocal;
  if (image.exists && !gone && !faults.on("image-not-found", image.distro)) return undefined;
  const variant = userData === null ? "default" : "cloud";
  return `make rootfs: image not found: {${image.distro} ${image.version} ${arch} ${variant}}`;
}

function newMachine(world: World, { image, name, arch, settings, userData }: CreateRequest): Machine {
  const { leftBehind } = world.data;
  const left = Object.hasOwn(leftBehind, name.toLowerCase()) ? leftBehind[name.toLowerCase()] : undefined;
  delete leftBehind[name.toLowerCase()];
  const made = clamped(world, left ? { ...left, username: settings.username } : settings);
  const id = newId(world);
  return {
    id,
    name,
    image: { distro: image.distro, version: image.version, arch, variant: userData === null ? "default" : "cloud" },
    settings: made,
    user: settings.username,
    phases: [],
    boot: 1,
    host: nextHost(world),
    disk: 680_000_000 + Math.floor(world.random() * 250_000_000),
    returns: false,
    userData,
    origin: id,
    applied: { cpu: made.cpu, memory_mib: made.memory_mib },
  };
}

interface Fate {
  readonly phases: readonly Phase[];
  readonly until: number;
  readonly failure?: string;
}

function fateOf(world: World, machine: Machine): Fate {
  const { faults, now } = world;
  const booted = now + world.lasts(STAGES.creating);
  const ready = booted + world.lasts(STAGES.provisioning);
  const way: readonly Phase[] = [
    { at: now, state: "creating" },
    { at: booted, state: "provisioning" },
  ];
  const fail = (at: number, failure: string): Fate => ({ phases: [...way, { at, state: "gone" }], until: at, failure });
  if (faults.strikes("create-missing-ip", machine.name)) {
    return fail(booted + world.lasts(STAGES.missingIp), "setup: machine didn't start in 30s (missing IP address)");
  }
  if (faults.strikes("create-crash", machine.name)) return fail(booted, "setup: machine crashed on startup");
  if (faults.on("provisioning-hang", machine.name)) return { phases: way, until: Infinity };
  const until = faults.strikes("create-hang", machine.name) ? Infinity : ready;
  return { phases: [...way, { at: ready, state: "running" }], until };
}

function verifyMade(world: World, id: string, prefix: string): void {
  if (!world.byId(id)) throw serviceFailure(`${prefix}: setup: do initial setup: canceled by machine shutdown`);
}

/** The architecture a word stands for. Throws a {@link Failure} for any other. */
export function readArch(word: string): string {
  if (word === "arm64" || word === "amd64") return word;
  throw new Failure(`unknown architecture: ${word}`);
}
