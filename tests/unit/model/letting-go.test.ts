import { describe, expect, it } from "vitest";
import { lettingGo } from "../../../src/model/letting-go.ts";
import { claimsIn } from "../../../src/state/claims.ts";
import { memoryDisk } from "../../support/memory-disk.ts";

const FOUND = "/a b/state/found.json";

/** The claim of another state, as it is told. */
async function told(address: string, statePath: string): Promise<string> {
  const disk = memoryDisk();
  const claim = { lineage: "l", stack: "found", address };
  await claimsIn({ disk, folder: "/claims", statePath }).write("01JWEB", claim);
  await disk.replace(statePath, '{"id": "01JWEB"}', 0o600);
  const claims = await claimsIn({ disk, folder: "/claims", statePath: "/own.json" }).readMany(["01JWEB"]);
  return claims["01JWEB"] ?? "";
}

describe("what another state claims", () => {
  it("is let go by a command that names the address and the stack that have it, and the environment", async () => {
    expect(lettingGo(await told("team/machine.web_1", FOUND))).toBe(
      "cd '/a b/state' && orb state rm team/machine.web_1 --stack found",
    );
    expect(lettingGo(await told("setting.cpu", "/p/state/found.prod.json"))).toBe(
      "cd /p/state && orb state rm setting.cpu --stack found --env prod",
    );
  });

  it("tells no command where it is told otherwise, or where what is told is no address", async () => {
    expect(lettingGo("Another has it.")).toBeUndefined();
    expect(lettingGo(await told("x; rm -rf /", FOUND))).toBeUndefined();
  });
});
