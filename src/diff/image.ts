import type { ImageFacts } from "../model/machine.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Origin } from "../model/resource.ts";
import { originJson } from "../model/machine-inputs.ts";
import { sameJson } from "../model/same-json.ts";

/** Whether a machine was made from the image a stack names. `unclear` is never a reason to replace it. */
export type ImageVerdict = "same" | "different" | "unclear";

type ImageOrigin = Extract<Origin, { readonly kind: "image" }>;

/**
 * Words of `create` whose `image.distro` is known for sure to be another (contract 7.1; `rockylinux` is inferred, so
 * both of its words are accepted).
 */
const STORED_DISTRO: { readonly [word: string]: string } = {
  alma: "almalinux",
  arch: "archlinux",
  rocky: "rockylinux",
  void: "voidlinux",
};

/** Stored distros: two different ones of these are provably two images. */
const KNOWN_DISTROS: ReadonlySet<string> = new Set(
  (
    "almalinux alpine archlinux centos debian devuan fedora gentoo kali nixos openeuler opensuse oracle rockylinux " +
    "ubuntu voidlinux"
  ).split(" "),
);

const CODE_NAMES: { readonly [distro: string]: { readonly [version: string]: string } } = {
  ubuntu: {
    "18.04": "bionic",
    "20.04": "focal",
    "22.04": "jammy",
    "23.10": "mantic",
    "24.04": "noble",
    "24.10": "oracular",
    "25.04": "plucky",
    "25.10": "questing",
    "26.04": "resolute",
  },
  debian: { "10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie", "14": "forky" },
  devuan: { "4": "chimaera", "5": "daedalus", "6": "excalibur" },
};

/**
 * Compares a stack's image with a machine's by meaning: words of `create` differ from those `list` gives, and a bare
 * distro means whatever version the machine was made with. `made` are the words it was last settled with and the image
 * seen then: the same words for the same image are the same, whatever the words mean.
 */
export function compareImages(
  desired: ImageOrigin,
  live: ImageFacts,
  made?: { readonly origin: JsonObject; readonly image: ImageFacts },
): ImageVerdict {
  const unchangedWords = made !== undefined && sameJson(made.origin, originJson(desired));
  if (unchangedWords && made.image.distro === live.distro && made.image.version === live.version) return "same";
  const told = withWordsOf(made?.origin, live);
  const distro = compareDistros(desired.distro, told.distro);
  if (distro !== "same" || desired.version === undefined) return distro;
  return compareVersions(storedDistro(desired.distro), desired.version.toLowerCase(), told.version.toLowerCase());
}

/** What `list` doesn't tell of an image is what the machine was asked to be made from. */
function withWordsOf(origin: JsonObject | undefined, { distro, version }: ImageFacts): Told {
  if (origin?.["kind"] !== "image") return { distro, version };
  return { distro: distro || word(origin["distro"]), version: version || word(origin["version"]) };
}

type Told = Pick<ImageFacts, "distro" | "version">;

function word(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** `arm64` and `amd64` go by other names elsewhere. An architecture that is not reported is not different. */
export function sameArch(left: string, right: string): boolean {
  return left === "" || right === "" || canonicalArch(left) === canonicalArch(right);
}

function compareDistros(desired: string, live: string): ImageVerdict {
  const [wanted, found] = [storedDistro(desired), storedDistro(live)];
  if (wanted === found) return "same";
  return KNOWN_DISTROS.has(wanted) && KNOWN_DISTROS.has(found) ? "different" : "unclear";
}

function storedDistro(word: string): string {
  const lower = word.toLowerCase();
  return STORED_DISTRO[lower] ?? lower;
}

function compareVersions(distro: string, desired: string, live: string): ImageVerdict {
  const names = CODE_NAMES[distro] ?? {};
  const [wanted, found] = [names[desired] ?? desired, names[live] ?? live];
  if (wanted === found) return "same";
  const codeNames = Object.values(names);
  if (codeNames.includes(wanted) && codeNames.includes(found)) return "different";
  return differentNumbers(wanted, found) ? "different" : "unclear";
}

/** `9` and `9-stream` may be one release, `3.20` and `3.20.1` too; `9` and `10-stream` can't be. */
function differentNumbers(left: string, right: string): boolean {
  const numbers = [left, right].map((each) => /^\d+(?:\.\d+)*/.exec(each)?.[0].split("."));
  const [first, second] = numbers;
  if (first === undefined || second === undefined) return false;
  const shared = Math.min(first.length, second.length);
  return first.slice(0, shared).some((part, index) => Number(part) !== Number(second[index]));
}

function canonicalArch(word: string): string {
  const lower = word.toLowerCase();
  if (lower === "aarch64") return "arm64";
  return lower === "x86_64" ? "amd64" : lower;
}
