import { describe, expect, test } from "vitest";
import { INVENTORY_FORMATS, type InventoryFormat } from "../../../src/report/inventory-formats.ts";
import { ansibleHost, inventoryText } from "../../../src/report/inventory-text.ts";
import { host, hostileInventory } from "../../support/inventory-builders.ts";

const inventory = hostileInventory();

describe("an inventory with hostile values", () => {
  test.each(INVENTORY_FORMATS)("is written as before in the form %s", async (format) => {
    await expect(inventoryText(inventory, format, "ssh")).toMatchFileSnapshot(`inventory/${format}.txt`);
  });

  test("calls its hosts as pyinfra's OrbStack connector does where that is asked for", async () => {
    await expect(inventoryText(inventory, "pyinfra", "orbstack")).toMatchFileSnapshot("inventory/pyinfra-orbstack.txt");
  });

  test("answers Ansible's question about one host", async () => {
    await expect(ansibleHost(inventory, "WEB-1")).toMatchFileSnapshot("inventory/ansible-host.txt");
    expect(ansibleHost(inventory, "nobody")).toBeUndefined();
  });

  test.each(INVENTORY_FORMATS)("is nothing but printable ASCII in the form %s", (format) => {
    expect(inventoryText(inventory, format, "ssh")).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

test.each(INVENTORY_FORMATS)("an inventory without hosts is well formed in the form %s", async (format) => {
  await expect(inventoryText({ hosts: [] }, format, "ssh")).toMatchFileSnapshot(`inventory/empty-${format}.txt`);
});

describe("what can't be written is refused", () => {
  const refused = (format: InventoryFormat, parts: Parameters<typeof host>[0]) => () =>
    inventoryText({ hosts: [host(parts)] }, format, "ssh");
  const tools = INVENTORY_FORMATS.filter((format) => format !== "json");

  test.each(tools)("a name that is a pattern, in the form %s", (format) => {
    for (const name of ["web[1:9]", "web *", "-oProxyCommand=id", "a\nb", "web\u001b[0m", "@x", "all:children", ""])
      expect(refused(format, { name, user: "ada" }), name).toThrow(expect.objectContaining({ code: "ORB_NOT_EXPRESSIBLE" }));
  });

  test.each(["ansible-ini", "ansible-yaml", "ansible-json"] as const)("a template, in the form %s", (format) => {
    for (const text of ["{{ lookup('pipe', 'id') }}", "{% raw %}", "a{#b"])
      expect(refused(format, { labels: { text } }), text).toThrow(expect.objectContaining({ code: "ORB_NOT_EXPRESSIBLE" }));
  });

  test("a user that ssh would split, expand or take for a flag", () => {
    for (const user of ["ada lovelace", "-l", "a%h", 'a"b', "a\nProxyCommand id", "", "DOM\\ada"])
      expect(refused("ssh-config", { user }), user).toThrow(expect.objectContaining({ code: "ORB_NOT_EXPRESSIBLE" }));
  });

  test("a key's path that ssh can't be told", () => {
    for (const identityFile of ["/a/${HOME}/k", '/a"b', "/a\nb", "/a\\b", "/a\u202eb"])
      expect(refused("ssh-config", { identityFile }), identityFile).toThrow(
        expect.objectContaining({ code: "ORB_NOT_EXPRESSIBLE" }),
      );
  });
});
