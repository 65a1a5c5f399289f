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
