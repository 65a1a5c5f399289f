/** What authors write of things inside machines. */
import type { LifecycleInput } from "./lifecycle-input.ts";
import type { Machine } from "./machine.ts";
import type { Ref } from "./ref.ts";

/** Text of which parts may be references. */
export type Text = string | Ref<string> | Ref<number>;

/** Data with references in it. */
export type Data = null | boolean | number | string | Ref<unknown> | readonly Data[] | { readonly [key: string]: Data };

/** A lifecycle of something inside a machine: there is nothing of it to be made first. */
export type InsideLifecycle<P extends string> = Omit<LifecycleInput<P>, "createBeforeDestroy" | "replaceWhen">;

interface Inside<P extends string> {
  /** The machine of the stack that it lies in. */
  readonly on: Machine;
  readonly lifecycle?: InsideLifecycle<P> | undefined;
}

interface Owned {
  /** Permission bits, 0 to 0o7777: `0o644` or `"0644"`. Absent: as they are; of what is made, as the machine makes it. */
  readonly mode?: number | string | undefined;
  /** A user inside the machine, by name or number. Absent: as it is; of what is made, root. */
  readonly owner?: string | undefined;
  /** A group inside the machine, by name or number. Absent: as it is; of what is made, root. */
  readonly group?: string | undefined;
}

/** A file: exactly one of `content` and `source`. */
export type FileInput = Inside<"content" | "mode" | "owner" | "group"> &
  Owned & {
    /** Absolute path inside the machine. Its folder must be there: see `directory`. */
    readonly path: string;
    /** Neither plans nor reports show what is in it; plans and state keep a salted digest of it. @default false */
    readonly sensitive?: boolean | undefined;
  } & (
    | { /** What is in it, as UTF-8. */ readonly content: Text; readonly source?: never }
    | {
        /** A file on this computer, seen from the project's folder. */ readonly source: string;
        readonly content?: never;
      }
  );

/** A folder inside a machine. */
export interface DirectoryInput extends Inside<"mode" | "owner" | "group">, Owned {
  /** Absolute path inside the machine. Its folder must be there: a resource of its own, or `command`. */
  readonly path: string;
}

/** Packages of a machine's own package manager: apt, dnf, apk, pacman, zypper or xbps. */
export interface PackagesInput extends Inside<"install" | "remove"> {
  /** Names; or by name `"present"`, `"latest"`, or the version it is pinned to. */
  readonly install?: readonly string[] | { readonly [name: string]: string } | undefined;
  /** Names of packages that are not to be there. */
  readonly remove?: readonly string[] | undefined;
}

/** A service of a machine's own service manager: systemd, OpenRC or runit. */
export interface ServiceInput extends Inside<"running" | "enabled"> {
  readonly name: string;
  /** @default true */
  readonly running?: boolean | undefined;
  /** Whether it is started with the machine. @default true */
  readonly enabled?: boolean | undefined;
  /** It is restarted after any of these has changed; they come before it. */
  readonly restartOn?: readonly InsideHandle[] | undefined;
}

/** A user inside a machine. */
export interface UserInput extends Inside<"shell" | "home" | "groups" | "authorizedKeys"> {
  readonly name: string;
  /** Absolute path. Absent: as it is; of one that is made, as the machine makes it. */
  readonly shell?: string | undefined;
  /** Absolute path. Absent: as it is; of one that is made, as the machine makes it. */
  readonly home?: string | undefined;
  /** Supplementary groups, all of them; made where they are missing. */
  readonly groups?: readonly string[] | undefined;
  /** Public keys that may log in, all of them. */
  readonly authorizedKeys?: readonly Text[] | undefined;
}

/** A command that is run once, and again when it or its triggers change. */
export interface CommandInput extends Inside<"run" | "triggers"> {
  /** argv, no shell; or one text for `sh -c`. */
  readonly run: readonly Text[] | Text;
  /** Who runs it. @default "root" */
  readonly user?: string | undefined;
  /** Absolute path. @default "/" */
  readonly workdir?: string | undefined;
  /** Absolute path of what it makes: where that is there it is not run, where it is gone it is run again. */
  readonly creates?: string | undefined;
  /** Where this ends well it is not run, else it is run again. */
  readonly unless?: readonly string[] | string | undefined;
  /** It is run only where this ends well. */
  readonly onlyIf?: readonly string[] | string | undefined;
  /** It is run again when any of this is another. */
  readonly triggers?: Data | undefined;
}

/** Anything inside a machine. */
export interface InsideHandle {
  readonly "~orbform": "file" | "directory" | "packages" | "service" | "user" | "command";
}
