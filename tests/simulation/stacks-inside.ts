/** Random things inside the machines of a stack. */
import type { DesiredInside, DesiredMachine } from "../../src/model/resource.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { inside } from "../support/execute-builders.ts";
import type { Chance } from "./chance.ts";
import { OTHERS, type StackText, valid } from "./stacks.ts";

const LIFECYCLE = { ...DEFAULT_LIFECYCLE, timeoutsMs: { write: OTHERS, run: OTHERS, remove: OTHERS } };

/**
 * The stack with some of what lay inside its machines changed, gone or added. All its machines are Orbform's to start: what
 * lies inside one that isn't waits for its user.
 */
export function withInside(chance: Chance, stack: StackText): StackText {
  const machines = stack.map((each) =>
    each.type === "machine" && each.power === "any" ? { ...each, power: "running" as const } : each,
  );
  const kept = machines.filter(
    (each) => each.type === "machine" || each.type === "setting" || !("on" in each) || chance.happens(0.7),
  );
  const there = new Set(kept.map((each) => each.address));
  const added = machines.flatMap((each) =>
    each.type === "machine" ? [0, 1, 2].flatMap(() => (chance.happens(0.5) ? randomInside(chance, each) : [])) : [],
  );
  const fresh = new Map(added.map((each) => [each.address, each]));
  const changed = kept.map((each) => fresh.get(each.address) ?? each);
  return valid([...changed, ...[...fresh.values()].filter((each) => !there.has(each.address))]);
}

function randomInside(chance: Chance, machine: DesiredMachine): readonly DesiredInside[] {
  const key = machine.address.replace(/^.*\./, "");
  const make = (type: DesiredInside["type"], name: string, properties: DesiredInside["properties"], more = {}) =>
    inside(type, `${key}-${name}`, properties, { on: machine.address, lifecycle: LIFECYCLE, ...more });
  const text = `${chance.pick(["one", "two", "three"])}\n`;
  switch (chance.below(6)) {
    case 0:
      return [make("file", "f1", { path: "/srv/f1", content: text, ...(chance.happens(0.5) && { mode: 0o600 }) })];
    case 1:
      return [make("file", "f2", { path: `/srv/${chance.pick(["f2", "f3"])}`, content: text })];
    case 2: {
      const site = make("directory", "d", { path: "/srv/d", mode: chance.pick([0o700, 0o755]) });
      const within = make("file", "d-in", { path: "/srv/d/in", content: text }, { dependencies: [site.address] });
      return [site, within];
    }
    case 3:
      return [
        make("user", "u", {
          name: "ada",
          shell: chance.pick(["/bin/sh", "/bin/bash"]),
          groups: chance.pick([[], ["adm"]]),
        }),
      ];
    case 4: {
      const creates = chance.happens(0.5) ? { creates: "/srv/made" } : {};
      const word = chance.pick(["x", "y"]);
      return [
        make("command", "c", { run: ["append", creates.creates ?? "/srv/log", word], triggers: word, ...creates }),
      ];
    }
    default:
      return web(chance, make, text);
  }
}

type Make = (
  type: DesiredInside["type"],
  name: string,
  properties: DesiredInside["properties"],
  more?: object,
) => DesiredInside;

/** A package, its configuration, and the service that is restarted for it. */
function web(chance: Chance, make: Make, text: string): readonly DesiredInside[] {
  const more = ["curl", "jq"].filter(() => chance.happens(0.5));
  const install = Object.fromEntries(["nginx", ...more].map((name) => [name, "present"]));
  const tools = make("packages", "p", { install });
  const conf = make("file", "conf", { path: "/srv/nginx.conf", content: text });
  const restartOn = [conf.address];
  const service = make("service", "s", { name: "nginx", running: true }, { restartOn, dependencies: [tools.address] });
  return [tools, conf, service];
}
