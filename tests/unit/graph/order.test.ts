import { describe, expect, it } from "vitest";
import type { Action, DeleteAction, RenameAction } from "../../../src/model/action.ts";
import type { Address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId } from "../../../src/model/machine.ts";
import { Edges } from "../../../src/graph/edges.ts";
import { releasedName } from "../../../src/graph/names.ts";
import { order } from "../../../src/graph/order.ts";
import type { Part } from "../../../src/graph/part.ts";
import { begin } from "../../../src/plan/make-action.ts";
import { actionId } from "../../support/execute-builders.ts";
import { at } from "../../support/plan-builders.ts";

const owner = (key: string) => ({
  address: at(key),
  lifecycle: DEFAULT_LIFECYCLE,
  durations: new Map<string, number>(),
});
const idOf = (key: string) => machineId(`ID-${key}`);

const create = (key: string, name = key): Action => ({
  ...begin("create", owner(key)),
  name,
  distro: "debian",
  version: null,
  arch: null,
  cloudInit: null,
  settings: {},
  ready: null,
  identity: "keep",
});
const restore = (key: string, name = key): Action => ({
  ...begin("restore", owner(key)),
  name,
  path: "/a",
  digest: "1",
});
const remove = (key: string, name = key): DeleteAction => ({
  ...begin("delete", owner(key)),
  target: { address: at(key), id: idOf(key) },
  name,
  temporaryName: `${name}-del`,
  deposed: false,
  replacing: false,
});
const rename = (key: string, from: string, to: string, id = true): RenameAction => ({
  ...begin("rename", owner(key)),
  target: { address: at(key), id: id ? idOf(key) : null },
  from,
  to,
  temporary: false,
});
const clone = (key: string, source: string, id = true): Action => ({
  ...begin("clone", owner(key)),
  name: key,
  source: { address: at(source), id: id ? idOf(source) : null },
});
const stop = (key: string): Action => ({
  ...begin("stop", owner(key)),
  target: { address: at(key), id: idOf(key) },
});
const start = (key: string): Action => ({
  ...begin("start", owner(key), "-again"),
  target: { address: at(key), id: idOf(key) },
  ready: null,
  identity: "keep",
});

/** What is done for one address; what depends on it waits for the last that is no delete. */
function part(key: string, chain: readonly Action[], given: Partial<Part> = {}): Part {
  const ready = chain.findLast((each) => each.kind !== "delete")?.id;
  return {
    address: at(key),
    chain,
    ...(ready !== undefined && { ready }),
    dependencies: [],
    priorDependencies: [],
    heirs: [],
    ...given,
  };
}

const needs = (...keys: string[]): { readonly dependencies: readonly Address[] } => ({ dependencies: keys.map(at) });
const needed = (...keys: string[]): { readonly priorDependencies: readonly Address[] } => ({
  priorDependencies: keys.map(at),
});

function ordered(...parts: readonly Part[]) {
  return order(parts, (holder) => ({
    ...begin("rename", owner(holder.address.replace("machine.", "")), "-temporary"),
    target: holder.target,
    from: releasedName(holder),
    to: `${releasedName(holder)}-tmp`,
    temporary: true,
  }));
}

const graph = (...parts: readonly Part[]): readonly string[] =>
  ordered(...parts).actions.map(({ id, after }) =>
    [id, ...after].map((each) => each.replace("machine.", "")).join(" < "),
  );

describe("edges", () => {
  const [a, b, c] = [actionId("a"), actionId("b"), actionId("c")];

  it("keep the hardest reason to wait, in whatever order they are given", () => {
    const edges = new Edges();
    const kinds = (["soft", "name", "soft", "hard", "name"] as const).map((kind) => {
      edges.add(a, b, kind);
      return edges.of(a).get(b);
    });
    expect(kinds).toEqual(["soft", "name", "name", "hard", "hard"]);
  });

  it("never let an action wait for itself", () => {
    const edges = new Edges();
    edges.add(a, a, "hard");
    expect(edges.of(a).size).toBe(0);
  });

  it("tell all that an action waits for, and forget what is removed", () => {
    const edges = new Edges();
    edges.add(a, b, "hard");
    edges.add(b, c, "soft");
    expect([...edges.behind(a)]).toEqual([a, b, c]);
    expect([...edges.before([a, c])]).toEqual([
      [a, [b]],
      [c, []],
    ]);
    edges.remove(a, b);
    edges.remove(c, b);
    expect([...edges.behind(a)]).toEqual([a]);
  });
});

