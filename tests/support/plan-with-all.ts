/** A plan, as it is read from its file, with every kind of action, state and resource, and all that each may have. */

const ref = { "~orbform": "ref", address: "machine.db", property: "ip4" };
const text = { "~orbform": "concat", parts: ["http://", ref] };
const target = { address: "machine.web", id: "01A" };
const made = { address: "machine.web", id: null };
const digest = "sha256:00";
const place = { file: "orb.stack.ts", line: 3, column: 0 };

const lifecycle = {
  preventDestroy: true,
  ignoreChanges: ["cpus"],
  replaceWhen: [ref, { image: [text] }],
  createBeforeDestroy: false,
  aliases: ["machine.old"],
  retain: false,
  timeoutsMs: { create: 1000 },
  retries: 3,
};
const ready = {
  answers: { kind: "answers", timeoutMs: 60_000 },
  "cloud-init": { kind: "cloud-init", timeoutMs: 60_000 },
  command: { kind: "command", command: ["true"], user: "ada", timeoutMs: 1 },
  tcp: { kind: "tcp", port: 22, timeoutMs: 1 },
};
const settings = {
  cpus: 2,
  memoryMiB: null,
  diskBytes: ref,
  httpPort: 80,
  httpsPort: 443,
  isolated: false,
  isolateNetwork: true,
  forwardSshAgent: true,
  user: "me",
  mounts: ["/a"],
};
const seenSettings = { ...settings, memoryMiB: 0, diskBytes: 0 };

const facts = {
  file: { type: "file", kind: "file", mode: 420, owner: "root", group: "root", digest: "00", size: 3 },
  directory: { type: "directory", kind: "directory", mode: 493, owner: "root", group: "root", isEmpty: true },
  packages: { type: "packages", manager: "apt", installed: { jq: null, curl: "8" }, newer: { curl: "9" } },
  service: { type: "service", manager: "systemd", exists: true, running: true, enabled: false },
  user: {
    type: "user",
    exists: true,
    uid: 1000,
    shell: "/bin/sh",
    home: "/home/ada",
    groups: ["adm"],
    authorizedKeys: ["ssh-x"],
  },
  command: { type: "command", created: true, unless: false, onlyIf: true },
  unavailable: { type: "unavailable", why: "There is no service manager." },
};
const wishes = {
  file: { type: "file", path: "/srv/page", digest: "00" },
  directory: { type: "directory", path: "/srv" },
  packages: { type: "packages", install: { jq: "present" }, remove: [] },
  service: { type: "service", name: "nginx", running: true },
  user: { type: "user", name: "ada" },
  command: { type: "command", run: "true" },
};

const acted: readonly { readonly kind: string; readonly [field: string]: unknown }[] = [
  {
    kind: "create",
    name: "web",
    distro: "debian",
    version: "trixie",
    arch: "arm64",
    cloudInit: { text },
    settings,
    ready: ready.command,
    identity: "keep",
  },
  { kind: "clone", name: "web", source: target },
  { kind: "restore", name: "web", path: "a.tar.zst", digest },
  { kind: "rename", target, from: "web", to: "www", temporary: false },
  { kind: "start", target, ready: ready.tcp, identity: "fresh" },
  { kind: "restart", target: made, ready: ready["cloud-init"], identity: "keep" },
  { kind: "stop", target },
  { kind: "config", target, settings, before: seenSettings, needsRestart: true },
  { kind: "run", subject: "command", target, properties: { run: [text] }, before: facts.command, restart: false },
  { kind: "export", target, dir: "backups" },
  { kind: "write", subject: "setting", key: "memory_mib", value: ref, before: "8192" },
  {
    kind: "write",
    subject: "file",
    target,
    properties: { path: "/srv/page" },
    before: facts.file,
    restart: false,
    quiet: true,
  },
  { kind: "write", subject: "directory", target, properties: {}, before: facts.directory, restart: false },
  { kind: "write", subject: "packages", target, properties: {}, before: facts.packages, restart: false },
  { kind: "write", subject: "service", target, properties: {}, before: facts.service, restart: true },
  { kind: "write", subject: "user", target, properties: {}, before: facts.user, restart: false },
  { kind: "remove", subject: "setting", key: "memory_mib", value: null, before: null },
  { kind: "remove", subject: "archive", dir: "backups", series: "s" },
  {
    kind: "remove",
    subject: "service",
    target,
    properties: {},
    before: facts.unavailable,
    restart: false,
    quiet: true,
  },
  { kind: "set-default", target },
  { kind: "delete", target, name: "web", temporaryName: "web-orbform-del-1", deposed: true, replacing: false },
  { kind: "adopt", target, name: "web" },
  { kind: "forget" },
];
const actions = acted.map((each, index) => ({
  id: `machine.web:${index}`,
  address: "machine.web",
  after: index === 0 ? [] : ["machine.web:0"],
  ...(index === 2 && { afterEnd: ["machine.web:1"] }),
  expectedMs: 1.5,
  timeoutMs: 1000,
  retries: 3,
  ...each,
}));

