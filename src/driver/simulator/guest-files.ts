/** One path of a machine that differs from how the machine was born; `null`: it is deleted. */
export interface GuestEntry {
  readonly kind: "file" | "directory" | "symlink";
  readonly mode: number;
  /** `user:group`. */
  readonly owner: string;
  /** Epoch ms. */
  readonly mtime: number;
  /** Content in base64; a symlink's target as plain text. */
  readonly content: string;
}

/** What was changed in a machine's file system, and facts that its programs keep. */
export interface GuestFiles {
  /** The boot that `volatile` paths (/tmp, /run) belong to. */
  readonly boot: number;
  readonly entries: { readonly [path: string]: GuestEntry | null };
}
