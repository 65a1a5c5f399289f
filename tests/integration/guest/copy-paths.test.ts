import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { get } from "../../../src/guest/get.ts";
import { put } from "../../../src/guest/put.ts";
import { hostSides, thrown } from "../../support/host-sides.ts";

const host = hostSides();

const text = (file: string): string => readFileSync(file, "utf8");
const isFile = (file: string): boolean => lstatSync(file).isFile();

const NAMES = [
  "with space",
  " ",
  'it\'s "quoted"',
  "line\nend\n",
  "\n",
  "-rf",
  "--",
  "$HOME`id`$(id)",
  "..dots",
  "...",
  ".hidden",
  "back\\slash",
  "*?[a]",
  "tab\t",
  "\u{1f600} \u00fc",
  "a:b",
  "#;&|",
  "x".repeat(240),
];
const BINARY = Buffer.from(Array.from({ length: 1537 }, (_, at) => (at * 7) % 256));

describe.each(NAMES)("the name %j", (name) => {
  test("is a file's, in and out, by name and into a folder", async () => {
    const { machine, inside, out } = await host();
    writeFileSync(path.join(out, name), BINARY);
    await put(machine(), { from: path.join(out, name), to: `${inside}/d/` });
    await put(machine(), { from: { content: "other" }, to: `${inside}/${name}` });
    expect(readdirSync(inside).toSorted()).toEqual(["d", name].toSorted());
    expect(readdirSync(path.join(inside, "d"))).toEqual([name]);
    await get(machine(), { from: `${inside}/d/${name}`, to: `${out}/e/` });
    await get(machine(), { from: `${inside}/${name}`, to: `${out}/f/${name}` });
    expect([readdirSync(path.join(out, "e")), readdirSync(path.join(out, "f"))]).toEqual([[name], [name]]);
    expect([readFileSync(path.join(out, "e", name)), text(path.join(out, "f", name))]).toEqual([BINARY, "other"]);
  });

  test("is a folder's, in and out, with folders above it", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(path.join(out, name, name), { recursive: true });
    writeFileSync(path.join(out, name, name, name), BINARY);
    await put(machine(), { from: path.join(out, name), to: `${inside}/${name}/${name}/` });
    expect(readFileSync(path.join(inside, name, name, name, name, name))).toEqual(BINARY);
    await get(machine(), { from: `${inside}/${name}`, to: `${out}/back/` });
    expect(readFileSync(path.join(out, "back", name, name, name, name, name))).toEqual(BINARY);
  });
});

describe("..", () => {
  test("behind a link leads where the link leads, on this side", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(`${out}/releases/5`, { recursive: true });
    writeFileSync(`${out}/releases/conf`, "right");
    writeFileSync(`${out}/conf`, "wrong");
    symlinkSync("releases/5", `${out}/current`);
    await put(machine(), { from: `${out}/current/../conf`, to: `${inside}/conf` });
    await put(machine(), { from: `${out}/current/..`, to: `${inside}/` });
    expect([text(`${inside}/conf`), text(`${inside}/releases/conf`)]).toEqual(["right", "right"]);
    await get(machine(), { from: `${inside}/conf`, to: `${out}/current/../got` });
    await get(machine(), { from: `${inside}/conf`, to: `${out}/current/../new/../got/../in/` });
    expect(readdirSync(out).toSorted()).toEqual(["conf", "current", "releases"]);
    expect(readdirSync(`${out}/releases`).toSorted()).toEqual(["5", "conf", "got", "in"]);
  });

  test("behind a link leads where the link leads, inside", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(`${inside}/releases/5`, { recursive: true });
    writeFileSync(`${inside}/conf`, "wrong");
    symlinkSync("releases/5", `${inside}/current`);
    await put(machine(), { from: { content: "right" }, to: `${inside}/current/../conf` });
    expect([text(`${inside}/releases/conf`), text(`${inside}/conf`)]).toEqual(["right", "wrong"]);
    await get(machine(), { from: `${inside}/current/../conf`, to: `${out}/` });
    expect(text(`${out}/conf`)).toBe("right");
  });

  test("alone is no name of a copy, in either direction", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(`${inside}/a/b`, { recursive: true });
    const file = thrown(put(machine(), { from: { content: "x" }, to: `${inside}/a/b/..` }));
    expect(await file).toMatchObject({ code: "ORB_FILE_EXISTS" });
    expect(await thrown(get(machine(), { from: `${inside}/a/..`, to: `${out}/` }))).toMatchObject({
      code: "ORB_USAGE",
    });
    expect([readdirSync(`${inside}/a`), readdirSync(out)]).toEqual([["b"], []]);
  });
});