const own = { lifecycle, dependencies: ["machine.db"] };
const settled = {
  "machine.web": {
    ...own,
    type: "machine",
    name: "web",
    origin: { kind: "image", distro: "debian", version: "trixie" },
    arch: "amd64",
    cloudInit: { text },
    settings,
    power: "any",
    default: true,
    identity: "fresh",
    ready: ready.answers,
    labels: { team: "a" },
    groups: ["web"],
    place,
  },
  "setting.memory_mib": { ...own, type: "setting", key: "memory_mib", value: text, onRemove: "keep", place },
  "archive.a": {
    ...own,
    type: "archive",
    of: "machine.web",
    dir: "b",
    keep: { last: 1, daily: 2, weekly: 3, monthly: 4 },
    triggers: [ref],
    verify: false,
    place,
  },
  "file.page": {
    ...own,
    type: "file",
    on: "machine.web",
    properties: { content: text },
    restartOn: ["file.conf"],
    sensitive: true,
    place,
  },
};
const origins = {
  "machine.clone": { kind: "clone", of: { kind: "address", address: "machine.web" } },
  "machine.other": { kind: "clone", of: { kind: "existing", name: "theirs" } },
  "machine.back": { kind: "restore", path: "a.tar.zst", digest },
};

const kept = { revision: 2, lifecycle: { ...lifecycle, later: 1 }, dependencies: ["machine.db"] };
const inputs = {
  name: "web",
  origin: { kind: "image" },
  settings: { cpus: 2 },
  ready: { kind: "answers" },
  labels: { team: "a" },
  groups: [],
};
const machine = {
  ...kept,
  type: "machine",
  id: "01A",
  name: "web",
  inputs,
  made: seenSettings,
  seen: {
    settings: seenSettings,
    power: "running",
    image: { distro: "debian", version: "trixie", arch: "arm64", variant: "default" },
  },
  clamped: { cpus: 8 },
  status: "unready",
  unready: { reason: "failed", detail: "late", byHand: true },
  restartPending: true,
  identityOwed: true,
  halfDeleted: "web-orbform-del-1",
  returnTo: "stopped",
  pending: { action: "clone", name: "web", at: 1, timeoutMs: 2, expected: {}, knownIds: ["01B"], inputs },
};
const refreshed = {
  "machine.web": { ...machine, deposed: [{ id: "01B", name: "old", was: { ...machine, status: "ready" } }] },
  "machine.gone": null,
  "setting.memory_mib": {
    ...kept,
    type: "setting",
    inputs: { key: "memory_mib", value: 1, onRemove: "restore" },
    original: "8",
    seen: "9",
    got: "10",
  },
  "archive.a": {
    ...kept,
    type: "archive",
    inputs: {
      of: "machine.web",
      dir: "b",
      keep: { last: 1, daily: 2, weekly: 3, monthly: 4 },
      triggers: 1,
      verify: true,
    },
    series: "s",
    made: {
      machine: "01A",
      name: "web",
      dir: "b",
      file: "web.tar.zst",
      sha256: "00",
      sizeBytes: 1,
      createdAt: "2026",
      madeBy: "orbform",
    },
    unfinished: true,
  },
  ...Object.fromEntries(
    (["file", "directory", "packages", "service", "user", "command"] as const).map((type) => {
      const inside = {
        ...kept,
        type,
        on: "machine.web",
        machine: "01A",
        inputs: wishes[type],
        seen: facts[type],
        original: facts[type],
      };
      const more = { startedWith: { "file.conf": 1 }, unfinished: true, former: "00" };
      return [`${type}.a`, type === "file" ? { ...inside, ...more, was: { ...inside, ...more } } : inside];
    }),
  ),
};

export const PLAN_WITH_ALL = {
  format: 1,
  mode: "normal",
  stack: "dev",
  env: "test",
  world: { driver: "orbctl", host: "h" },
  lineage: "l",
  serial: 3,
  changes: [
    {
      address: "machine.web",
      type: "machine",
      action: "replace",
      createBeforeDestroy: false,
      reason: "replace: property",
      name: "web",
      previousAddress: "machine.old",
      recovered: false,
      attributes: [
        { path: "cpus", before: 1, after: { "~orbform": "unknown" }, forcesReplacement: true, note: "restarts" },
      ],
      unchanged: 3,
      actions: ["machine.web:0"],
      notes: ["in machine.web"],
    },
  ],
  drift: [
    {
      address: "machine.web",
      name: "web",
      kind: "changed",
      attributes: [{ path: "cpus", forcesReplacement: false }],
      folded: false,
    },
  ],
  actions,
  refreshed,
  settled: Object.fromEntries([
    ...Object.entries(settled).map(([address, each]) => [address, { address, ...each }]),
    ...Object.entries(origins).map(([address, origin]) => [address, { address, ...settled["machine.web"], origin }]),
  ]),
  outputs: { ip: { value: ref, sensitive: false } },
  outputChanges: [{ name: "ip", before: "a", after: { "~orbform": "unknown" }, sensitive: true }],
  diagnostics: [
    { severity: "warning", code: "ORB_TARGETED", summary: "s", detail: "d", hint: "h", address: "machine.web", place },
  ],
  allGone: false,
  summary: { add: 1, change: 0, destroy: 1, forget: 0, adopt: 0 },
};
