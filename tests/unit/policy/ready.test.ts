import { describe, expect, it } from "vitest";
import {
  atMostMachines,
  imageAllowList,
  isolationRequired,
  limitsRequired,
  noDeletesOf,
} from "../../../src/policies.ts";
import { at, cloneOf, desiredMachine, liveMachine, stateOf, type Worlds } from "../../support/plan-builders.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { checked, said } from "../../support/policy-builders.ts";

const keep = { labels: { keep: "yes" } };
const trixie = { origin: { kind: "image", distro: "debian", version: "trixie" } } as const;

/** A machine that is there as the stack wants it, or wanted it. */
function there(key: string, given: Parameters<typeof desiredMachine>[1], now?: typeof given): Worlds {
  const live = liveMachine(key);
  const prior = { [key]: stateOf(desiredMachine(key, given), live) };
  return { desired: now === undefined ? [] : [desiredMachine(key, now)], prior, live: [live] };
}

describe("noDeletesOf", () => {
  const policy = [noDeletesOf({ label: "keep" })];

  it.each([
    ["a machine that leaves the stack", there("web", keep), 1],
    ["a replacement", there("web", keep, { ...keep, ...trixie }), 1],
    ["a replacement that takes the label away", there("web", keep, trixie), 1],
    ["a destroy", { ...there("web", keep, keep), options: { mode: "destroy" } }, 1],
    ["no delete of a machine without the label", there("web", {}), 0],
    ["no update", there("web", keep, { ...keep, settings: { cpus: 2 } }), 0],
    [
      "no machine that is only forgotten",
      there("web", { ...keep, lifecycle: { ...DEFAULT_LIFECYCLE, retain: true } }),
      0,
    ],
    ["no create", { desired: [desiredMachine("web", keep)] }, 0],
    ["no machine that is gone already", { ...there("web", keep), live: [] }, 0],
  ] as const)("denies %s", (...[, worlds, denials]) => {
    expect(said(policy, worlds)).toEqual(denials === 0 ? [] : ["deny no-deletes-of machine.web"]);
  });

  it("denies a replacement at a new address", () => {
    const moved = desiredMachine("www", { ...trixie, lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("web")] } });
    expect(said(policy, { ...there("web", keep), desired: [moved] })).toEqual(["deny no-deletes-of machine.www"]);
  });

  it.each([
    ["keep=yes", 1],
    ["keep=no", 0],
    ["keep=", 0],
    ["toString", 0],
  ])("takes %s as key and value", (label, denials) => {
    expect(said([noDeletesOf({ label })], there("web", keep)).length).toBe(denials);
  });
});

describe("imageAllowList", () => {
  const debian = desiredMachine("a");
  const alpine = desiredMachine("b", { origin: { kind: "image", distro: "alpine" } });
  const desired = [debian, alpine, cloneOf("c", "b"), cloneOf("d", "c")];
  const restored = desiredMachine("e", { origin: { kind: "restore", path: "a.tar.zst", digest: "sha256:1" } });

  it("denies other images, and clones of machines of them, however many steps away", () => {
    expect(said([imageAllowList(["debian"])], { desired })).toEqual(
      ["b", "c", "d"].map((key) => `deny image-allow-list machine.${key}`),
    );
  });

  it.each([
    [["debian:bookworm", "alpine"], []],
    [["debian:trixie", "alpine"], ["deny image-allow-list machine.a"]],
    // A machine without a version is of whatever OrbStack gives.
    [["debian", "alpine:3.22"], ["b", "c", "d"].map((key) => `deny image-allow-list machine.${key}`)],
  ])("takes %j: a distro allows its versions, a version that one", (images, findings) => {
    expect(said([imageAllowList(images)], { desired })).toEqual(findings);
  });

  it("denies what comes from an archive, but for exceptions", () => {
    const worlds = { desired: [restored] };
    expect(checked([imageAllowList(["debian"])], worlds).value.findings).toMatchObject([
      { message: "It is not known what image this machine is made from. Allowed: debian." },
    ]);
    expect(said([imageAllowList(["debian"], { except: ["machine.e"] })], worlds)).toEqual([]);
  });
});

