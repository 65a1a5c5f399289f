import { describe, expect, it } from "vitest";
import {
  clone,
  create,
  exported,
  forget,
  graph,
  needed,
  needs,
  part,
  remove,
  rename,
  start,
  stop,
  within,
} from "../../support/graph-parts.ts";
import { at } from "../../support/plan-builders.ts";

const page = { path: "/srv/site/page" };
const file = (key: string, path: string) => part(`file.${key}`, [within("write", `file.${key}`, { path })]);
const folder = (key: string, path: string) => part(`directory.${key}`, [within("write", `directory.${key}`, { path })]);

describe("what lies inside a machine", () => {
  it("is done one at a time, whether or not the one before succeeds; in another machine meanwhile", () => {
    const other = part("file.c", [within("write", "file.c", { path: "/c" }, "db")]);
    expect(graph(file("b", "/b"), file("a", "/a"), other)).toEqual([
      "file.a:write",
      "file.b:write | file.a:write",
      "file.c:write",
    ]);
  });

  it("is done in an order that no dependency contradicts", () => {
    const first = part("file.a", [within("write", "file.a", { path: "/a" })], needs("file.b"));
    expect(graph(first, file("b", "/b"), file("c", "/c"))).toEqual([
      "file.a:write < file.b:write | file.c:write",
      "file.b:write",
      "file.c:write | file.b:write",
    ]);
  });

  it("is done once its machine runs, and before it stops; what must be, however that ended", () => {
    const chain = [start("web"), stop("web")] as const;
    const around = { up: chain[0].id, down: [chain[1].id], always: [] };
    const inner = [file("a", "/a"), file("b", "/b")];
    expect(graph(part("web", chain, { around }), ...inner)).toEqual([
      "file.a:write < web:start-again",
      "file.b:write < web:start-again | file.a:write",
      "web:start-again",
      "web:stop < file.a:write < file.b:write < web:start-again",
    ]);
    expect(graph(part("web", chain, { around: { ...around, always: [chain[1].id] } }), ...inner).at(-1)).toBe(
      "web:stop < web:start-again | file.a:write | file.b:write",
    );
  });

  it("is done before its machine is stopped to be cloned, and before it is cloned", () => {
    const pause = { stop: stop("web"), start: start("web") };
    const copies = [part("copy", [clone("copy", "web")], needs("web")), part("other", [clone("other", "db")])];
    expect(graph(part("web", [], { pause }), ...copies, file("a", "/a"), file("b", "/b"))).toEqual([
      "file.a:write",
      "file.b:write | file.a:write",
      "copy:clone < file.a:write < file.b:write < web:stop",
      "other:clone",
      "web:start-again < copy:clone < web:stop",
      "web:stop < file.a:write < file.b:write",
    ]);
  });

  it("is done after a clone that it needs", () => {
    const copy = part("copy", [clone("copy", "web")], needs("web"));
    const needing = part("file.a", [within("write", "file.a", { path: "/a" })], needs("copy"));
    expect(graph(copy, needing, file("b", "/b"))).toEqual([
      "file.a:write < copy:clone | file.b:write",
      "file.b:write",
      "copy:clone < file.b:write",
    ]);
  });

  it("that was in a machine that goes is forgotten once that is gone", () => {
    const gone = [part("web", [remove("web")]), part("db", [])];
    const left = part("file.a", [forget("file.a")], needed("web", "db", "cache"));
    expect(graph(left, ...gone, part("file.b", [within("write", "file.b")], needed("web")))).toEqual([
      "file.a:forget < web:delete",
      "file.b:write",
      "web:delete < file.b:write",
    ]);
  });
});

describe("what one address lets go and another takes", () => {
  it.each([
    ["a path, be it a file's or a folder's", "file.old", { path: "/a" }, "directory.new", { path: "/a" }],
    ["a user", "user.old", { name: "ada" }, "user.new", { name: "ada" }],
    ["a service", "service.old", { name: "nginx" }, "service.new", { name: "nginx" }],
    ["packages, whichever", "packages.old", {}, "packages.new", { install: { jq: "present" } }],
  ] as const)("is taken away first: %s", (_, old, lets, now, takes) => {
    const parts = [part(now, [within("write", now, takes)]), part(old, [within("remove", old, lets)])];
    expect(graph(...parts).filter((line) => line.startsWith(now))).toEqual([`${now}:write < ${old}:remove`]);
  });

  it.each([
    ["another path", "file.old", { path: "/a" }, "file.new", { path: "/b" }],
    ["another name", "user.old", { name: "ada" }, "user.new", { name: "bob" }],
    ["another kind of thing", "user.old", { name: "nginx" }, "service.new", { name: "nginx" }],
  ] as const)("is another matter where it is %s", (_, old, lets, now, takes) => {
    const parts = [part(now, [within("write", now, takes)]), part(old, [within("remove", old, lets)])];
    expect(graph(...parts).filter((line) => line.startsWith(now))).toEqual([`${now}:write`]);
  });

  it("is taken away by all that let it go", () => {
    const parts = [
      part("file.new", [within("write", "file.new", page)]),
      part("file.old", [within("remove", "file.old", page)]),
      part("file.older", [within("remove", "file.older", page)]),
    ];
    expect(graph(...parts)).toEqual([
      "file.new:write < file.old:remove < file.older:remove",
      "file.old:remove",
      "file.older:remove | file.old:remove",
    ]);
  });

  it("is had by its heir first, and taken away after that", () => {
    const old = part("packages.old", [within("remove", "packages.old")], { heirs: [at("packages.heir")] });
    const heir = part("packages.heir", [within("write", "packages.heir")]);
    const other = part("packages.other", [within("write", "packages.other")]);
    expect(graph(other, old, heir)).toEqual([
      "packages.heir:write",
      "packages.old:remove < packages.heir:write",
      "packages.other:write < packages.old:remove",
    ]);
  });

  it("needs no heir that has nothing to do", () => {
    const old = part("packages.old", [within("remove", "packages.old")], { heirs: [at("packages.heir")] });
    expect(graph(old, part("packages.heir", []))).toEqual(["packages.old:remove"]);
  });
});

