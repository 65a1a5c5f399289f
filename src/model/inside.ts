/** What lies inside a machine: what is found there, and what a stack asks of it once its references are known. */
import type { Json } from "./json.ts";

/** The types of resources inside a machine, as in addresses. */
export const INSIDE_TYPES = ["file", "directory", "packages", "service", "user", "command"] as const;

/** One of {@link INSIDE_TYPES}. */
export type InsideType = (typeof INSIDE_TYPES)[number];

/** Whether a resource, or its type, is of something inside a machine. */
export function isInsideType(type: string): type is InsideType {
  return INSIDE_TYPES.some((each) => each === type);
}

/** What stands at a path. */
export type PathKind = "absent" | "file" | "directory" | "symlink" | "other";

/** Who owns a path and who may do what with it. Absent parts: not asked, or nothing is there. */
export interface PathRights {
  /** Permission bits: 0o644. */
  readonly mode?: number;
  /** By name; by number where it has none, or where it is asked for by number. */
  readonly owner?: string;
  readonly group?: string;
}

/** A file as it is. */
export interface FileFacts extends PathRights {
  readonly type: "file";
  readonly kind: PathKind;
  /** Hex SHA-256 of the content. */
  readonly digest?: string;
  /** Bytes. */
  readonly size?: number;
  /** The content, where it differs from what is wanted, is UTF-8 text, and has at most 64 KiB: for showing the difference. */
  readonly text?: string;
}

/** A directory as it is. */
export interface DirectoryFacts extends PathRights {
  readonly type: "directory";
  readonly kind: PathKind;
  /** It has nothing in it. */
  readonly isEmpty?: boolean;
}

/** The package managers that are known. */
export type PackageManager = "apt" | "dnf" | "apk" | "pacman" | "zypper" | "xbps";

/** Packages as they are. */
export interface PackagesFacts {
  readonly type: "packages";
  readonly manager: PackageManager;
  /** By name: the version that is installed, or `null`. Of every name that was asked for. */
  readonly installed: { readonly [name: string]: string | null };
  /** By name: a version that the manager would install instead; only of those asked for as `latest`. */
  readonly newer: { readonly [name: string]: string };
}

/** The service managers that are known. */
export type ServiceManager = "systemd" | "openrc" | "runit";

/** A service as it is. */
export interface ServiceFacts {
  readonly type: "service";
  readonly manager: ServiceManager;
  /** There is such a service. */
  readonly exists: boolean;
  readonly running: boolean;
  /** It is started with the machine. */
  readonly enabled: boolean;
}

/** A user as it is. */
export interface UserFacts {
  readonly type: "user";
  readonly exists: boolean;
  /** The number it has there. Absent: it is not known; an earlier version did not look. */
  readonly uid?: number;
  readonly shell?: string;
  readonly home?: string;
  /** Supplementary groups, sorted. */
  readonly groups?: readonly string[];
  /** Lines of `~/.ssh/authorized_keys` that are keys, as they stand there. */
  readonly authorizedKeys?: readonly string[];
}

/** What a command's conditions say. Absent: not asked. */
export interface CommandFacts {
  readonly type: "command";
  /** The path of `creates` is there. */
  readonly created?: boolean;
  /** The command of `unless` ended well. */
  readonly unless?: boolean;
  /** The command of `onlyIf` ended well. */
  readonly onlyIf?: boolean;
  /** The attempt whose end nobody had heard has ended well. */
  readonly done?: boolean;
}

/** A script that was begun inside a machine: by this the machine can be asked how it ended. */
export interface BegunScript {
  readonly token: string;
  /** The boot of the machine that it was begun in: with that goes what is known of it. */
  readonly boot: string;
}

/** Whether a text may be the token of a script. */
export function isToken(text: string): boolean {
  return /^[\w-]{12,64}$/.test(text);
}

/** Whether a text may name a boot. */
export function isBoot(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text);
}