describe("isolationRequired", () => {
  const desired = [
    desiredMachine("closed", { settings: { isolated: true, isolateNetwork: true } }),
    desiredMachine("half", { settings: { isolated: true } }),
    desiredMachine("open"),
  ];

  it("denies machines that are not isolated, also where the stack says nothing of it", () => {
    expect(said([isolationRequired()], { desired })).toEqual(["deny isolation-required machine.open"]);
  });

  it("denies machines that reach the network, where asked to", () => {
    expect(said([isolationRequired({ network: true, except: ["machine.open"] })], { desired })).toEqual([
      "deny isolation-required machine.half",
    ]);
  });

  it("judges a clone by what it is cloned from", () => {
    expect(said([isolationRequired()], { desired: [...desired, cloneOf("z", "half")] })).toEqual([
      "deny isolation-required machine.open",
    ]);
  });

  it("judges a machine that is there by how it is, where the stack leaves that open", () => {
    const live = liveMachine("web", { settings: { isolated: true } });
    const web = desiredMachine("web");
    expect(said([isolationRequired()], { desired: [web], prior: { web: stateOf(web, live) }, live: [live] })).toEqual(
      [],
    );
  });
});

describe("limitsRequired", () => {
  it("names the limits that are missing, 0 being none", () => {
    const desired = [desiredMachine("a", { settings: { cpus: 2, memoryMiB: 0 } })];
    expect(checked([limitsRequired(["memory", "cpus", "disk"])], { desired }).value.findings).toMatchObject([
      { address: "machine.a", message: "This machine has no limit of memory, disk, or it is not known." },
    ]);
    expect(said([limitsRequired(["cpus"])], { desired })).toEqual([]);
  });

  it("sees a limit taken away again: the machine goes back to what it was made with", () => {
    const live = liveMachine("web", { settings: { cpus: 2 } });
    const prior = { web: stateOf(desiredMachine("web", { settings: { cpus: 2 } }), live) };
    expect(said([limitsRequired(["cpus"])], { desired: [desiredMachine("web")], prior, live: [live] })).toEqual([
      "deny limits-required machine.web",
    ]);
  });
});

describe("atMostMachines", () => {
  const desired = [desiredMachine("a"), desiredMachine("b"), desiredMachine("c")];

  it("counts every machine of the stack, whatever is targeted", () => {
    expect(said([atMostMachines(3)], { desired })).toEqual([]);
    expect(said([atMostMachines(2)], { desired })).toEqual(["deny at-most-machines"]);
    expect(said([atMostMachines(2)], { desired, options: { targets: [at("a")] } })).toEqual(["deny at-most-machines"]);
  });

  it("has nothing against destroying them", () => {
    const live = liveMachine("a");
    const prior = { a: stateOf(desiredMachine("a"), live) };
    expect(said([atMostMachines(0)], { desired, prior, live: [live], options: { mode: "destroy" } })).toEqual([]);
  });
});

describe("every ready policy", () => {
  const wrong = (options: unknown): never => options as never;

  it.each([
    [() => noDeletesOf(wrong({})), "`label` is a label's key"],
    [() => noDeletesOf(wrong(undefined)), "options are an object"],
    [() => noDeletesOf(wrong({ label: "=x" })), "`label` is a label's key"],
    [() => imageAllowList(wrong("debian")), "a list of images"],
    [() => imageAllowList([]), "a list of images"],
    [() => imageAllowList(["debian"], wrong({ excpet: [] })), 'no option "excpet"; there are: except, name, severity'],
    [() => imageAllowList(["debian"], { except: ["web server"] }), "`except` is a list of addresses"],
    [() => imageAllowList(["debian"], { except: wrong("machine.web") }), "`except` is a list of addresses"],
    [() => isolationRequired({ network: wrong("no") }), "`network` is true or false"],
    [() => limitsRequired(wrong(["ram"])), "a list of cpus, memory, disk"],
    [() => limitsRequired([]), "a list of cpus, memory, disk"],
    [() => atMostMachines(-1), "a whole number from 0 on"],
    [() => atMostMachines(Number.NaN), "a whole number from 0 on"],
  ])("says what it takes: %s", (make, says) => {
    expect(make).toThrow(expect.objectContaining({ code: "ORB_POLICY_INVALID" }));
    expect(make).toThrow(says);
  });

  it("takes another name, and can be only a warning", () => {
    const policies = [atMostMachines(0), atMostMachines(1, { name: "few", severity: "warn" })];
    const desired = [desiredMachine("a"), desiredMachine("b")];
    expect(said(policies, { desired })).toEqual(["deny at-most-machines", "warn few"]);
  });
});
