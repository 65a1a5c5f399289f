import { expect, test } from "vitest";
import type { DesiredInside } from "../../../src/model/resource.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { inside } from "../../support/execute-builders.ts";
import { insideState } from "../../support/plan-apply-state.ts";
import { at, desiredMachine, liveMachine, NOW, planOf, stateOf, ulid } from "../../support/plan-builders.ts";
import { machineId } from "../../../src/model/machine.ts";

const web = desiredMachine("web");
const trixie = desiredMachine("web", { origin: { kind: "image", distro: "debian", version: "trixie" } });
const old = liveMachine("web");
const successor = liveMachine("web-orbform-tmp", {
  id: machineId(ulid("successor", NOW + 1)),
  image: { ...old.image, version: "trixie" },
});
const page = inside("file", "page", { path: "/srv/page", content: "one\n" });
const nginx = inside("service", "nginx", { name: "nginx", running: true }, { restartOn: [page.address] });

/** What state has of something in the successor, and of it in the machine that this one was to replace. */
function inBoth(desired: DesiredInside): InsideResource | undefined {
  const stateIn = (live: typeof old) =>
    insideState(desired, { machine: live, look: () => undefined, states: new Map() });
  const [was, now] = [stateIn(old), stateIn(successor)];
  return was && now && { ...now, was };
}

/** A run that replaced the machine, its successor first, died before the old one went; then the stack went back. */
function goneBack(after: readonly DesiredInside[], looked: boolean) {
  const state = stateOf(trixie, successor, {
    deposed: [{ id: old.id, name: old.name, was: stateOf(web, old) }],
  });
  const [file, service] = [inBoth(page), inBoth(nginx)];
  if (file === undefined || service === undefined) throw new Error("a builder needs known values");
  const facts = { [page.address]: file.seen, [nginx.address]: service.seen };
  return planOf({
    desired: [web, ...after],
    prior: { web: state, [page.address]: file, [nginx.address]: service },
    live: [old, successor],
    liveMore: { inside: looked ? facts : {} },
  });
}

test.each([true, false])(
  "what lies in a machine that is current again is taken away as ours (looked at: %s)",
  (looked) => {
    const removals = goneBack([], looked).actions.filter(({ kind }) => kind === "remove");
    expect(removals.map(({ address }) => address)).toEqual([page.address, nginx.address]);
    for (const each of removals) expect(each).toHaveProperty("target", { address: at("web"), id: old.id });
  },
);

test("what was found in its successor says nothing of what lies in it", () => {
  const { actions, changes } = goneBack([page, nginx], true);
  const written = actions.filter(({ kind }) => kind === "write");
  expect(written.map(({ address }) => address)).toEqual([page.address, nginx.address]);
  for (const each of written) expect(each).toHaveProperty("target", { address: at("web"), id: old.id });
  expect(changes.find(({ address }) => address === page.address)?.action).toBe("update");
});
