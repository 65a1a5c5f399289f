import * as ask from "../asks.ts";
import { beside, fails, type Gives, makes, on, onWords, row, says, SILENT, stopped, web } from "../case.ts";
import { facts, infoText, listText, observed } from "../records.ts";

/** How bare `default` may answer where none is set. */
const NO_DEFAULT: readonly Gives[] = [
  SILENT,
  says("\n"),
  says("none\n"),
  says("No default machine is set.\nSet one with: orb default NAME\n"),
  fails("no default machine"),
  fails("[-32098] no default machine"),
  { stdout: "none\n", stderr: "", exitCode: 1 },
];

/** Addresses of a stopped machine. */
const NO_ADDRESSES: readonly object[] = [{}, { ip4: "", ip6: "" }, { ip4: null, ip6: null }];

/** What `config` of a record may hold of mounts and limits, and what is believed of it. */
const CONFIGS: readonly (readonly [config: object, settings: object])[] = [
  [{ mounts: [] }, { mounts: [] }],
  [{ mounts: ["/a", "/b:/c"] }, { mounts: ["/a", "/b:/c"] }],
  [{ mounts: [{ source: "/a", destination: "/b" }] }, {}],
  [{ mounts: { "/a": "/b" } }, {}],
  [{ mounts: null, cpu_limit: null, memory_limit_mib: null }, {}],
  [
    { cpu_limit: 0, memory_limit_mib: 0, disk_limit_bytes: 0 },
    { cpus: 0, memoryMiB: 0, diskBytes: 0 },
  ],
  [{ cpu_limit: "2", memory_limit_mib: 2.5, disk_limit_bytes: -1 }, { cpus: 2 }],
];

/** How `config show` may print a list of mounts, and an unset limit. */
const SHOWN: readonly (readonly [line: string, settings: object])[] = [
  ["mounts: /a,/b:/c", { mounts: ["/a", "/b:/c"] }],
  ["mounts: /a, /b:/c", { mounts: ["/a", "/b:/c"] }],
  ["mounts: [/a,/b:/c]", { mounts: ["/a", "/b:/c"] }],
  ["mounts: [/a /b:/c]", { mounts: ["/a", "/b:/c"] }],
  ["mounts: [/with a space:/c /d]", { mounts: ["/with a space:/c", "/d"] }],
  ['mounts: ["/a","/b:/c"]', { mounts: ["/a", "/b:/c"] }],
  ["mounts:", { mounts: [] }],
  ["mounts: []", { mounts: [] }],
  ["mounts: <nil>", { mounts: [] }],
  ["mounts: none", { mounts: [] }],
  ["cpu: 0", { cpus: 0 }],
  ["cpu:", { cpus: 0 }],
  ["cpu: unlimited", {}],
  ["memory_mib:", { memoryMiB: 0 }],
  ["disk_bytes: 42949672960", { diskBytes: 42_949_672_960 }],
  ["isolated: yes", {}],
  ["username:", {}],
];

/** Questions 7 and 8 of section 13: in what shape things may be told. */
export const SHAPES = [
  ...NO_ADDRESSES.map((addresses) =>
    row(
      "13.7",
      `may tell no address by ${JSON.stringify(addresses)}`,
      [stopped, "info web -f json"],
      { exitCode: 0 },
      {
        ...on(
          says(infoText("web", { state: "stopped" }, addresses)),
          makes(ask.inspect("web"), { ...facts("web", { state: "stopped" }), diskUsedBytes: "SIZE" }),
        ),
      },
    ),
  ),
  ...CONFIGS.map(([config, settings]) =>
    row(
      "13.7",
      `may have ${JSON.stringify(config)} in a record's settings`,
      [web, "list -f json"],
      { exitCode: 0 },
      {
        ...onWords(says(listText("web", { config })), makes(ask.observe(), observed(facts("web", { settings })))),
      },
    ),
  ),
  row(
    "13.7",
    "may wrap a record or not, in any version",
    [web, "info web -f json"],
    { exitCode: 0 },
    {
      ...onWords(says(listText("web").slice(1, -2)), makes(ask.inspect("web"), facts("web"))),
    },
  ),
  ...NO_DEFAULT.map((text) =>
    row("13.8", `may answer ${JSON.stringify(text)} where no default is set`, [web, "default"], SILENT, {
      ...beside(
        { list: listText("web") },
        on(text, makes(ask.observe({ default: true }), { ...observed(facts("web")), default: null })),
      ),
    }),
  ),
  row("13.8", "may print a word where no default is set", [web, "default"], says("none\n"), {
    faults: "default-unset=none",
    ...beside(
      { list: listText("web") },
      makes(ask.observe({ default: true }), { ...observed(facts("web")), default: null }),
    ),
  }),
  ...SHOWN.map(([line, settings]) =>
    row(
      "13.7",
      `may show ${line}`,
      [web, "config show"],
      { exitCode: 0 },
      {
        ...beside(
          { list: listText("web", { config: {} }) },
          onWords(
            says(`rosetta: true\nmachine.web.${line}\n`),
            makes(ask.observe({ settings: true }), {
              machines: [facts("web", { settings })],
              settings: { rosetta: "true" },
            }),
          ),
        ),
      },
    ),
  ),
];
