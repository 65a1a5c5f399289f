import { describe, expect, it } from "vitest";
import type { Backend } from "../../../src/state/backend.ts";
import type { HostIdentity } from "../../../src/state/host.ts";
import { errorOf, identityOf, machineAddress, machineState, snapshotOf } from "../../support/state-builders.ts";

/** One place for state, opened as often as asked, by whoever is asked for. */
export interface BackendUnderTest {
  readonly open: (identity?: HostIdentity) => Backend;
}

/** What every backend promises: run for each adapter. `start` gives a fresh, empty place. */
export function backendContract(name: string, start: () => Promise<BackendUnderTest>): void {
  const first = snapshotOf([[machineAddress("web"), machineState("web")]]);
  const second = { ...first, serial: 2 };

  describe(`${name}: snapshots`, () => {
    it("has none before the first is written", async () => {
      expect(await (await start()).open().read()).toBeUndefined();
    });

    it("gives what was written, also to another process", async () => {
      const place = await start();
      await place.open().write(first, 0);
      expect(await place.open().read()).toEqual(first);
    });

    it("refuses a write that expects another serial, and keeps what is there", async () => {
      const place = await start();
      await place.open().write(first, 0);
      await place.open().write(second, 1);
      const other = snapshotOf([], { serial: 2 });
      expect((await errorOf(() => place.open().write(other, 1))).code).toBe("ORB_STATE_CONFLICT");
      expect(await place.open().read()).toEqual(second);
    });

    it("refuses a write of another lineage", async () => {
      const place = await start();
      await place.open().write(first, 0);
      const other = { ...second, lineage: "another" };
      expect((await errorOf(() => place.open().write(other, 1))).code).toBe("ORB_STATE_CONFLICT");
    });

    it("refuses a write that expects a snapshot where there is none", async () => {
      const place = await start();
      expect((await errorOf(() => place.open().write(second, 1))).code).toBe("ORB_STATE_CONFLICT");
    });

    it("takes the same write again, whose answer was lost", async () => {
      const place = await start();
      await place.open().write(first, 0);
      await place.open().write(first, 0);
      expect(await place.open().read()).toEqual(first);
    });
  });

  describe(`${name}: the lock`, () => {
    it("is held by one at a time, and names the holder", async () => {
      const place = await start();
      const held = await place.open().lock("apply");
      const error = await errorOf(() => place.open().lock("destroy"));
      expect(error.code).toBe("ORB_STATE_LOCKED");
      for (const part of ["orb apply", held.info.who, held.info.created, String(process.pid), held.info.id]) {
        expect(error.detail).toContain(part);
      }
      await held.release();
    });

    it("is free after its release, which may be called twice", async () => {
      const place = await start();
      const held = await place.open().lock("apply");
      await held.release();
      await held.release();
      expect(await place.open().holder()).toBeUndefined();
      await (await place.open().lock("apply")).release();
    });

    it("tells its holder without taking it", async () => {
      const place = await start();
      const held = await place.open().lock("apply");
      expect(await place.open().holder()).toEqual(held.info);
      await held.release();
    });

    it("is broken by its id only", async () => {
      const place = await start();
      const held = await place.open().lock("apply");
      expect((await errorOf(() => place.open().unlock("another"))).code).toBe("ORB_STATE_LOCKED");
      await place.open().unlock(held.info.id);
      const next = await place.open().lock("apply");
      await held.release();
      expect(await place.open().holder()).toEqual(next.info);
    });

    it("is not taken from another host, however old", async () => {
      const place = await start();
      await place.open(identityOf({ hostId: "99999999-2222-4333-8444-555555555555", bootId: "boot-9" })).lock("apply");
      expect((await errorOf(() => place.open().lock("apply"))).code).toBe("ORB_STATE_LOCKED");
    });
  });
}
