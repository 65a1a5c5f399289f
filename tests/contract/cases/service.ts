import * as ask from "../asks.ts";
import { breaks, fails, makes, on, refuses, row, says, shows, SILENT, web } from "../case.ts";
import { observed } from "../records.ts";

const NO_SERVICE = ["ORB_SERVICE_STOPPED", "service starting", "nothing"] as const;
const REPORT = "Review report contents before uploading [y/N]?";
const RESET =
  "WARNING: This will PERMANENTLY DELETE ALL DOCKER AND LINUX DATA!\nThis cannot be undone.\n\nAre you sure you want to continue [y/N]? ";
const able = (version: string, limits: boolean, isolation: boolean): object => ({
  version,
  limits,
  isolation,
  cloneNeedsStop: false,
});

/** Section 3.16. */
export const SERVICE = [
  row("3.16", "prints Running", [[], "status"], says("Running\n"), makes(ask.observe(), observed())),
  row(
    "3.16",
    "prints Starting with 2",
    [[], "status"],
    { stdout: "Starting\n", stderr: "", exitCode: 2 },
    {
      faults: "service-starting",
      ...breaks(ask.observe(), ...NO_SERVICE, "again"),
    },
  ),
  row(
    "3.16",
    "prints Stopped with 1",
    [[], "status"],
    { stdout: "Stopped\n", stderr: "", exitCode: 1 },
    {
      faults: "service-stopped",
      ...breaks(ask.observe(), ...NO_SERVICE, "fail"),
    },
  ),
  row(
    "3.16",
    "does not start OrbStack by status",
    [[...web, "stop", "status"], "status"],
    {
      stdout: "Stopped\n",
      stderr: "",
      exitCode: 1,
    },
    breaks(ask.observe({ settings: true, default: true }), ...NO_SERVICE, "fail"),
  ),
  row("3.16", "takes no machine in status", [web, "status web"], refuses),
  row(
    "3.16",
    "tells its version",
    [[], "version"],
    {
      ...says("Version: 2.2.3 (2020300)\nCommit: 50f93373f351fe839fd72948e6aad032774c0f6c (v2.2.3)\n"),
    },
    makes(ask.capabilities, able("2.2.3", true, true)),
  ),
  row(
    "3.16",
    "tells an older version",
    [[], "version"],
    {
      ...says("Version: 2.1.3 (2010300)\nCommit: 50f93373f351fe839fd72948e6aad032774c0f6c (v2.1.3)\n"),
    },
    { version: "2.1.3", ...makes(ask.capabilities, able("2.1.3", false, true)) },
  ),
  row("3.16", "is current", [[], "update --check"], { exitCode: 0 }),
  row("3.16", "is outdated with 3", [[], "update -c"], { exitCode: 3 }, { faults: "banner" }),
  row("3.16", "finds nothing wrong", [[], "doctor --fix"], { exitCode: 0 }),
  row("3.16", "asks before it reports, and tells its version", [[], "report"], shows(REPORT), {
    stdin: "n\n",
    leaves: [["report", shows("2.2.3")]],
  }),
  row(
    "3.16",
    "asks before it resets",
    [web, "reset"],
    { stdout: RESET },
    { stdin: "n\n", leaves: [["list -q", says("web\n")]] },
  ),
  row(
    "3.16",
    "resets after a yes",
    [web, "reset"],
    { stdout: RESET, exitCode: 0 },
    { stdin: "y\n", leaves: [["list -q", SILENT]] },
  ),
  row("3.16", "resets without asking", [web, "reset -y"], SILENT, {
    leaves: [
      ["list -q", SILENT],
      ["default", SILENT],
    ],
  }),
  row("3.16", "takes a domain to log in", [[], "login --domain example --force"], { exitCode: 0 }),
  row(
    "3.16",
    "draws a box around what it prints",
    [web, "list -q"],
    { stdout: "web\n", exitCode: 0 },
    { faults: "banner" },
  ),
  ...["banner", "banner=stdout", "banner=both"].map((faults) =>
    row(
      "3.16",
      `fails within a box (${faults})`,
      [web, "create ubuntu web"],
      { exitCode: 1 },
      {
        faults,
        ...on(
          fails(
            "\n    ╭───────────╮\n    │ Update!   │\n    ╰───────────╯\n\n[-32098] create 'web': machine already exists: 'web'\n\n    ╭───────────╮\n    │ Update!   │\n    ╰───────────╯\n",
          ),
          breaks(ask.create("web"), "ORB_ALREADY_EXISTS", "already exists", "refused", "taken"),
        ),
      },
    ),
  ),
];
