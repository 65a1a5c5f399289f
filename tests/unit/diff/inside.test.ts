import { describe, expect, it } from "vitest";
import { askedCount, insideDifferences } from "../../../src/diff/inside.ts";
import { address } from "../../../src/model/address.ts";
import type { CommandWish, InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";

const FILE = { type: "file", path: "/a", digest: "aa", mode: 0o44, owner: "ada", group: "www" } as const;
const FOLDER = { type: "directory", path: "/a", mode: 0o755, owner: "ada" } as const;
const PACKAGES = {
  type: "packages",
  install: { present: "present", latest: "latest", pinned: "1.2" },
  remove: ["gone"],
} as const;
const SERVICE = { type: "service", name: "nginx", running: true } as const;
const USER = { type: "user", name: "ada", shell: "/bin/sh", groups: ["www"], authorizedKeys: [] } as const;
const COMMAND = { type: "command", run: "make", triggers: 1, creates: "/made", unless: "test" } as const;
const rights = { mode: 0o44, owner: "ada", group: "www" };

const here = (installed: { readonly [name: string]: string | null }, newer = {}): InsideFacts => ({
  type: "packages",
  manager: "apt",
  installed: { present: null, latest: null, pinned: null, gone: null, ...installed },
  newer,
});

function ran(inputs: CommandWish, more: Partial<InsideResource> = {}): InsideResource {
  return {
    type: "command",
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    on: address("machine", "web"),
    machine: machineId("01K742SG004B5E57F6EB2F42B9"),
    inputs,
    seen: { type: "command" },
    original: { type: "command" },
    ...more,
  };
}

type Row = readonly [
  what: string,
  wish: InsideWish,
  facts: InsideFacts,
  prior: InsideResource | undefined,
  told: string,
];

const ALL_OF_FILE = "+path=/a +content=sha256:aa +mode=0044 +owner=ada +group=www";
const ALL_OF_USER = "+name=ada +shell=/bin/sh +groups=www";
const ALL_OF_COMMAND = "+run=make +triggers=1 +creates=/made +unless=test";

const ROWS: readonly Row[] = [
  ["a file that is so", FILE, { type: "file", kind: "file", digest: "aa", ...rights }, undefined, ""],
  ["a file that is not there", FILE, { type: "file", kind: "absent" }, undefined, ALL_OF_FILE],
  ["a file that nobody could look at", FILE, { type: "unavailable", why: "x" }, undefined, ALL_OF_FILE],
  [
    "a file that is another",
    FILE,
    { type: "file", kind: "file", digest: "bb", mode: 0o755, owner: "root", group: "root" },
    undefined,
    "content:sha256:bb>sha256:aa mode:0755>0044 owner:root>ada group:root>www",
  ],
  [
    "a file whose text is known",
    FILE,
    { type: "file", kind: "file", digest: "bb", text: "b", ...rights },
    undefined,
    "content:b>sha256:aa",
  ],
  [
    "a link where a file should be",
    FILE,
    { type: "file", kind: "symlink", ...rights },
    undefined,
    "kind:symlink>file +content=sha256:aa",
  ],
  [
    "a file whose rights are not known",
    FILE,
    { type: "file", kind: "file", digest: "aa", owner: "ada", group: "www" },
    undefined,
    "+mode=0044",
  ],
  [
    "a file of which no rights are asked",
    { type: "file", path: "/a", digest: "aa" },
    { type: "file", kind: "file", digest: "aa", ...rights },
    undefined,
    "",
  ],
  [
    "a folder that is so",
    FOLDER,
    { type: "directory", kind: "directory", mode: 0o755, owner: "ada", group: "any" },
    undefined,
    "",
  ],
  [
    "a folder that is not there",
    FOLDER,
    { type: "directory", kind: "absent" },
    undefined,
    "+path=/a +mode=0755 +owner=ada",
  ],
  [
    "a folder of facts about something else",
    FOLDER,
    { type: "file", kind: "absent" },
    undefined,
    "+path=/a +mode=0755 +owner=ada",
  ],
  [
    "a file where a folder should be",
    FOLDER,
    { type: "directory", kind: "file", mode: 0o755, owner: "bob" },
    undefined,
    "kind:file>directory owner:bob>ada",
  ],
  ["packages that are so", PACKAGES, here({ present: "1", latest: "2", pinned: "1.2" }), undefined, ""],
  [
    "packages that are not there",
    PACKAGES,
    here({}),
    undefined,
    "+install.present=present +install.latest=latest +install.pinned=1.2",
  ],
  [
    "packages that are old, or should not be there",
    PACKAGES,
    here({ present: "1", latest: "2", pinned: "1.1", gone: "3" }, { present: "2", latest: "3", pinned: "1.3" }),
    undefined,
    "install.latest:2>3 install.pinned:1.1>1.2 -install.gone=3",
  ],
  [
    "packages where nobody could look",
    { ...PACKAGES, remove: [] },
    { type: "unavailable", why: "x" },
    undefined,
    "+install={…}",
  ],
  [
    "a service that is so",
    SERVICE,
    { type: "service", manager: "systemd", exists: true, running: true, enabled: false },
    undefined,
    "",
  ],
  [
    "a service that is not",
    { ...SERVICE, enabled: true },
    { type: "service", manager: "systemd", exists: true, running: false, enabled: false },
    undefined,
    "running:false>true enabled:false>true",
  ],
  [
    "a service where nobody could look",
    SERVICE,
    { type: "unavailable", why: "x" },
    undefined,
    "+name=nginx +running=true",
  ],
  [
    "a user who is so",
    USER,
    { type: "user", exists: true, shell: "/bin/sh", home: "/home/ada", groups: ["www"] },
    undefined,
    "",
  ],
  ["a user who does not exist", USER, { type: "user", exists: false, shell: "/bin/sh" }, undefined, ALL_OF_USER],
  ["a user where nobody could look", USER, { type: "unavailable", why: "x" }, undefined, ALL_OF_USER],
  [
    "a user who is another",
    { ...USER, home: "/srv" },
    { type: "user", exists: true, shell: "/bin/zsh", home: "/home/ada", authorizedKeys: ["k"] },
    undefined,
    "shell:/bin/zsh>/bin/sh home:/home/ada>/srv +groups=www authorizedKeys:k>",
  ],
  ["a command that never ran", COMMAND, { type: "command" }, undefined, ALL_OF_COMMAND],
  ["a command where nobody could look", COMMAND, { type: "unavailable", why: "x" }, ran(COMMAND), ALL_OF_COMMAND],
  ["a command that ran", COMMAND, { type: "command" }, ran(COMMAND), ""],
  [
    "a command whose end is not known",
    COMMAND,
    { type: "command" },
    ran(COMMAND, { unfinished: true }),
    ALL_OF_COMMAND,
  ],
  ["a command that is another", { ...COMMAND, triggers: 2 }, { type: "command" }, ran(COMMAND), "triggers:1>2"],
  ["a command that runs something else", { ...COMMAND, run: "go" }, { type: "command" }, ran(COMMAND), "run:make>go"],
  ["a command whose work is there", { ...COMMAND, triggers: 2 }, { type: "command", created: true }, undefined, ""],
  ["a command that has nothing to do", COMMAND, { type: "command", unless: true }, undefined, ""],
  ["a command whose time has not come", COMMAND, { type: "command", onlyIf: false }, undefined, ""],
  ["a command whose time has come", COMMAND, { type: "command", onlyIf: true }, undefined, ALL_OF_COMMAND],
  ["a command whose work is gone", COMMAND, { type: "command", created: false }, ran(COMMAND), "+creates=/made"],
  [
    "a command that has something to do again",
    COMMAND,
    { type: "command", unless: false },
    ran(COMMAND),
    "+unless=test",
  ],
];

const word = (value: unknown): string =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? "{…}" : String(value);

function told(pair: Parameters<typeof insideDifferences>[0]): string {
  const all = insideDifferences(pair).map(({ path, before, after }) => {
    if (before === undefined) return `+${path}=${word(after)}`;
    return after === undefined ? `-${path}=${word(before)}` : `${path}:${word(before)}>${word(after)}`;
  });
  return all.join(" ");
}

describe("how something inside a machine differs from what is asked", () => {
  it.each(ROWS)("%s", (_, wish, facts, prior, expected) => {
    expect(told({ wish, facts, prior })).toBe(expected);
  });

  it("counts what is asked, but nothing that is empty", () => {
    expect([FILE, PACKAGES, USER].map(askedCount)).toEqual([5, 2, 3]);
  });
});
