/** What a version of OrbStack can do and how it prints (contract 5.2, 10). */
export interface Release {
  readonly version: string;
  /** As `version` prints it: 2.2.3 is 2020300. */
  readonly build: string;
  readonly commit: string;
  /** `config` inside machine records, and `info` wrapped as `{record, …}`: 2.0. */
  readonly configRecords: boolean;
  /** Isolated machines, their mounts and ports: 2.1.0. */
  readonly isolation: boolean;
  /** Limits per machine: 2.2.0. */
  readonly limits: boolean;
  /** `clone`, `export`, `import`: seen from 1.11.1. */
  readonly cloning: boolean;
  /** The state `provisioning`; before 1.9 such a machine read as `running`. */
  readonly provisioning: boolean;
  /** Deleting by id crashes: 2.2.3. */
  readonly deleteByIdCrashes: boolean;
  /** A machine in `creating` can be deleted: after 1.9. */
  readonly deletesCreating: boolean;
  /** What a transition that is refused is called: `invalid` in 2023, `cannot` since. */
  readonly transitionWords: "invalid transition" | "cannot transition";
  /** Clones and imported machines stay in `provisioning` once started: 1.11.1 only. */
  readonly copiesStayUnready: boolean;
  /** The image server still has Ubuntu 20.04: before 1.11.3. */
  readonly hasFocal: boolean;
  /** `push` and `pull` are `cp` inside the machine, as its user, through /mnt/mac: before 2.2.0. */
  readonly copiesInside: boolean;
  /** The table's SIZE is filled in: 2.0. */
  readonly showsSizes: boolean;
  /** Columns of the table that `list` prints. */
  readonly columns: readonly string[];
  /** First three numbers of machine addresses. */
  readonly subnet: string;
}

/** The newest version with evidence. */
const NEWEST = "2.2.3";

/** Commits that captures show; every other version borrows the one of 1.7.2. */
const COMMITS: ReadonlyMap<number, string> = new Map([[10_902, "f56c5adaa796a0902c648f038307ed8d434b0522"]]);

const BASE_COLUMNS = ["NAME", "STATE", "DISTRO", "VERSION", "ARCH"] as const;

const read = new Map<string, Release>();

/** What the version with this number does. A number that can't be read counts as the newest. */
export function release(version: string = NEWEST): Release {
  const known = read.get(version) ?? readRelease(version);
  read.set(version, known);
  return known;
}

function readRelease(version: string): Release {
  const numbers = /^\d+(?:\.\d+){0,2}$/.test(version) ? version.split(".").map(Number) : [2, 2, 3];
  const [major = 0, minor = 0, patch = 0] = numbers;
  const rank = major * 10_000 + minor * 100 + patch;
  return {
    version: [major, minor, patch].join("."),
    build: String(rank * 100),
    commit: COMMITS.get(rank) ?? "50f93373f351fe839fd72948e6aad032774c0f6c",
    configRecords: rank >= 20_000,
    isolation: rank >= 20_100,
    limits: rank >= 20_200,
    cloning: rank >= 11_100,
    provisioning: rank >= 10_900,
    deleteByIdCrashes: rank >= 20_203,
    deletesCreating: rank >= 10_900,
    transitionWords: major === 0 ? "invalid transition" : "cannot transition",
    copiesStayUnready: rank === 11_101,
    hasFocal: rank < 11_103,
    copiesInside: rank < 20_200,
    showsSizes: rank >= 20_000,
    columns: columns(rank),
    subnet: rank >= 20_000 ? "192.168.139" : "198.19.249",
  };
}

function columns(rank: number): readonly string[] {
  if (rank >= 20_000) return [...BASE_COLUMNS, "SIZE", "IP"];
  return rank >= 11_100 ? [...BASE_COLUMNS, "SIZE"] : BASE_COLUMNS;
}
