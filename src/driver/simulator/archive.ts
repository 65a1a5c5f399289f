import zlib from "node:zlib";
import { Failure, serviceFailure } from "./failure.ts";
import type { GuestFiles } from "./guest-files.ts";
import { checkName, newId, nextHost } from "./naming.ts";
import { doneAt, type Outcome } from "./outcome.ts";
import { packTar, unpackTar } from "./one-file-tar.ts";
import type { Image, Machine, Settings } from "./record.ts";
import type { World } from "./world.ts";

/** What an exported machine consists of: in the simulator a tar under zstd, whose one file is this as JSON. */
interface Archive {
  readonly format: "orbctl-sim-1";
  readonly name: string;
  readonly image: Image;
  readonly settings: Settings;
  readonly user: string;
  readonly origin: string;
  readonly userData: string | null;
  readonly disk: number;
  readonly files: GuestFiles | null;
}

/** Node 20 has no zstd; only `import` reads these files, by their first bytes. */
const HAS_ZSTD = "zstdCompressSync" in zlib;

/** As the zstd program writes them: a changed bit is noticed. */
const WITH_CHECKSUM = HAS_ZSTD ? { [zlib.constants.ZSTD_c_checksumFlag]: 1 } : {};

const ENTRY = "orbctl-sim.json";

/** The bytes of an exported machine. */
export function packMachine(machine: Machine, files: GuestFiles | null): Uint8Array {
  const { name, image, settings, user, origin, userData, disk } = machine;
  const archive: Archive = { format: "orbctl-sim-1", name, image, settings, user, origin, userData, disk, files };
  const tar = packTar(ENTRY, Buffer.from(JSON.stringify(archive)));
  return HAS_ZSTD ? zlib.zstdCompressSync(tar, { params: WITH_CHECKSUM }) : zlib.gzipSync(tar);
}

/** Reads an exported machine. Throws a {@link Failure} for anything else. */
export function unpackMachine(bytes: Uint8Array, path: string): Archive {
  try {
    const archive: Archive = JSON.parse(unpackTar(ENTRY, unpacked(bytes)).toString("utf8"));
    if (archive.format === "orbctl-sim-1") return archive;
  } catch {
    // Not one of ours, whatever it is: said below.
  }
  throw new Failure(`import machine: ${path}: not a machine archive`);
}

function unpacked(bytes: Uint8Array): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? zlib.gunzipSync(bytes) : zlib.zstdDecompressSync(bytes);
}

/** Makes a stopped machine from an archive. */
export function restore(world: World, archive: Archive, wanted: string | undefined): Outcome {
  const name = wanted ?? archive.name;
  checkName(name);
  if (world.byName(name)) throw serviceFailure(`import machine: machine already exists: '${name}'`);
  const { image, settings, user, origin, userData, disk } = archive;
  const until = world.now + world.lasts(5000);
  const machine: Machine = {
    id: newId(world),
    name,
    image,
    settings,
    user,
    phases: [
      { at: world.now, state: "creating" },
      { at: until, state: "stopped" },
    ],
    boot: 0,
    host: nextHost(world),
    disk,
    returns: false,
    userData,
    origin,
    copied: true,
    applied: { cpu: settings.cpu, memory_mib: settings.memory_mib },
  };
  world.add(machine);
  if (archive.files) world.giveFiles(machine.id, archive.files);
  world.log("import", machine);
  return doneAt(until);
}
