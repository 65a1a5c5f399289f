import type { Distro } from "../stack/machine-input.ts";

/** The words `create` takes (contract 7.1). */
export const DISTROS = [
  "alma",
  "alpine",
  "arch",
  "centos",
  "debian",
  "devuan",
  "fedora",
  "gentoo",
  "kali",
  "nixos",
  "openeuler",
  "opensuse",
  "oracle",
  "rocky",
  "ubuntu",
  "void",
] as const satisfies readonly Distro[];

/** The words `list` shows are others than those `create` takes (contract 7.1). */
const SHOWN_AS: { readonly [word: string]: Distro } = {
  almalinux: "alma",
  archlinux: "arch",
  rockylinux: "rocky",
  voidlinux: "void",
  "alma-linux": "alma",
  "rocky-linux": "rocky",
  nix: "nixos",
};

/** The word `create` takes for one that it doesn't take; `undefined` where none is known. */
export function wordFor(shown: string): Distro | undefined {
  return Object.hasOwn(SHOWN_AS, shown) ? SHOWN_AS[shown] : undefined;
}

/** Whether a version can stand behind a distribution: `bookworm`, `24.04`. */
export function isVersion(word: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(word);
}
