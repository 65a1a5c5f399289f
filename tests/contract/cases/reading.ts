import * as ask from "../asks.ts";
import {
  beside,
  breaks,
  fails,
  makes,
  missing,
  on,
  onWords,
  refuses,
  row,
  says,
  shows,
  SILENT,
  stopped,
  two,
  web,
} from "../case.ts";
import { details, facts, infoText, listText, observed } from "../records.ts";

const UNREADABLE = ["ORB_LIST_UNREADABLE", null, null, "fail"] as const;
const NO_SERVICE = ["ORB_SERVICE_STOPPED", "service starting", "nothing"] as const;

/** Sections 3.2 to 3.4: `list`, `info`, `default`. */
export const READING = [
  row("3.2", "prints an empty array", [[], "list --format=json"], says("[]\n"), makes(ask.observe(), observed())),
  row("3.2", "prints every machine as JSON", [web, "list -f json"], shows('  {\n    "id": "01'), {
    ...on(says(listText("web")), makes(ask.observe(), observed(facts("web")))),
  }),
  row("3.2", "prints header and underline when empty", [[], "list"], {
    ...says("NAME  STATE  DISTRO  VERSION  ARCH  SIZE  IP\n----  -----  ------  -------  ----  ----  --\n"),
  }),
  row(
    "3.2",
    "had fewer columns in 1.9.2",
    [[], "list"],
    {
      ...says("NAME  STATE  DISTRO  VERSION  ARCH\n----  -----  ------  -------  ----\n"),
    },
    { version: "1.9.2" },
  ),
  row(
    "3.2",
    "had a column for the size in 1.11.1",
    [[], "list"],
    {
      ...says("NAME  STATE  DISTRO  VERSION  ARCH  SIZE\n----  -----  ------  -------  ----  ----\n"),
    },
    { version: "1.11.1" },
  ),
  row("3.2", "prints names one a line", [two, "list --quiet"], says("a\nweb\n")),
  row("3.2", "prints running names only", [[...two, "stop web"], "list -qr"], says("a\n")),
  row("3.2", "takes -r and -q apart", [[...two, "stop web"], "list -r -q"], says("a\n")),
  row("3.2", "prints running machines as JSON", [stopped, "list -r -f json"], says("[]\n")),
  row("3.2", "shows no builtin", [[...web, "start docker"], "list -q"], says("web\n")),
  row("3.2", "refuses an unknown format", [[], "list -f yaml"], refuses),
  ...["", "null\n", "{}\n", "[\n  {\n", "rubbish\n", '[{"name": "web"}]\n'].map((stdout) =>
    row(
      "3.2",
      "never means no machines by an empty or broken body",
      [[...web, "sim fault set list-null"], "list -f json"],
      says("null\n"),
      {
        ...on(says(stdout), breaks(ask.observe(), ...UNREADABLE)),
      },
    ),
  ),
  row("3.2", "starts a stopped service", [[...web, "stop"], "list -q"], says("web\n"), {
    leaves: [["status", says("Running\n")]],
  }),
  row("3.3", "shows one machine by its name", [web, "info web -f json"], shows('{\n  "record": {\n    "id": "01'), {
    ...on(says(infoText("web")), makes(ask.inspect("web"), details("web"))),
  }),
  row(
    "3.3",
    "has no address of a stopped machine",
    [stopped, "info -f json web"],
    { exitCode: 0, stderr: "" },
    {
      ...on(
        says(infoText("web", { state: "stopped" }, {})),
        makes(ask.inspect("web"), { ...facts("web", { state: "stopped" }), diskUsedBytes: "SIZE" }),
      ),
    },
  ),
  row(
    "3.3",
    "may have empty addresses of a stopped machine",
    [stopped, "info -f json web"],
    { exitCode: 0, stderr: "" },
    {
      ...on(
        says(infoText("web", { state: "stopped" }, { ip4: "", ip6: "" })),
        makes(ask.inspect("web"), { ...facts("web", { state: "stopped" }), diskUsedBytes: "SIZE" }),
      ),
    },
  ),
  row(
    "3.3",
    "says byte for byte what is missing",
    [[], "info nope -f json"],
    missing("nope"),
    makes(ask.inspect("nope")),
  ),
  row("3.3", "says so by the flag's other place too", [[], "info -f json nope"], missing("nope"), {
    ...makes(ask.inspectId("nope")),
  }),
  row("3.3", "says so in text too", [[], "info X"], missing("X")),
  row("3.3", "shows docker, which is not listed", [[], "info docker"], { exitCode: 0, stderr: "" }),
  row("3.3", "shows docker as JSON", [[], "info docker -f json"], shows('"id": "01GQQVF6C60000000000DOCKER"')),
  row("3.3", "shows switches in text", [["create ubuntu w --isolated"], "info w"], {
    ...shows("isolated: true\nisolate_network: false\nforward_ssh_agent: false\n"),
  }),
  row("3.3", "wants a name", [[], "info"], fails("Error: accepts 1 arg(s), received 0")),
  row("3.4", "prints the default alone", [[...web, "default web"], "default"], says("web\n"), {
    ...beside(
      { list: listText("web") },
      makes(ask.observe({ default: true }), { ...observed(facts("web")), default: "web" }),
    ),
  }),
  row("3.4", "sets a default silently", [web, "default web"], SILENT, {
    leaves: [["default", says("web\n")]],
    ...makes(ask.setDefault("web")),
  }),
  row("3.4", "clears it silently", [[...web, "default web"], "default none"], SILENT, {
    leaves: [["default", SILENT]],
    ...makes(ask.setDefault(null)),
  }),
  row("3.4", "refuses a default that isn't there", [[], "default nope"], missing("nope"), {
    ...breaks(ask.setDefault("nope"), "ORB_MACHINE_NOT_FOUND", "not found", "refused", "fail"),
  }),
  row("3.4", "forgets a deleted default", [[...web, "default web", "delete -f web"], "default"], SILENT),
  row(
    "3.4",
    "can't be asked while the service is down",
    [[...web, "stop"], "default"],
    {
      ...fails("start VM: timed out waiting for VM to start"),
    },
    {
      faults: "stopped-fails",
      ...onWords(
        fails("start VM: timed out waiting for VM to start"),
        breaks(ask.observe({ default: true }), ...NO_SERVICE, "again"),
      ),
    },
  ),
];
