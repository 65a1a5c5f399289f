import { describe, expect, it } from "vitest";
import { networkHeldBy } from "../../../src/desired/untrusted/protections.ts";

describe("the network of an untrusted stack", () => {
  it("is not denied where it was reached", () => {
    expect([networkHeldBy("reached", undefined), networkHeldBy("reached", "unshare -n")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("is denied by the system where nothing is reached from within its wrapper", () => {
    expect(networkHeldBy("ENETUNREACH", "unshare -n")).toBe("unshare -n");
  });

  it("is denied by Node only where Node says so: a connection fails for other reasons too", () => {
    expect(networkHeldBy("ERR_ACCESS_DENIED", undefined)).toBe("Node's permission model");
    const others = ["ECONNREFUSED", "ETIMEDOUT", "EMFILE", "refused", ""];
    expect(others.map((each) => networkHeldBy(each, undefined))).toEqual(others.map(() => undefined));
  });
});
