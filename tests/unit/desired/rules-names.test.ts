import { describe, expect, it } from "vitest";
import { defaultName } from "../../../src/desired/rules-names.ts";
import { machine } from "../../../src/index.ts";
import { resolved, said } from "../../support/stack-resolved.ts";

describe("names of machines", () => {
  it.each([
    [[], "web", "web"],
    [[], "webServer", "web-server"],
    [["team", "webTier"], "app_1", "team-web-tier-app-1"],
    [[], "HTTPServer", "http-server"],
    [[], "a__b_", "a-b"],
  ])("come from the path %j and the key %s", (path, key, name) => {
    expect(defaultName(path, key)).toBe(name);
  });

  it.each([
    ["a_b", 'OrbStack refuses "_" in names', ' / Did you mean "a-b"?'],
    ["", "a name can't be empty", " / Give it another name."],
    ["docker", "that name is OrbStack's own", " / Give it another name."],
    ["K8S", "that name is OrbStack's own", " / Give it another name."],
    ["none", "that name is OrbStack's own", " / Give it another name."],
    ["-f", 'a name can\'t begin with "-": it would be read as an option', ' / Did you mean "f"?'],
    ["a".repeat(64), "a name has at most 63 characters", ` / Did you mean "${"a".repeat(63)}"?`],
    [
      "a b",
      'a name has letters, digits, "-" and "." only, and begins and ends with a letter or a digit',
      " / Give it another name.",
    ],
  ])("refuse %j", (name, why, hint) => {
    expect(said(resolved({ web: machine({ image: "debian", name }) }))).toEqual([
      `error ORB_PROPERTY_INVALID machine.web: "name" is "${name}", but ${why}.${hint}`,
    ]);
  });

  it("show no escape sequences where they are refused", () => {
    const [line = ""] = said(resolved({ web: machine({ image: "debian", name: "\u001b]0;x\u0007w\u202eb" }) }));
    expect(line).toContain(String.raw`"w\u{202e}b"`);
  });

  it("are compared without case", () => {
    const resources = { a: machine({ image: "debian", name: "Web" }), b: machine({ image: "debian", name: "wEB" }) };
    expect(resolved(resources).diagnostics.map((each) => [each.code, each.address])).toEqual([
      ["ORB_DUPLICATE_NAME", "machine.b"],
    ]);
  });

  it("must be given where the key makes none", () => {
    expect(said(resolved({ docker: machine({ image: "debian" }) }))).toEqual([
      'error ORB_PROPERTY_INVALID machine.docker: From the key, the machine would be named "docker", but that name is OrbStack\'s own. / Give it a name: machine({ name: "…" }).',
    ]);
  });
});
