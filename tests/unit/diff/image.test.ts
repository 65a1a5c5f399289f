import { expect, test } from "vitest";
import { compareImages, sameArch } from "../../../src/diff/image.ts";

test.each([
  ["ubuntu:24.04", "ubuntu:noble", "same"],
  ["ubuntu", "ubuntu:jammy", "same"],
  ["alma:9", "almalinux:9", "same"],
  ["rocky:9", "rockylinux:9", "same"],
  ["arch", "archlinux:current", "same"],
  ["debian:12", "debian:bookworm", "same"],
  ["centos:9-stream", "centos:9-Stream", "same"],
  ["centos:9", "centos:9-Stream", "unclear"],
  ["alpine:3.20", "alpine:3.20.3", "unclear"],
  ["debian:sid", "debian:bookworm", "unclear"],
  ["mystery", "debian:bookworm", "unclear"],
  ["ubuntu:24.04", "ubuntu:jammy", "different"],
  ["alpine:3.20", "alpine:3.21", "different"],
  ["debian", "ubuntu:noble", "different"],
] as const)("%s for a machine of %s is %s", (wanted, found, verdict) => {
  const [distro = "", version] = wanted.split(":");
  const [liveDistro = "", liveVersion = ""] = found.split(":");
  const origin = { kind: "image" as const, distro, ...(version !== undefined && { version }) };
  const live = { distro: liveDistro, version: liveVersion, arch: "arm64", variant: "" };
  expect(compareImages(origin, live)).toBe(verdict);
});

test("the words a machine was made with are the same for the image seen then", () => {
  const live = { distro: "debian", version: "trixie", arch: "arm64", variant: "" };
  const origin = { kind: "image" as const, distro: "debian", version: "next" };
  const made = { origin: { kind: "image", distro: "debian", version: "next" }, image: live };
  expect([compareImages(origin, live, made), compareImages(origin, live)]).toEqual(["same", "unclear"]);
});

test("an image that is not told is the one that was asked for", () => {
  const untold = { distro: "", version: "", arch: "", variant: "" };
  const made = { origin: { kind: "image", distro: "debian", version: "12" }, image: untold };
  const verdicts = ["12", "bookworm", "13"].map((version) =>
    compareImages({ kind: "image", distro: "debian", version }, untold, made),
  );
  expect(verdicts).toEqual(["same", "same", "different"]);
});

test("architectures are compared by meaning, and one that is not told is not different", () => {
  expect([sameArch("arm64", "aarch64"), sameArch("amd64", ""), sameArch("amd64", "arm64")]).toEqual([
    true,
    true,
    false,
  ]);
});

const stable = (distro: string, version: string) => ({ distro, version, arch: "arm64", variant: "" });
const verdict = (distro: string, version: string | undefined, found: ReturnType<typeof stable>) =>
  compareImages({ kind: "image", distro, ...(version !== undefined && { version }) }, found);

test.each([
  ["ubuntu", "18.04 bionic, 20.04 focal, 22.04 jammy, 23.10 mantic, 24.04 noble, 24.10 oracular, 25.04 plucky"],
  ["ubuntu", "25.10 questing, 26.04 resolute"],
  ["debian", "10 buster, 11 bullseye, 12 bookworm, 13 trixie, 14 forky"],
  ["devuan", "4 chimaera, 5 daedalus, 6 excalibur"],
])("the versions of %s have names: %s", (distro, names) => {
  for (const [number = "", name = ""] of names.split(", ").map((each) => each.split(" "))) {
    expect([verdict(distro, number, stable(distro, name)), verdict(distro, name, stable(distro, number))]).toEqual([
      "same",
      "same",
    ]);
  }
});

test("two known distros are two images, whichever they are", () => {
  const known =
    "alma alpine arch centos debian devuan fedora gentoo kali nixos openeuler opensuse oracle rocky ubuntu void";
  for (const distro of known.split(" ")) {
    const other = distro === "debian" ? "ubuntu" : "debian";
    expect([distro, verdict(distro, undefined, stable(other, ""))]).toEqual([distro, "different"]);
    expect([distro, verdict("mystery", undefined, stable(distro, ""))]).toEqual([distro, "unclear"]);
  }
  expect(["void", "VOID"].map((word) => verdict(word, undefined, stable("voidlinux", "")))).toEqual(["same", "same"]);
});

test.each([
  ["9", "10-Stream", "different"],
  ["10-stream", "9", "different"],
  ["3.20", "3.20.1", "unclear"],
  ["3.20.1", "3.20", "unclear"],
  ["3.20.1", "3.21.1", "different"],
  ["03", "3", "unclear"],
  ["edge", "3.20", "unclear"],
  ["3.20", "edge", "unclear"],
  ["v3.20", "3.21", "unclear"],
  ["3.20", "v3.21", "unclear"],
] as const)("version %s is %s: %s", (wanted, found, expected) => {
  expect(verdict("alpine", wanted, stable("alpine", found))).toBe(expected);
});

test("the same words are no proof once the image seen then is another", () => {
  const made = { origin: { kind: "image", distro: "debian", version: "next" }, image: stable("debian", "trixie") };
  const wanted = { kind: "image" as const, distro: "debian", version: "next" };
  expect([
    compareImages(wanted, stable("debian", "trixie"), made),
    compareImages(wanted, stable("debian", "forky"), made),
    compareImages(wanted, stable("ubuntu", "trixie"), made),
    compareImages({ ...wanted, version: "other" }, stable("debian", "trixie"), made),
  ]).toEqual(["same", "unclear", "different", "unclear"]);
});

test("what is told of an image counts before what was asked for, and only an image was asked for", () => {
  const told = stable("debian", "");
  const asked = (origin: { readonly [key: string]: string | number }) =>
    compareImages({ kind: "image", distro: "debian", version: "12" }, told, { origin, image: stable("", "") });
  expect([
    asked({ kind: "image", distro: "ubuntu", version: "12" }),
    asked({ kind: "image", distro: "debian", version: "13" }),
    asked({ kind: "image", distro: "debian", version: 12 }),
    asked({ kind: "clone", version: "12" }),
  ]).toEqual(["same", "different", "unclear", "unclear"]);
});

test("every way to write an architecture is understood", () => {
  const rows = [
    ["aarch64", "ARM64"],
    ["x86_64", "amd64"],
    ["X86_64", "AMD64"],
    ["", "arm64"],
    ["riscv64", "RISCV64"],
  ];
  expect(rows.map(([left = "", right = ""]) => sameArch(left, right))).toEqual(rows.map(() => true));
  expect([sameArch("aarch64", "x86_64"), sameArch("riscv64", "arm64")]).toEqual([false, false]);
});
