import { describe, expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import type { Fleetyard } from "../../support/applied-fleet.ts";
import { at, desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();

const lifecycle = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const debian = { kind: "image", distro: "debian" } as const;
const fedora = { kind: "image", distro: "fedora" } as const;
const web = (more: Partial<DesiredMachine> = {}) => desired("web", { lifecycle, ...more });
const setUp = (run: string) => inside("command", "setup", { run });

async function machinesOf({ ports }: Fleetyard) {
  const { machines } = await ports.driver.observe({ settings: false, default: false });
  return machines.map(({ id, name }) => ({ id, name }));
}

/** A machine with what lies inside it, and its successor, in which that fails. */
async function failedInside(more: Partial<DesiredMachine>) {
  const yard = newYard();
  await yard.apply([web(more), setUp("true")]);
  const [old] = await machinesOf(yard);
  await yard.apply([web({ ...more, origin: debian }), setUp("exit 7")]);
  if (old === undefined) throw new Error("nothing was made");
  return { yard, old: old.id };
}

describe.each([{ power: "running" }, { power: "stopped" }] as const)(
  "a machine made first, to end $power",
  ({ power }) => {
    test("keeps the old one for as long as what lies inside it fails, and lets it go once that is applied", async () => {
      const { yard, old } = await failedInside({ power });
      for (const attempt of [1, 2, 3]) {
        const ids = (await machinesOf(yard)).map(({ id }) => id);
        expect(ids, `after attempt ${attempt}`).toContain(old);
        expect(ids).toHaveLength(2);
        await yard.apply([web({ power, origin: debian }), setUp("exit 7")]);
      }
      await yard.apply([web({ power, origin: debian }), setUp("true # again")]);
      const left = await machinesOf(yard);
      expect(left).toMatchObject([{ name: "web" }]);
      expect(left.map(({ id }) => id)).not.toContain(old);
      expect((await yard.plan([web({ power, origin: debian }), setUp("true # again")])).plan.changes).toEqual([]);
    });

    test("gives the old one back where the stack is taken back, whatever was to lie inside", async () => {
      for (const back of [[web({ power }), setUp("true")], [web({ power })]]) {
        const { yard, old } = await failedInside({ power });
        await yard.apply(back);
        expect(await machinesOf(yard)).toEqual([{ id: old, name: "web" }]);
        expect((await yard.plan(back)).plan.changes).toEqual([]);
      }
    });

    test("gives what lies in the old one back with it, as ours", async () => {
      const yard = newYard();
      const [ada, page] = [
        inside("user", "ada", { name: "ada" }),
        inside("file", "page", { path: "/srv/page", content: "one" }),
      ];
      await yard.apply([web({ power }), ada, page]);
      const [old] = await machinesOf(yard);
      const second = inside("file", "page", { path: "/srv/page", content: "two" });
      await yard.apply([web({ power, origin: debian }), ada, second, setUp("exit 7")]);
      expect((await yard.ports.backend.read())?.resources[ada.address]).toHaveProperty("was.machine", old?.id);
      const back = [web({ power }), second];
      await yard.apply(back);
      expect((await yard.plan(back)).plan).toMatchObject({ changes: [], refreshed: {}, settled: {} });
      expect(await printed(yard, "id -un ada 2>/dev/null || true; cat /srv/page")).toBe("two");
      expect(await machinesOf(yard)).toEqual([{ id: old?.id, name: "web" }]);
      expect((await yard.ports.backend.read())?.resources[page.address]).not.toHaveProperty("was");
    });

    test("keeps the old one until a third is ready, with what lies inside", async () => {
      const { yard, old } = await failedInside({ power });
      await yard.apply([web({ power, origin: fedora }), setUp("exit 8")]);
      expect((await machinesOf(yard)).map(({ id }) => id)).toContain(old);
      await yard.apply([web({ power, origin: fedora }), setUp("true # third")]);
      expect(await machinesOf(yard)).toMatchObject([{ name: "web" }]);
      expect((await yard.ports.backend.read())?.resources[at("web")]).not.toHaveProperty("deposed");
    });
  },
);
