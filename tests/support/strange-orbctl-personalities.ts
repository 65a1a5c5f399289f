import type { Personality } from "./strange-orbctl.ts";

interface Strange {
  readonly title: string;
  readonly personality: Personality;
  readonly found: "on the PATH" | "by name";
}

/** Chosen so that what the contract leaves open meets in many pairs, not in all. */
export const PERSONALITIES: readonly Strange[] = [
  {
    title: "of 2.2 that omits what is not set",
    found: "on the PATH",
    personality: {
      version: "2.2.3",
      shape: "full",
      limitsInJson: true,
      mountsInJson: true,
      show: "changed",
      showOrder: "reverse",
      rename: "lost",
      boxes: ["out before", "out after", "err before", "err after"],
      noDefault: "words",
      emptyAddresses: true,
      renameBusy: 1,
      provisions: true,
      powerMs: 200,
      lagMs: 600,
      deafMs: 400,
      cloneMs: 100,
      deafWords: "still booting",
      hintOn: "stderr",
    },
  },
  {
    title: "of 2.2.3 that tells little",
    found: "by name",
    personality: {
      version: "2.2.3",
      versionWords: ["", "OrbStack v2.2.3 (build 2020300)"],
      shape: "trimmed",
      compact: true,
      show: "none",
      rename: "left",
      inherits: true,
      noDefault: "error",
      fussy: true,
      powerMs: 500,
      boxes: ["out after"],
      takenWords: "clone target already exists",
      chatty: true,
    },
  },
  {
    title: "of 2.0 with hiccups",
    found: "on the PATH",
    personality: {
      version: "2.0.4",
      shape: "2.0",
      show: "username",
      rename: "left",
      defaultFollows: true,
      noDefault: "blank",
      deleteMs: 800,
      boxes: ["err after"],
      withoutAddress: true,
      flaky: {
        create:
          '[-32098] create: make rootfs: fetch index: get index: Get "https://x": dial tcp 1.2.3.4:443: connect: connection refused',
        clone: "start VM: timed out waiting for VM to start",
        rename: "dial unix /Users/x/.orbstack/run/sconrpc.sock: connect: connection refused",
        start: "start VM: timed out waiting for VM to start",
        stop: "timed out waiting for services to start",
        delete: "start VM: timed out waiting for VM to start",
        config: "dial unix /Users/x/.orbstack/run/sconrpc.sock: connect: connection refused",
      },
    },
  },
  {
    title: "that lists as in 2023",
    found: "by name",
    personality: {
      version: "2.1.0",
      versionWords: ["Version: v2.1.0 (2010000)"],
      shape: "flat",
      infoShape: "2.0",
      compact: true,
      show: "all",
      rename: "lost",
      inherits: true,
      fussy: true,
      chatty: true,
      lagMs: 800,
      deleteMs: 500,
      deleteReturnsLate: true,
      boxes: ["out before"],
      hangs: "ci",
    },
  },
  {
    title: "of tomorrow",
    found: "on the PATH",
    personality: {
      version: "2.4.0",
      shape: "full",
      extra: true,
      listsDocker: true,
      limitsInJson: true,
      show: "all",
      rename: "follow",
      defaultFollows: true,
      clamps: true,
      renameBusy: 1,
      renameBusyWords: "[-32098] resource busy",
      addressless: "ci",
    },
  },
];
