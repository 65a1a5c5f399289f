import { spawnSync } from "node:child_process";
import type { Place, PlaceRun } from "./guest-place.ts";

/** A package of no files, as all real managers know it: a name, a version, and what it says of others. */
export interface RealPackage {
  readonly name: string;
  readonly version: string;
  readonly needs?: string;
  readonly conflicts?: string;
  readonly provides?: string;
  /** Only pacman has groups in its index of packages. */
  readonly group?: string;
  /** Takes the place of this one, which goes. */
  readonly replaces?: string;
}

/** How a machine begins. */
export interface Machine {
  readonly installed?: readonly string[];
  /** What its index knows; absent: as offered. */
  readonly known?: readonly string[] | "never fetched";
  /** What the world outside offers, as `NAME-VERSION` of packages that were built. */
  readonly offered: readonly string[];
}

/** The package managers of which the real programs are packaged for Debian. */
export const REAL_MANAGERS = ["apt", "dnf", "zypper", "pacman"] as const;

/** One of {@link REAL_MANAGERS}. */
export type RealManager = (typeof REAL_MANAGERS)[number];

interface Recipe {
  readonly id: string;
  /** What a test needs of this computer: the manager, and what makes its packages and its index. */
  readonly tools: readonly string[];
  /** Makes the machine's own configuration, with one repository in `/srv/repo`. */
  readonly configure: string;
  /** Writes one package to `/srv/built/NAME-VERSION`. */
  readonly build: (each: RealPackage) => string;
  /** Indexes the repository; its files are there. */
  readonly index: string;
  /** Lets the machine fetch the index. */
  readonly fetch: string;
  /** Forgets what is installed and what the index knew. */
  readonly reset: string;
  /** Installs the files in `"$@"`, whatever depends on what. */
  readonly install: string;
  /** The suffix of a package's file. */
  readonly suffix: string;
  /** Prints a name and a version of each that is installed. */
  readonly list: string;
}

const field = (label: string, value: string | undefined): string => (value === undefined ? "" : `${label}${value}\n`);
const here = (to: string, text: string): string => `cat >${to} <<'END'\n${text}END\n`;

/** On Debian rpm keeps its database in root's home, and refuses to install without an option; nowhere else it does. */
const RPM = {
  suffix: ".rpm",
  build: (each: RealPackage): string => {
    const [, epoch, version, release] = /^(?:(\d+):)?([^-]+)-(.+)$/.exec(each.version) ?? [];
    const head = [
      ["Name: ", each.name],
      ["Epoch: ", epoch],
      ["Version: ", version],
      ["Release: ", release],
      // As of a library: one thing that is needed of it, and another.
      ["Requires: ", each.needs && `${each.needs}, ${each.needs} >= 0`],
      ["Conflicts: ", each.conflicts],
      ["Provides: ", each.provides],
      ["Obsoletes: ", each.replaces],
    ] as const;
    const text = head.map(([label, value]) => field(label, value)).join("");
    return `${here("/srv/spec", `${text}Summary: A test\nLicense: MIT\nBuildArch: noarch\n%description\nA test.\n%files\n`)}
rpmbuild --quiet -bb --define '_topdir /srv/rpm' --define '_rpmdir /srv/rpm' --define '_rpmfilename out.rpm' /srv/spec
mv /srv/rpm/out.rpm /srv/built/${each.name}-${each.version}.rpm
`;
  },
  index: "createrepo_c -q /srv/repo",
  list: "rpm -qa --qf '%{NAME} %{EVR}\\n'",
  install: 'rpm -i --force-debian --nodeps "$@"',
  configure: `mkdir -p /etc/rpm\necho '%_dbpath /var/lib/rpm' >/etc/rpm/macros\n`,
};

const REPO = "[main-repo]\nname=Main\nbaseurl=file:///srv/repo\nenabled=1\ngpgcheck=0\n";

