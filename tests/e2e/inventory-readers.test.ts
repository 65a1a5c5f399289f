import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { asciiJson } from "../../src/report/escaped.ts";
import { ansibleVars } from "../../src/report/inventory-vars.ts";
import type { InventoryFormat } from "../../src/report/inventory-formats.ts";
import { inventoryText } from "../../src/report/inventory-text.ts";
import { hostsByGroup } from "../../src/model/inventory.ts";
import { hostileInventory } from "../support/inventory-builders.ts";
import { hasTool } from "../support/real-tools.ts";

const folder = mkdtempSync(join(tmpdir(), "orbform-readers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inventory = hostileInventory();
const groups = Object.fromEntries(
  [...hostsByGroup(inventory)].map(([name, hosts]) => [name, hosts.map((h) => h.name)]),
);
/** What readers have to come to: every value with the type and the text that it had. */
const hostvars = JSON.parse(
  asciiJson(Object.fromEntries(inventory.hosts.map((each) => [each.name, ansibleVars(each)]))),
);

function written(name: string, format: InventoryFormat): string {
  const path = join(folder, name);
  writeFileSync(path, inventoryText(inventory, format, "ssh"), { mode: 0o755 });
  return path;
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

describe.runIf(hasTool("ssh", "-V"))("ssh (where it is installed)", () => {
  test.each(inventory.hosts)("reads host $name as it was meant", ({ name, connection }) => {
    const path = written("ssh_config", "ssh-config");
    const facts = new Map(
      run("ssh", "-G", "-F", path, name)
        .split("\n")
        .map((line) => [line.split(" ")[0], line.split(" ").slice(1).join(" ")] as const),
    );
    expect(facts.get("hostname")).toBe("127.0.0.1");
    expect(facts.get("port")).toBe("32222");
    expect(facts.get("user")).toBe(connection.user);
    expect(facts.get("identitiesonly")).toBe("yes");
    // -G prints the key's path before % is expanded: a try that reaches nobody tells what becomes of it.
    const tried = spawnSync("ssh", ["-v", "-F", path, "-o", "ProxyCommand=true", name], {
      encoding: "utf8",
      input: "",
    });
    expect(tried.stderr).toContain(`identity file ${connection.identityFile} type`);
  });
});

describe.runIf(hasTool("python3", "-c", "import yaml"))("Python (where it is installed, with PyYAML)", () => {
  const python = (script: string, path: string) => JSON.parse(run("python3", "-c", script, path));

  test("reads the YAML with every text as text", () => {
    const script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    const { all } = python(script, written("hosts.yaml", "ansible-yaml"));
    expect(all.hosts).toEqual(hostvars);
    const read = Object.entries<{ hosts: object }>(all.children).map(([name, each]) => [name, Object.keys(each.hosts)]);
    expect(Object.fromEntries(read)).toEqual(groups);
  });

  test("runs the pyinfra inventory, which holds nothing but lists", () => {
    const script = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1]).read())
print(json.dumps({each.targets[0].id: ast.literal_eval(each.value) for each in tree.body}))`;
    const { orbstack, ...others } = python(script, written("inventory.py", "pyinfra"));
    const { class: golden = [], orbstack: every = [], ...same } = groups;
    expect(orbstack.map(([name]: [string]) => name)).toEqual(every);
    expect(others).toEqual({ ...same, class_: golden });
    const [, data] = orbstack.at(-1);
    expect(data.orbform_labels).toEqual(hostvars["web-1"].orbform_labels);
    expect(data.ssh_user).toBe("ada@web-1");
  });
});

describe.runIf(hasTool("ansible-inventory", "--version"))("Ansible (where it is installed)", { tags: ["slow"] }, () => {
  test.each([
    ["hosts.ini", "ansible-ini"],
    ["hosts.yaml", "ansible-yaml"],
  ] as const)("reads %s as it was meant", (name, format) => {
    const read = JSON.parse(run("ansible-inventory", "-i", written(name, format), "--list"));
    expect(read._meta.hostvars).toEqual(hostvars);
    for (const [group, hosts] of Object.entries(groups)) expect(read[group].hosts.toSorted(), group).toEqual(hosts);
  });

  test("reads what a script answers to --list", () => {
    const list = written("list.json", "ansible-json");
    const script = join(folder, "dynamic.sh");
    writeFileSync(script, `#!/bin/sh\n[ "$1" = --list ] && exec cat '${list}'\nexit 1\n`, { mode: 0o755 });
    const read = JSON.parse(run("ansible-inventory", "-i", script, "--list"));
    expect(read._meta.hostvars).toEqual(hostvars);
    for (const [group, hosts] of Object.entries(groups)) expect(read[group].hosts.toSorted(), group).toEqual(hosts);
  });
});