test("FOLDER/. is what is in a folder, in and out", async () => {
  const { machine, inside, out } = await host();
  mkdirSync(`${out}/site/sub`, { recursive: true });
  writeFileSync(`${out}/site/sub/a`, "a");
  mkdirSync(`${out}/got`);
  writeFileSync(`${out}/got/old`, "old");
  await put(machine(), { from: `${out}/site/.`, to: `${inside}/www/` });
  expect(readdirSync(`${inside}/www`)).toEqual(["sub"]);
  await get(machine(), { from: `${inside}/www/.`, to: `${out}/got/` });
  expect([readdirSync(`${out}/got`).toSorted(), text(`${out}/got/sub/a`)]).toEqual([["old", "sub"], "a"]);
});

describe("a link", () => {
  test("that is named is followed, to a file and to a folder, in and out", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(`${out}/folder`);
    writeFileSync(`${out}/folder/a`, "a");
    symlinkSync("folder", `${out}/to folder`);
    symlinkSync("folder/a", `${out}/to file`);
    for (const name of ["to folder", "to file"]) await put(machine(), { from: `${out}/${name}`, to: `${inside}/` });
    expect([lstatSync(`${inside}/to folder`).isDirectory(), isFile(`${inside}/to file`)]).toEqual([true, true]);
    symlinkSync("to folder", `${inside}/2 folder`);
    symlinkSync("to file", `${inside}/2 file`);
    for (const name of ["2 folder", "2 file"]) await get(machine(), { from: `${inside}/${name}`, to: `${out}/got/` });
    expect([isFile(`${out}/got/2 folder/a`), isFile(`${out}/got/2 file`)]).toEqual([true, true]);
    expect([text(`${out}/got/2 folder/a`), text(`${out}/got/2 file`)]).toEqual(["a", "a"]);
  });

  test("that is named and leads nowhere, or to itself, is an error, in and out", async () => {
    const { machine, inside, out } = await host();
    for (const folder of [inside, out]) {
      symlinkSync("nowhere", `${folder}/dangling`);
      symlinkSync("loop", `${folder}/loop`);
    }
    for (const name of ["dangling", "loop"]) {
      const putting = await thrown(put(machine(), { from: `${out}/${name}`, to: `${inside}/new` }));
      const getting = await thrown(get(machine(), { from: `${inside}/${name}`, to: `${out}/new` }));
      expect(putting).toMatchObject({ code: "ORB_USAGE", detail: expect.stringContaining(name) });
      expect(getting).toMatchObject({ code: "ORB_COMMAND_FAILED", summary: "There is no such file inside" });
    }
    expect([existsSync(`${inside}/new`), existsSync(`${out}/new`)]).toEqual([false, false]);
  });

  test("in a folder stays one, wherever it leads, in and out", async () => {
    const { machine, inside, out } = await host();
    const links = { out: "/etc/passwd", up: "../../../..", loop: "loop", none: "no\nwhere ", odd: "-rf 'x'", dir: "." };
    mkdirSync(`${out}/links`);
    for (const [name, to] of Object.entries(links)) symlinkSync(to, `${out}/links/${name}`);
    await put(machine(), { from: `${out}/links`, to: `${inside}/` });
    await get(machine(), { from: `${inside}/links`, to: `${out}/back` });
    for (const folder of [`${inside}/links`, `${out}/back`])
      expect(
        Object.fromEntries(readdirSync(folder).map((name) => [name, readlinkSync(path.join(folder, name))])),
      ).toEqual(links);
  });

  test("on this side is replaced by a file and never written through", async () => {
    const { machine, inside, out } = await host();
    writeFileSync(`${out}/victim`, "safe");
    mkdirSync(`${out}/dir`);
    mkdirSync(`${out}/got`);
    symlinkSync("../victim", `${out}/got/a`);
    symlinkSync("../dir", `${out}/got/b`);
    mkdirSync(`${inside}/got`);
    for (const name of ["a", "b"]) writeFileSync(`${inside}/got/${name}`, "new");
    await get(machine(), { from: `${inside}/got`, to: `${out}/` });
    expect([text(`${out}/victim`), readdirSync(`${out}/dir`)]).toEqual(["safe", []]);
    expect([isFile(`${out}/got/a`), text(`${out}/got/b`)]).toEqual([true, "new"]);
  });

  test("on this side where a folder is to be is an error, and nothing goes through it", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(`${inside}/got/sub`, { recursive: true });
    writeFileSync(`${inside}/got/sub/passwd`, "theirs");
    mkdirSync(`${out}/elsewhere`);
    mkdirSync(`${out}/got`);
    symlinkSync("../elsewhere", `${out}/got/sub`);
    expect(await thrown(get(machine(), { from: `${inside}/got`, to: `${out}/` }))).toMatchObject({
      summary: "Something there can't be written here",
    });
    expect(readdirSync(`${out}/elsewhere`)).toEqual([]);
  });
});

