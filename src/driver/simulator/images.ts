import { Failure } from "./failure.ts";

/** An image as `create` was asked for it, in the words that records keep. */
interface ImageChoice {
  readonly distro: string;
  readonly version: string;
}

interface Distro {
  readonly stored: string;
  /** Stored versions by the words that name them; the first is the default. */
  readonly versions: readonly (readonly [stored: string, ...aliases: string[]])[];
}

/** The words `create` takes (contract 7.1), what they are stored as, and the versions there are. */
const DISTROS: { readonly [word: string]: Distro } = {
  alma: { stored: "almalinux", versions: [["10"], ["9"], ["8"]] },
  alpine: { stored: "alpine", versions: [["3.22"], ["3.21"], ["3.20"], ["3.19"], ["edge"]] },
  arch: { stored: "archlinux", versions: [["current"]] },
  centos: {
    stored: "centos",
    versions: [
      ["10-Stream", "10-stream", "10"],
      ["9-Stream", "9-stream", "9"],
    ],
  },
  debian: {
    stored: "debian",
    versions: [
      ["bookworm", "12"],
      ["trixie", "13"],
      ["bullseye", "11"],
      ["forky", "14"],
      ["sid", "unstable"],
    ],
  },
  devuan: {
    stored: "devuan",
    versions: [
      ["daedalus", "5"],
      ["excalibur", "6"],
      ["chimaera", "4"],
    ],
  },
  fedora: { stored: "fedora", versions: [["44"], ["43"], ["42"]] },
  gentoo: { stored: "gentoo", versions: [["current", "openrc"], ["systemd"]] },
  kali: { stored: "kali", versions: [["current"]] },
  nixos: { stored: "nixos", versions: [["25.11"], ["25.05"], ["unstable"]] },
  openeuler: { stored: "openeuler", versions: [["25.03"], ["24.03"], ["22.03"], ["20.03"]] },
  opensuse: { stored: "opensuse", versions: [["tumbleweed"], ["15.6"], ["16.0"]] },
  oracle: { stored: "oracle", versions: [["9"], ["8"], ["7"]] },
  rocky: { stored: "rockylinux", versions: [["10"], ["9"], ["8"]] },
  ubuntu: {
    stored: "ubuntu",
    versions: [
      ["resolute", "26.04"],
      ["questing", "25.10"],
      ["plucky", "25.04"],
      ["noble", "24.04"],
      ["jammy", "22.04"],
      ["mantic", "23.10"],
      ["focal", "20.04"],
    ],
  },
  void: { stored: "voidlinux", versions: [["current"]] },
};

/** A choice as read: its stored words, and whether the image server has it. */
export interface ReadImage extends ImageChoice {
  /** The word as given, which is a machine's name where none is given. */
  readonly word: string;
  readonly exists: boolean;
}

/** Reads `DISTRO[:VERSION]`. Throws a {@link Failure} for a word that is no distribution. */
export function readImage(text: string): ReadImage {
  const [word = "", wanted, ...rest] = text.split(":");
  const distro = Object.hasOwn(DISTROS, word) ? DISTROS[word] : undefined;
  if (!distro || rest.length > 0) throw new Failure(`unknown distro: ${text}`);
  if (wanted === "") throw new Failure(`invalid version in '${text}'`);
  const known = wanted === undefined ? distro.versions[0] : distro.versions.find((names) => names.includes(wanted));
  return { word, distro: distro.stored, version: known?.[0] ?? wanted ?? "current", exists: known !== undefined };
}