/** Nothing can be told or done there: no package manager that is known, no service manager. */
export interface Unavailable {
  readonly type: "unavailable";
  /** A sentence for people. */
  readonly why: string;
}

/** What was found inside a machine for one resource. */
export type InsideFacts =
  | FileFacts
  | DirectoryFacts
  | PackagesFacts
  | ServiceFacts
  | UserFacts
  | CommandFacts
  | Unavailable;

/** A file as it is to be. The content itself is carried apart: it may be large, or secret. */
export interface FileWish extends PathRights {
  readonly type: "file";
  /** Absolute. */
  readonly path: string;
  /** Hex SHA-256 of the content. */
  readonly digest: string;
}

/** A directory as it is to be. */
export interface DirectoryWish extends PathRights {
  readonly type: "directory";
  /** Absolute. */
  readonly path: string;
}

/** Packages as they are to be. */
export interface PackagesWish {
  readonly type: "packages";
  /** By name: `present` in whatever version, `latest`, or the version it is pinned to. */
  readonly install: { readonly [name: string]: string };
  /** Names of packages that are not to be there. */
  readonly remove: readonly string[];
}

/** Packages that were installed because they were asked for: they are known not to have been there before. */
export function ownPackages({
  inputs,
  original,
}: {
  readonly inputs: InsideWish;
  readonly original: InsideFacts;
}): readonly string[] {
  if (inputs.type !== "packages") return [];
  const before = original.type === "packages" ? original.installed : {};
  // Of whom nothing is known, nobody of ours installed it.
  return Object.keys(inputs.install).filter((name) => before[name] === null);
}

/** A service as it is to be. Absent: not managed. */
export interface ServiceWish {
  readonly type: "service";
  readonly name: string;
  readonly running?: boolean;
  readonly enabled?: boolean;
}

/** A user as it is to be. Absent: not managed. */
export interface UserWish {
  readonly type: "user";
  readonly name: string;
  readonly shell?: string;
  readonly home?: string;
  /** Supplementary groups, all of them; made where they are missing. */
  readonly groups?: readonly string[];
  /** All keys that may log in. */
  readonly authorizedKeys?: readonly string[];
}

/** A command and when it is run. */
export interface CommandWish {
  readonly type: "command";
  /** argv, no shell; or one text for `sh -c`. */
  readonly run: readonly string[] | string;
  readonly user?: string;
  readonly workdir?: string;
  /** Not run where this path is there. */
  readonly creates?: string;
  /** Not run where this ends well. */
  readonly unless?: readonly string[] | string;
  /** Run only where this ends well. */
  readonly onlyIf?: readonly string[] | string;
  /** Run again when any of these is another. */
  readonly triggers?: Json;
}

/** What a machine is asked of a command. */
export interface CommandQuestion extends CommandWish {
  /** The attempt whose end nobody has heard. */
  readonly begun?: BegunScript;
}

/** What a stack asks of one resource inside a machine, with its references known. Plain JSON. */
export type InsideWish = FileWish | DirectoryWish | PackagesWish | ServiceWish | UserWish | CommandWish;

/** What a machine is asked about. */
export type InsideQuestion = Exclude<InsideWish, CommandWish> | CommandQuestion;

/** What is to be taken away again inside a machine, and what it was when it was put there. Commands leave nothing. */
export type InsideRemoval =
  /** Only where the file still has this digest. */
  | { readonly type: "file"; readonly path: string; readonly digest: string }
  /** Only where nothing is in it. */
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "packages"; readonly manager: PackageManager; readonly names: readonly string[] }
  /** How it was before; absent: left as it is. */
  | {
      readonly type: "service";
      readonly manager: ServiceManager;
      readonly name: string;
      readonly running?: boolean;
      readonly enabled?: boolean;
    }
  /** The home stays. `uid`: only where the user still has this number. */
  | { readonly type: "user"; readonly name: string; readonly uid?: number };