const BIG = Buffer.alloc(700_000, BINARY);

/** Three big files with new content, to go where old ones stand. */
function threeFiles(from: string, to: string): void {
  mkdirSync(`${from}/f`);
  mkdirSync(`${to}/f`);
  for (const name of ["a", "b", "c"]) {
    writeFileSync(`${from}/f/${name}`, BIG);
    writeFileSync(`${to}/f/${name}`, "old");
  }
}

/** Which of them are new: whole, or as they were, and nothing besides. */
function whichAreNew(folder: string): string {
  expect(readdirSync(`${folder}/f`).filter((name) => !name.startsWith(".orbform-"))).toEqual(["a", "b", "c"]);
  return ["a", "b", "c"]
    .filter((name) => {
      const content = readFileSync(`${folder}/f/${name}`);
      expect(content.equals(BIG) || content.toString() === "old", name).toBe(true);
      return content.equals(BIG);
    })
    .join("");
}

describe("a machine that an outside hand stops half way through a folder", () => {
  test("has of what goes in files that are whole, and files as they were", async () => {
    const { machine, inside, out, folder } = await host();
    threeFiles(out, inside);
    const kill = (): void => {
      process.kill(-Number(text(path.join(folder, "pid.web"))), "SIGKILL");
    };
    const putting = put(machine(), {
      from: `${out}/f`,
      to: `${inside}/`,
      onProgress: ({ path: file, bytes }) => file.endsWith("/b") && bytes < BIG.length && kill(),
    });
    expect(await thrown(putting)).toMatchObject({ code: "ORB_CONNECTION" });
    expect(whichAreNew(inside)).toBe("a");
  });

  test("has none of many small files that travel together", async () => {
    const { machine, inside, out } = await host('head -c 60000 | env -i PATH="$PATH" "$@"; exit $?');
    mkdirSync(`${out}/many`);
    for (let at = 0; at < 200; at += 1) writeFileSync(`${out}/many/f${at}`, BINARY);
    expect(await thrown(put(machine(), { from: `${out}/many/.`, to: `${inside}/` }))).toMatchObject({
      code: "ORB_CONNECTION",
    });
    expect(readdirSync(inside)).toEqual([]);
  });

  test("gives of what goes out files that are whole, and leaves others as they were", async () => {
    const { machine, inside, out } = await host('env -i PATH="$PATH" "$@" | head -c 1000000; kill -9 $$');
    threeFiles(inside, out);
    expect(await thrown(get(machine(), { from: `${inside}/f`, to: `${out}/` }))).toMatchObject({
      code: "ORB_CONNECTION",
    });
    expect(whichAreNew(out)).toBe("a");
    expect(readdirSync(`${out}/f`)).toEqual(["a", "b", "c"]);
  });
});

test("a folder that a full disk has no room for is said to be one", async () => {
  const mount = 'mount -t tmpfs -o size=64k,nr_inodes=2 none "$here/in side" && : >"$here/in side/f" || exit 99';
  const { machine, inside } = await host(
    `export here; exec unshare --mount --map-root-user sh -c '${mount}; exec "$@"' sh "$@"`,
  );
  expect(await thrown(put(machine(), { from: { content: "x" }, to: `${inside}/new/f` }))).toMatchObject({
    code: "ORB_DISK_FULL",
  });
});

test("what can't be read on this side is an error that names it", async () => {
  const { machine, inside } = await host();
  const error = await thrown(put(machine(), { from: "/proc/self/mem", to: `${inside}/f` }));
  expect(error).toMatchObject({ code: "ORB_USAGE", detail: expect.stringContaining("/proc/self/mem") });
  expect(readdirSync(inside)).toEqual([]);
});