describe("names", () => {
  it("are taken by whatever makes a machine only after they were let go", () => {
    expect(graph(part("old", [remove("old", "WEB")]), part("new", [create("new", "web")]))).toEqual([
      "new:create < old:delete",
      "old:delete",
    ]);
    expect(graph(part("old", [remove("old", "web")]), part("web", [clone("web", "base")]))).toEqual([
      "old:delete",
      "web:clone < old:delete",
    ]);
    expect(graph(part("old", [remove("old", "web")]), part("new", [restore("new", "web")]))).toEqual([
      "new:restore < old:delete",
      "old:delete",
    ]);
  });

  it("in a ring that goes through a delete are broken by a temporary one, under which it is deleted", () => {
    const parts = [part("a", [create("a", "y"), remove("a", "x")]), part("b", [create("b", "x"), remove("b", "y")])];
    const { actions, cycle } = ordered(...parts);
    expect(cycle).toBeUndefined();
    expect(graph(...parts)).toEqual([
      "a:create < b:rename-temporary",
      "a:delete < a:create",
      "b:create < a:delete < b:rename-temporary",
      "b:delete < b:create",
      "b:rename-temporary",
    ]);
    expect(actions.find((each) => each.id.startsWith("machine.b:delete"))).toMatchObject({ name: "y-tmp" });
    expect(actions.find((each) => each.id.startsWith("machine.a:delete"))).toMatchObject({ name: "x" });
  });

  it("in two rings are broken once in each", () => {
    const ring = (one: string, two: string) => [part(one, [rename(one, one, two)]), part(two, [rename(two, two, one)])];
    const { actions, cycle } = ordered(...ring("a", "b"), ...ring("c", "d"));
    expect([actions.length, cycle]).toEqual([6, undefined]);
    const renames = actions.filter((each) => each.kind === "rename").map(({ from, to }) => `${from} to ${to}`);
    expect(renames).toEqual(["a to b", "b-tmp to a", "b to b-tmp", "c to d", "d-tmp to c", "d to d-tmp"]);
  });

  it("that a ring does not go through are let go as they are", () => {
    const later = { ...rename("b", "other", "z"), id: actionId("machine.b:rename-later") };
    const parts = [
      part("a", [create("a", "y"), remove("a", "x")]),
      part("b", [create("b", "x"), remove("b", "y"), later]),
    ];
    const { actions } = ordered(...parts);
    expect(actions.find(({ id }) => id === later.id)).toMatchObject({ from: "other", to: "z" });
    expect(actions.find((each) => each.kind === "create" && each.address === at("b"))).toMatchObject({ name: "x" });
  });

  it("in a ring that an old dependency is part of are broken after that gave way", () => {
    const parts = [
      part("a", [create("a", "y"), remove("a", "x")], needed("b")),
      part("b", [create("b", "x"), remove("b", "y")], needed("a")),
    ];
    const { actions, cycle } = ordered(...parts);
    expect(cycle).toBeUndefined();
    expect(actions.filter((each) => each.kind === "rename").length).toBe(1);
  });
});

describe("dependencies", () => {
  it("of long ago that contradict each other give way to one another, not to nothing", () => {
    expect(graph(part("a", [remove("a")], needed("b")), part("b", [remove("b")], needed("a")))).toEqual([
      "a:delete < b:delete",
      "b:delete",
    ]);
  });

  it("hold up what deletes a machine, and nothing else that is done to it", () => {
    const db = part("db", [rename("db", "db", "data")]);
    expect(graph(db, part("app", [remove("app")], needed("db")))).toEqual(["app:delete", "db:rename"]);
  });

  it("that go round in a ring are told as its shortest cycle", () => {
    const { cycle } = ordered(part("a", [create("a")], needs("b")), part("b", [create("b")], needs("a")));
    expect(cycle).toEqual(["machine.a:create", "machine.b:create"]);
  });

  it("on nothing that is done need no waiting", () => {
    expect(graph(part("a", [create("a")], needs("b")), part("b", []))).toEqual(["a:create"]);
  });
});

describe("settings", () => {
  const setting = (kind: "write" | "remove", key: string, of: string): Action => ({
    ...begin(kind, owner(of)),
    subject: "setting",
    key,
    value: 1,
    before: null,
  });

  it("are written only after their key was put back by another", () => {
    expect(graph(part("a", [setting("write", "cpu", "a")]), part("b", [setting("remove", "cpu", "b")]))).toEqual([
      "a:write < b:remove",
      "b:remove",
    ]);
  });

  it("of which two write one key, or none puts it back, wait for nothing", () => {
    expect(
      graph(
        part("a", [setting("write", "cpu", "a")]),
        part("b", [setting("write", "cpu", "b")]),
        part("c", [setting("remove", "memory", "c")]),
        part("d", [setting("remove", "memory", "d")]),
      ),
    ).toEqual(["a:write", "b:write", "c:remove", "d:remove"]);
  });
});

describe("clones", () => {
  it("are made before their source is renamed where nothing else orders the two", () => {
    expect(graph(part("web", [clone("web", "base")]), part("base", [rename("base", "base", "b")]))).toEqual([
      "base:rename < web:clone",
      "web:clone",
    ]);
    expect(graph(part("web", [clone("web", "new", false)]), part("new", [rename("new", "tmp", "new", false)]))).toEqual(
      ["new:rename < web:clone", "web:clone"],
    );
  });

  it("that wait for a rename of their source are not waited for by it", () => {
    const base = part("base", [rename("base", "base", "b")]);
    expect(graph(base, part("web", [clone("web", "base")], needs("base")))).toEqual([
      "base:rename",
      "web:clone < base:rename",
    ]);
  });

  it("of one source run one at a time, and all before a rename of it", () => {
    const [x, y] = [part("x", [clone("x", "base")]), part("y", [clone("y", "base")])];
    expect(graph(x, y, part("base", [rename("base", "base", "b")]))).toEqual([
      "base:rename < x:clone < y:clone",
      "x:clone",
      "y:clone < x:clone",
    ]);
  });

  it("run while their own source is stopped, and only theirs", () => {
    const pause = { stop: stop("base"), start: start("base") };
    const parts = [
      part("base", [rename("base", "b", "base")], { pause }),
      part("web", [clone("web", "base")], needs("base")),
      part("app", [clone("app", "other")]),
    ];
    expect(graph(...parts)).toEqual([
      "app:clone",
      "base:rename",
      "base:start-again < base:stop < web:clone",
      "base:stop < base:rename",
      "web:clone < base:rename < base:stop",
    ]);
  });
});