describe("a folder", () => {
  it("is there before what lies in it, however deep", () => {
    const parts = [
      file("a", "/srv/site/page"),
      folder("z", "/srv"),
      folder("site", "/srv/site"),
      file("b", "/srvs/page"),
    ];
    expect(graph(...parts)).toEqual([
      "directory.site:write < directory.z:write | file.b:write",
      "directory.z:write",
      "file.a:write < directory.site:write < directory.z:write",
      "file.b:write | directory.z:write",
    ]);
  });

  it("goes after what lay in it", () => {
    const parts = [
      part("directory.a", [within("remove", "directory.a", { path: "/srv" })]),
      part("directory.b", [within("remove", "directory.b", { path: "/srv" })]),
      part("file.z", [within("remove", "file.z", { path: "/srv/page" })]),
    ];
    expect(graph(...parts)).toEqual([
      "directory.a:remove < file.z:remove",
      "directory.b:remove < file.z:remove | directory.a:remove",
      "file.z:remove",
    ]);
  });

  it("that goes waits for nothing that is made in it, nor that for it", () => {
    const parts = [
      part("directory.a", [within("remove", "directory.a", { path: "/srv" })]),
      part("file.z", [within("write", "file.z", { path: "/srv/page" })]),
    ];
    expect(graph(...parts)).toEqual(["directory.a:remove", "file.z:write | directory.a:remove"]);
  });

  it("gives way to a stack that asks for the contrary", () => {
    const site = part("directory.a", [within("write", "directory.a", { path: "/srv" })], needs("file.z"));
    expect(graph(site, file("z", "/srv/page"))).toEqual(["directory.a:write < file.z:write", "file.z:write"]);
  });

  it("is one by its kind, not by having a path", () => {
    expect(graph(file("z", "/srv"), file("a", "/srv/page"))).toEqual(["file.a:write", "file.z:write | file.a:write"]);
  });
});

describe("a machine whose name is needed by another", () => {
  it("gets one for the way before anything is done inside it, and only inside it", () => {
    const ring = [part("web", [rename("web", "web", "db")]), part("db", [rename("db", "db", "web")])];
    const inner = [file("a", "/a"), part("file.b", [within("write", "file.b", { path: "/b" }, "cache")])];
    expect(graph(...ring, ...inner)).toEqual([
      "file.a:write < web:rename-temporary",
      "file.b:write",
      "db:rename < web:rename-temporary",
      "web:rename < db:rename < web:rename-temporary",
      "web:rename-temporary",
    ]);
  });
});

describe("an export", () => {
  it("comes after all that is done to its machine and inside it", () => {
    const pause = { stop: stop("web"), start: start("web") };
    const parts = [
      part("archive.a", [exported("a", "web")]),
      part("web", [rename("web", "web", "www")], { pause }),
      part("copy", [clone("copy", "web")]),
      part("db", [rename("db", "db", "data")]),
      file("a", "/a"),
      part("file.b", [within("write", "file.b", {}, "db")]),
    ];
    expect(graph(...parts)).toEqual([
      "archive.a:export < file.a:write < web:rename < web:start-again < web:stop",
      "file.a:write",
      "file.b:write",
      "copy:clone < file.a:write < web:stop",
      "db:rename",
      "web:rename",
      "web:start-again < copy:clone < web:stop",
      "web:stop < file.a:write < web:rename",
    ]);
  });

  it("comes after what its machine replaced is gone", () => {
    const web = part("web", [create("web"), remove("web")]);
    expect(graph(web, part("archive.a", [exported("a", "web")], needs("web")))).toEqual([
      "archive.a:export < web:create < web:delete",
      "web:create",
      "web:delete < web:create",
    ]);
    expect(graph(web, part("archive.b", [exported("b", "db")], needs("web")))).toEqual([
      "archive.b:export < web:create",
      "web:create",
      "web:delete < archive.b:export < web:create",
    ]);
  });

  it("overlaps with no clone of its machine, and no name it gets for the way", () => {
    const parts = [
      part("archive.a", [exported("a", "web")]),
      part("copy", [clone("copy", "web")]),
      part("other", [rename("web", "web", "www")]),
    ];
    expect(graph(...parts)).toEqual([
      "archive.a:export | copy:clone",
      "copy:clone",
      "web:rename < copy:clone | archive.a:export",
    ]);
  });

  it("of a machine that is made has nothing to do with a clone of another one", () => {
    const parts = [part("archive.a", [exported("a", "web", false)]), part("copy", [clone("copy", "db", false)])];
    expect(graph(...parts)).toEqual(["archive.a:export", "copy:clone"]);
    expect(graph(part("archive.a", [exported("a", "db", false)]), ...parts.slice(1))).toEqual([
      "archive.a:export | copy:clone",
      "copy:clone",
    ]);
  });
});
