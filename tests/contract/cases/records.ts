import * as ask from "../asks.ts";
import { breaks, fails, makes, on, onWords, row, says, shows, SILENT, stopped, web } from "../case.ts";
import { facts, infoText, listText, observed, SETTINGS } from "../records.ts";

const LIMITS = {
  config: { default_username: "ada", memory_limit_mib: 2048, cpu_limit: 2, disk_limit_bytes: 42_949_672_960 },
};
const READ_LIMITS = { cpus: 2, memoryMiB: 2048, diskBytes: 42_949_672_960 };
const inState = (state: string): object => observed(facts("web", { state }));

/** Sections 5 and 6. */
export const RECORDS = [
  row("5.1", "shows what a machine was made from", [["create -a amd64 void:current web"], "list -f json"], {
    ...shows('"distro": "voidlinux",\n      "version": "current",\n      "arch": "amd64",\n      "variant": "default"'),
  }),
  row(
    "5.1",
    "shows limits in the record",
    [["create ubuntu web --cpus 2 --memory 2G --disk 40G"], "list -f json"],
    {
      ...shows('"memory_limit_mib": 2048,\n      "cpu_limit": 2,\n      "disk_limit_bytes": 42949672960\n'),
    },
    onWords(
      says(listText("web", LIMITS)),
      makes(ask.observe(), observed(facts("web", { settings: { user: "ada", ...READ_LIMITS } }))),
    ),
  ),
  row(
    "5.1",
    "may show mounts, in a shape that nobody knows",
    [["create ubuntu web --isolated --mount /a:/b"], "list -f json"],
    {
      ...shows('"mounts": ['),
    },
    {
      faults: "mounts-in-json",
      ...onWords(
        says(listText("web", { config: { default_username: "ada", mounts: [{ source: "/a", destination: "/b" }] } })),
        makes(ask.observe(), observed(facts("web", { settings: { user: "ada" } }))),
      ),
    },
  ),
  row(
    "5.1",
    "has an id that is no valid ULID",
    [[], "info docker -f json"],
    shows('"id": "01GQQVF6C60000000000DOCKER"'),
    {
      ...onWords(says(listText("docker", { builtin: true })), makes(ask.observe(), observed())),
    },
  ),
  row("5.1", "keeps the id over a rename", [[...web, "rename web www"], "info ID:www -f json"], shows('"name": "www"')),
  row("5.2", "had a flat record in 2023", [web, "list -f json"], shows('"isolated": false,\n    "builtin": false'), {
    version: "0.14.0",
    ...on(
      says(listText("web", { config: undefined, isolated: false })),
      makes(ask.observe(), observed(facts("web", { settings: { isolated: false } }))),
    ),
  }),
  row("5.2", "had the same flat record for info", [web, "info web -f json"], shows('{\n  "id": "01'), {
    version: "0.14.0",
    ...onWords(
      says(`${JSON.stringify({ id: "A", name: "web", isolated: true, builtin: false, state: "stopped" })}\n`),
      makes(ask.inspect("web"), {
        ...facts("web", { state: "stopped", settings: { isolated: true } }),
        image: { distro: "", version: "", arch: "", variant: "" },
      }),
    ),
  }),
  row(
    "5.2",
    "had two settings in 2.0",
    [web, "list -f json"],
    {
      ...shows('"config": {\n      "isolated": false,\n      "default_username": "ada"\n    }'),
    },
    {
      version: "2.0.4",
      ...on(
        says(listText("web", { config: { isolated: false, default_username: "ada" } })),
        makes(ask.observe(), observed(facts("web", { settings: { user: "ada", isolated: false } }))),
      ),
    },
  ),
  row("5.2", "has six since 2.1", [web, "list -f json"], shows('"https_port": 0\n    }'), {
    version: "2.1.0",
    ...on(says(listText("web")), makes(ask.observe(), observed(facts("web", { settings: SETTINGS })))),
  }),
  row("5.2", "had other addresses before 2.0", [web, "list"], { exitCode: 0, stderr: "" }, { version: "1.9.2" }),
  ...["creating", "provisioning", "starting", "running", "stopping", "stopped", "deleting"].map((state) =>
    row(
      "5.3",
      `tells ${state}`,
      [[...web, `sim set-state web ${state}`], "list -f json"],
      shows(`"state": "${state}"`),
      {
        ...on(says(listText("web", { state })), makes(ask.observe(), inState(state))),
      },
    ),
  ),
  row(
    "5.3",
    "may tell a state that nobody has seen",
    [web, "list -f json"],
    { exitCode: 0 },
    {
      ...onWords(says(listText("web", { state: "failed" })), makes(ask.observe(), inState("unknown"))),
    },
  ),
  row(
    "5.3",
    "read as running in provisioning before 1.9",
    [[...web, "sim set-state web provisioning"], "list -f json"],
    {
      ...shows('"state": "running"'),
    },
    { version: "1.8.1" },
  ),
  row(
    "5.3",
    "loses what is in provisioning at a restart",
    [[...web, "sim set-state web provisioning", "stop"], "start"],
    SILENT,
    {
      leaves: [["list -q", SILENT]],
    },
  ),
  row(
    "5.3",
    "brings a clone straight to stopped",
    [[...web, "clone web two"], "info two -f json"],
    shows('"state": "stopped"'),
    {
      ...onWords(
        says(infoText("two", { state: "stopped" }, {})),
        makes(ask.inspect("two"), { ...facts("two", { state: "stopped" }), diskUsedBytes: "SIZE" }),
      ),
    },
  ),
  row(
    "6",
    "may word a missing machine in another way",
    [stopped, "info nope -f json"],
    { exitCode: 1 },
    {
      ...on(fails("[-32602] no machine found: 'nope'"), makes(ask.inspect("nope"))),
    },
  ),
  row(
    "6",
    "nests messages from outer to inner",
    [[], "create arch:old x"],
    {
      ...fails("[-32098] create 'x': make rootfs: image not found: {archlinux old arm64 default}"),
    },
    breaks(
      ask.create("x", { distro: "arch", version: "old" }),
      "ORB_IMAGE_NOT_FOUND",
      "image not found",
      "refused",
      "fail",
    ),
  ),
];
