import { describe, expect, it } from "vitest";
import type { Action } from "../../../src/model/action.ts";
import { Edges } from "../../../src/graph/edges.ts";
import { begin } from "../../../src/plan/make-action.ts";
import { actionId } from "../../support/execute-builders.ts";
import {
  changed,
  clone,
  create,
  exported,
  forget,
  graph,
  needed,
  needs,
  ordered,
  owner,
  part,
  remove,
  rename,
  restore,
  start,
  stop,
  within,
} from "../../support/graph-parts.ts";
import { at } from "../../support/plan-builders.ts";

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

  it("hold up nothing that only takes away", () => {
    const base = part("base", [create("base")]);
    const inner = part("file.a", [within("remove", "file.a")], needs("base"));
    const left = part("file.b", [forget("file.b")], needs("base"));
    expect(graph(base, part("web", [remove("web")], needs("base")), inner, left)).toEqual([
      "file.a:remove",
      "file.b:forget",
      "base:create",
      "web:delete",
    ]);
  });

  it("are let go of in reverse, whatever they are", () => {
    const page = part("file.a", [within("remove", "file.a", {}, "db")], needed("file.b"));
    expect(graph(part("file.b", [within("remove", "file.b")]), page)).toEqual([
      "file.a:remove",
      "file.b:remove < file.a:remove",
    ]);
  });

  it("on a machine that runs for a while only wait for its end, but not those that need it running", () => {
    const [up, down] = [start("web"), stop("web")];
    const web = part("web", [up, down], { around: { up: up.id, down: [down.id], always: [] } });
    const parts = [
      part("app", [create("app")], needs("web")),
      part("file.a", [within("write", "file.a", {}, "db")], needs("web")),
      part("file.b", [within("write", "file.b")], needs("web")),
      part("archive.a", [exported("a", "db")], needs("web")),
    ];
    expect(graph(web, ...parts)).toEqual([
      "archive.a:export < file.a:write < web:stop",
      "file.a:write < web:stop",
      "file.b:write < web:start-again",
      "app:create < web:stop",
      "web:start-again",
      "web:stop < file.b:write < web:start-again",
    ]);
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

  it.each(["start", "stop", "restart", "config"] as const)("overlap with no %s of their source", (kind) => {
    const base = part("base", [changed(kind, "base")]);
    expect(graph(part("web", [clone("web", "base")]), base)).toEqual([`base:stop-by-${kind} < web:clone`, "web:clone"]);
    const other = part("web", [clone("web", "base")], needs("db"));
    expect(graph(other, base, part("db", [create("db")]))).toContain(`base:stop-by-${kind} < web:clone`);
    expect(graph(part("web", [clone("web", "base")], needs("base", "db")), base, part("db", [create("db")]))).toContain(
      `base:stop-by-${kind}`,
    );
  });

  it("that wait for something else of their source overlap with no rename of it either", () => {
    const parts = [part("base", [stop("base")]), part("web", [clone("web", "base")], needs("base"))];
    expect(graph(...parts, part("other", [rename("base", "base", "b")]))).toEqual([
      "base:rename < web:clone",
      "base:stop",
      "web:clone < base:stop",
    ]);
  });
});