const RECIPES: { readonly [manager in RealManager]: Recipe } = {
  apt: {
    id: "debian",
    tools: ["apt-get", "dpkg-deb"],
    suffix: ".deb",
    configure: `mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d
echo 'deb [trusted=yes] copy:///srv/repo ./' >/etc/apt/sources.list
mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial /var/log/apt
`,
    build: (each) => `mkdir -p /srv/deb/DEBIAN
${here(
  "/srv/deb/DEBIAN/control",
  `Package: ${each.name}\nVersion: ${each.version}\nArchitecture: all\nMaintainer: Nobody <nobody@localhost>
${field("Depends: ", each.needs)}${field("Conflicts: ", each.conflicts ?? each.replaces)}${field("Replaces: ", each.replaces)}${field("Provides: ", each.provides ?? each.replaces)}Description: A test\n`,
)}dpkg-deb -b /srv/deb /srv/built/${each.name}-${each.version}.deb
`,
    index: `cd /srv/repo && for each in *.deb; do
  [ -e "$each" ] || break
  dpkg-deb -f "$each"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$each" "$(stat -c %s "$each")" "$(sha256sum <"$each" | cut -c 1-64)"
done >Packages`,
    list: "dpkg-query -W -f '${Package} ${Version}\\n'",
    fetch: "apt-get -q update",
    reset: `rm -rf /var/lib/dpkg /var/lib/apt/lists/*_* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb
mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers
: >/var/lib/dpkg/status`,
    install: 'dpkg -i --force-depends "$@"',
  },
  dnf: {
    ...RPM,
    id: "fedora",
    tools: ["dnf", "rpm", "rpmbuild", "createrepo_c"],
    configure: `${RPM.configure}mkdir -p /etc/dnf /etc/yum.repos.d
${here("/etc/dnf/dnf.conf", "[main]\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=False\nskip_if_unavailable=True\n")}${here("/etc/yum.repos.d/main.repo", REPO)}`,
    fetch: "dnf -q --refresh makecache",
    reset: "rm -rf /var/lib/rpm /var/lib/dnf /var/cache/dnf",
  },
  zypper: {
    ...RPM,
    id: "opensuse-leap\nID_LIKE='suse opensuse'",
    tools: ["zypper", "rpm", "rpmbuild", "createrepo_c"],
    configure: `${RPM.configure}mkdir -p /etc/zypp/repos.d\n${here("/etc/zypp/repos.d/main.repo", `${REPO}autorefresh=1\n`)}`,
    fetch: "zypper -q -n refresh -f",
    reset: "rm -rf /var/lib/rpm /var/lib/zypp /var/cache/zypp",
  },
  pacman: {
    id: "arch",
    tools: ["pacman"],
    suffix: ".pkg.tar.gz",
    configure: `${here("/etc/pacman.conf", "[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n[main-repo]\nServer = file:///srv/repo\n")}mkdir -p /var/cache/pacman/pkg\n`,
    build: (each) => `mkdir -p /srv/pkg
${here(
  "/srv/pkg/.PKGINFO",
  `pkgname = ${each.name}\npkgver = ${each.version}\npkgdesc = A test\nbuilddate = 1700000000\nsize = 1\narch = any
${field("depend = ", each.needs)}${field("conflict = ", each.conflicts)}${field("replaces = ", each.replaces)}${field("provides = ", each.provides)}${field("group = ", each.group)}`,
)}tar -C /srv/pkg -czf '/srv/built/${each.name}-${each.version}.pkg.tar.gz' .PKGINFO
${here(
  `/srv/built/${each.name}-${each.version}.desc`,
  `%NAME%\n${each.name}\n\n%VERSION%\n${each.version}\n\n%ARCH%\nany\n\n%ISIZE%\n1
${field("\n%DEPENDS%\n", each.needs)}${field("\n%CONFLICTS%\n", each.conflicts)}${field("\n%REPLACES%\n", each.replaces)}${field("\n%PROVIDES%\n", each.provides)}${field("\n%GROUPS%\n", each.group)}\n`,
)}`,
    index: `rm -rf /srv/db && mkdir /srv/db && cd /srv/repo
for each in *.pkg.tar.gz; do
  [ -e "$each" ] || break
  mkdir "/srv/db/\${each%.pkg.tar.gz}"
  { cat "/srv/built/\${each%.pkg.tar.gz}.desc"
    printf '%%FILENAME%%\\n%s\\n\\n%%CSIZE%%\\n%s\\n\\n' "$each" "$(stat -c %s "$each")"
    printf '%%SHA256SUM%%\\n%s\\n\\n' "$(sha256sum <"$each" | cut -c 1-64)"
  } >"/srv/db/\${each%.pkg.tar.gz}/desc"
done
tar -C /srv/db -czf main-repo.db -T /dev/null $(ls /srv/db)`,
    list: "pacman -Q || :",
    fetch: "pacman -Syy --noconfirm",
    reset: "rm -rf /var/lib/pacman /var/cache/pacman/pkg/*; mkdir -p /var/lib/pacman/local /var/lib/pacman/sync",
    install: 'pacman -Udd --noconfirm "$@"',
  },
};

/** Programs that are not here and would be needed: the manager's own, and what makes packages for it. */
export function unmetTools(manager: RealManager): readonly string[] {
  return RECIPES[manager].tools.filter((each) => spawnSync("sh", ["-c", `command -v ${each}`]).status !== 0);
}

/** Makes a place a machine of this manager, and the packages that are to be had. */
export function furnishManager(place: Place, manager: RealManager, packages: readonly RealPackage[]): void {
  const { id, configure, build } = RECIPES[manager];
  place.write("/etc/os-release", `ID=${id}\n`);
  must(place, `mkdir -p /srv/built /srv/repo /var/tmp /var/log\n${configure}${packages.map(build).join("")}`);
}

/** Lets a machine begin anew. */
export function beginWith(place: Place, manager: RealManager, { installed = [], known, offered }: Machine): void {
  const { reset, install, suffix } = RECIPES[manager];
  const files = installed.map((each) => `'/srv/built/${each}${suffix}'`);
  must(place, `${reset}\n${files.length === 0 ? "" : `set -- ${files.join(" ")}\n${install}`}`);
  if (known !== "never fetched") {
    offer(place, manager, known ?? offered);
    fetchIndex(place, manager);
    if (known === undefined) return;
  }
  offer(place, manager, offered);
}

/** The world outside changes; the machine's index does not. */
function offer(place: Place, manager: RealManager, offered: readonly string[]): void {
  const { index, suffix } = RECIPES[manager];
  const copies = offered.map((each) => `cp '/srv/built/${each}${suffix}' /srv/repo/\n`);
  must(place, `rm -rf /srv/repo/*\n${copies.join("")}${index}`);
}

/** The machine fetches its index, as its own timers or its user do. */
export function fetchIndex(place: Place, manager: RealManager): void {
  must(place, RECIPES[manager].fetch);
}

/** What is installed, as `NAME VERSION`, sorted. */
export function installedAt(place: Place, manager: RealManager): readonly string[] {
  const { stdout } = must(place, RECIPES[manager].list);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .toSorted();
}

function must(place: Place, script: string): PlaceRun {
  const ran = place.run(`set -e\n${script}`);
  if (ran.exitCode !== 0) throw new Error(`${script}\nended with ${ran.exitCode}:\n${ran.stdout}\n${ran.stderr}`);
  return ran;
}
