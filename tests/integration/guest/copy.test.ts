import { hash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
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
import type { GotEntry } from "../../../src/guest/got-stream.ts";
import { GET } from "../../../src/guest/guest-script.ts";
import { LocalWriter } from "../../../src/guest/local-writer.ts";
import { put } from "../../../src/guest/put.ts";
import type { Progress } from "../../../src/guest/transfer.ts";
import { busyboxPlace, hasPlaces } from "../../support/guest-place.ts";
import { hostSides, thrown } from "../../support/host-sides.ts";

const host = hostSides();

const modeOf = (file: string): string => (lstatSync(file).mode & 0o7777).toString(8);

/** Everything below a folder: paths with what they are. */
function tree(folder: string, prefix = ""): readonly string[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const file = path.join(folder, name);
      const facts = lstatSync(file);
      if (facts.isSymbolicLink()) return [`${prefix}${name} -> ${readlinkSync(file)}`];
      if (facts.isDirectory()) return [`${prefix}${name}/`, ...tree(file, `${prefix}${name}/`)];
      return [`${prefix}${name} ${modeOf(file)} ${readFileSync(file).toString("hex")}`];
    });
}

const NAMES = [
  "plain",
  "with space",
  'it\'s "quoted"',
  "line\nend\n",
  "-rf",
  "$HOME`id`",
  "..dots",
  ".hidden",
  "ü",
  "a:b",
  "*",
];
const BINARY = Buffer.from(Array.from({ length: 1537 }, (_, at) => (at * 7) % 256));

/** A folder with every name there is trouble with. */
function difficult(folder: string): void {
  mkdirSync(folder);
  for (const [at, name] of NAMES.entries()) {
    writeFileSync(path.join(folder, name), BINARY.subarray(0, [0, 1, 511, 512, 513, 1024, 1537][at % 7]));
    mkdirSync(path.join(folder, `${name}.d`));
    writeFileSync(path.join(folder, `${name}.d`, name), name);
  }
  mkdirSync(path.join(folder, "empty"));
  writeFileSync(path.join(folder, "big"), Buffer.alloc(700_000, BINARY));
  chmodSync(path.join(folder, "plain"), 0o751);
  symlinkSync("../out side/nowhere", path.join(folder, "link"));
  symlinkSync("/etc", path.join(folder, "link to a folder"));
}

describe("a folder", () => {
  test("goes in and comes out as it was: names, bytes, modes, links", async () => {
    const { machine, inside, out } = await host();
    difficult(path.join(out, "site"));
    await put(machine(), { from: path.join(out, "site"), to: `${inside}/` });
    expect(tree(path.join(inside, "site"))).toEqual(tree(path.join(out, "site")));
    await get(machine(), { from: `${inside}/site`, to: path.join(out, "back") });
    expect(tree(path.join(out, "back"))).toEqual(tree(path.join(out, "site")));
    expect([...readdirSync(inside), ...readdirSync(out).toSorted()]).toEqual(["site", "back", "site"]);
  });

  const NEEDED = "sh cat mv rm rmdir chmod chown mkdir stat wc dd ln head readlink tr sha256sum".split(" ");
  const BUSYBOX = ["/bin/busybox", "/usr/bin/busybox"].find((file) => existsSync(file));

  test.skipIf(BUSYBOX === undefined)("does so where there is nothing but busybox", async () => {
    const { machine, inside, out, folder } = await host(
      'first=$1; shift; exec env -i PATH="$here/bin" "$here/bin/$first" "$@"',
    );
    mkdirSync(path.join(folder, "bin"));
    for (const name of NEEDED) symlinkSync(BUSYBOX ?? "", path.join(folder, "bin", name));
    difficult(path.join(out, "site"));
    await put(machine(), { from: path.join(out, "site"), to: `${inside}/` });
    await get(machine(), { from: `${inside}/site`, to: path.join(out, "back") });
    expect(tree(path.join(inside, "site"))).toEqual(tree(path.join(out, "site")));
    expect(tree(path.join(out, "back"))).toEqual(tree(path.join(out, "site")));
  });

  test("of fifty files takes one call, and a second time changes nothing", async () => {
    const { machine, inside, out, calls } = await host();
    mkdirSync(path.join(out, "many"));
    for (let at = 0; at < 50; at += 1) writeFileSync(path.join(out, "many", `f${at}`), `content ${at}\n`);
    const told: Progress[] = [];
    await put(machine(), { from: path.join(out, "many"), to: `${inside}/many`, onProgress: (each) => told.push(each) });
    expect([(await calls()).length - 1, told.length]).toEqual([1, 50]);
    await put(machine(), { from: `${out}/many/.`, to: `${inside}/many/` });
    await get(machine(), { from: `${inside}/many`, to: path.join(out, "back") });
    expect(tree(path.join(out, "back"))).toEqual(tree(path.join(out, "many")));
    expect((await calls()).length - 1).toBe(3);
  });

  test("is made though it is empty, with folders above it", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(path.join(out, "empty"), { mode: 0o750 });
    await put(machine(), { from: path.join(out, "empty"), to: `${inside}/a/b/c` });
    expect([tree(inside), modeOf(`${inside}/a/b/c`)]).toEqual([["a/", "a/b/", "a/b/c/"], "750"]);
  });

  test("never goes through a link that stands where a folder is to be", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(path.join(out, "site/sub"), { recursive: true });
    writeFileSync(path.join(out, "site/sub/passwd"), "ours");
    mkdirSync(path.join(inside, "elsewhere"));
    mkdirSync(path.join(inside, "site"));
    symlinkSync("../elsewhere", path.join(inside, "site/sub"));
    const error = await thrown(put(machine(), { from: path.join(out, "site"), to: `${inside}/site` }));
    expect(error).toMatchObject({ code: "ORB_FILE_EXISTS" });
    expect(readdirSync(path.join(inside, "elsewhere"))).toEqual([]);
  });
});

describe("a file", () => {
  test("gets the mode it is given, replaces what stood there and keeps nothing else", async () => {
    const { machine, inside } = await host();
    const to = `${inside}/conf`;
    await put(machine(), { from: { content: "one" }, to });
    expect([readFileSync(to, "utf8"), modeOf(to)]).toEqual(["one", "644"]);
    await put(machine(), { from: { content: BINARY }, to, mode: 0o4750 });
    expect([readFileSync(to).equals(BINARY), modeOf(to), readdirSync(inside)]).toEqual([true, "4750", ["conf"]]);
  });

  test("gets the owner it is given, else that of what it replaces, else that of its folder", async () => {
    const { machine, inside } = await host('exec env -i PATH="$here/bin:$PATH" LOG="$here/owners" "$@"');
    mkdirSync(path.join(inside, "../bin"));
    writeFileSync(path.join(inside, "../bin/chown"), '#!/bin/sh\necho "$2" >>"$LOG"\n', { mode: 0o755 });
    const { uid, gid } = lstatSync(inside);
    for (const owner of [{ owner: "www-data" }, { owner: "1:2" }, {}])
      await put(machine(), { from: { content: "x" }, to: `${inside}/f`, ...owner });
    expect(readFileSync(path.join(inside, "../owners"), "utf8")).toBe(`www-data:\n1:2\n${uid}:${gid}\n`);
  });

  test("replaces a link and leaves alone what it leads to", async () => {
    const { machine, inside } = await host();
    writeFileSync(`${inside}/victim`, "safe");
    mkdirSync(`${inside}/folder`);
    symlinkSync("victim", `${inside}/a`);
    symlinkSync("folder", `${inside}/b`);
    for (const name of ["a", "b"]) await put(machine(), { from: { content: "new" }, to: `${inside}/${name}` });
    expect([readFileSync(`${inside}/victim`, "utf8"), readFileSync(`${inside}/a`, "utf8")]).toEqual(["safe", "new"]);
    expect([readdirSync(`${inside}/folder`), lstatSync(`${inside}/b`).isFile()]).toEqual([[], true]);
  });

  test("is told as whole once it stands in its place, and never where it can't", async () => {
    const { machine, inside, out } = await host();
    mkdirSync(`${inside}/dir`);
    mkdirSync(`${out}/dir`);
    writeFileSync(`${inside}/f`, "there");
    writeFileSync(`${inside}/dir/f`, "there");
    writeFileSync(`${out}/big`, Buffer.alloc(700_000, BINARY));
    const whole: string[] = [];
    const onProgress =
      (place: string) =>
      ({ bytes, totalBytes }: Progress): void => {
        if (bytes >= totalBytes) whole.push(`${place}: ${existsSync(place) && lstatSync(place).isFile()}`);
      };
    const copy = async (from: string, to: string): Promise<void> =>
      put(machine(), { from: `${out}/${from}`, to, onProgress: onProgress(to) });
    await copy("big", `${inside}/new`);
    expect(await thrown(copy("big", `${inside}/dir`))).toMatchObject({ code: "ORB_FILE_EXISTS" });
    await get(machine(), { from: `${inside}/f`, to: `${out}/f`, onProgress: onProgress(`${out}/f`) });
    const refused = get(machine(), { from: `${inside}/f`, to: `${out}/dir`, onProgress: onProgress(`${out}/dir`) });
    expect(await thrown(refused)).toMatchObject({ code: "ORB_COMMAND_FAILED" });
    expect(whole).toEqual([`${inside}/new: true`, `${out}/f: true`]);
  });

  test("has a name on this side, which an empty path is none of", async () => {
    const { machine, inside, calls } = await host();
    expect(await thrown(put(machine(), { from: "", to: `${inside}/` }))).toMatchObject({ code: "ORB_USAGE" });
    expect(await thrown(get(machine(), { from: inside, to: "" }))).toMatchObject({ code: "ORB_USAGE" });
    expect((await calls()).length - 1).toBe(0);
  });

  test("is refused where a folder stands", async () => {
    const { machine, inside } = await host();
    mkdirSync(`${inside}/dir`);
    const error = await thrown(put(machine(), { from: { content: "x" }, to: `${inside}/dir` }));
    expect(error).toMatchObject({ code: "ORB_FILE_EXISTS", detail: expect.stringContaining(`${inside}/dir`) });
    expect(readdirSync(inside)).toEqual(["dir"]);
  });

  test("whose content was cut on the way is not put in place", async () => {
    const { machine, inside, out } = await host('head -c 300000 | env -i PATH="$PATH" "$@"; exit $?');
    writeFileSync(`${inside}/f`, "old");
    writeFileSync(`${out}/f`, Buffer.alloc(1_000_000, 7));
    const error = await thrown(put(machine(), { from: `${out}/f`, to: `${inside}/f` }));
    expect(error).toMatchObject({ code: "ORB_CONNECTION", summary: "A file did not arrive whole" });
    expect(tree(inside)).toEqual([`f 644 ${Buffer.from("old").toString("hex")}`]);
  });

  test("on a machine that stops half way is not put in place", async () => {
    const { machine, inside, out, folder } = await host();
    writeFileSync(`${inside}/f`, "old");
    writeFileSync(`${out}/f`, Buffer.alloc(4_000_000, 7));
    const error = await thrown(
      put(machine(), {
        from: `${out}/f`,
        to: `${inside}/f`,
        onProgress: ({ bytes }) => {
          if (bytes < 1_000_000) process.kill(-Number(readFileSync(path.join(folder, "pid.web"), "utf8")), "SIGKILL");
        },
      }),
    );
    expect(error).toMatchObject({ code: "ORB_CONNECTION" });
    expect(readFileSync(`${inside}/f`, "utf8")).toBe("old");
  });

  test("that a full disk has no room for leaves nothing behind", async () => {
    const mount = 'mount -t tmpfs -o size=200k none "$here/in side" && echo old >"$here/in side/f" || exit 99';
    const after = 'ls -A "$here/in side" >"$here/left"; cat "$here/in side/f" >>"$here/left"; exit $s';
    const { machine, inside, out, folder } = await host(
      `export here; exec unshare --mount --map-root-user sh -c '${mount}; "$@"; s=$?; ${after}' sh "$@"`,
    );
    writeFileSync(`${out}/f`, Buffer.alloc(1_000_000, 7));
    mkdirSync(`${out}/many`);
    for (let at = 0; at < 9; at += 1) writeFileSync(`${out}/many/f${at}`, Buffer.alloc(100_000, at));
    for (const from of ["f", "many/."]) {
      const error = await thrown(put(machine(), { from: `${out}/${from}`, to: `${inside}/` }));
      expect(error).toMatchObject({ code: "ORB_DISK_FULL" });
      expect(readFileSync(path.join(folder, "left"), "utf8")).toBe("f\nold\n");
    }
  });

  test("that a link was to replace is there still where the link can't be made", async () => {
    const { machine, inside, out } = await host('exec env -i PATH="$here/bin:$PATH" "$@"');
    mkdirSync(path.join(inside, "../bin"));
    const full = "#!/bin/sh\necho 'ln: No space left on device' >&2\nexit 1\n";
    writeFileSync(path.join(inside, "../bin/ln"), full, { mode: 0o755 });
    mkdirSync(`${out}/site`);
    symlinkSync("elsewhere", `${out}/site/f`);
    mkdirSync(`${inside}/site`);
    writeFileSync(`${inside}/site/f`, "old");
    const error = await thrown(put(machine(), { from: `${out}/site`, to: `${inside}/` }));
    expect(error).toMatchObject({ code: "ORB_DISK_FULL" });
    expect(tree(inside)).toEqual(["site/", `site/f 644 ${Buffer.from("old").toString("hex")}`]);
  });

  test.skipIf(!hasPlaces)("needs programs, and says which one is missing", async () => {
    const hidden = "mount --bind /dev/null /usr/bin/chown || exit 99";
    const { machine, inside } = await host(`exec unshare --mount sh -c '${hidden}; exec "$@"' sh "$@"`);
    const error = await thrown(put(machine(), { from: { content: "x" }, to: `${inside}/f` }));
    expect(error).toMatchObject({ code: "ORB_NOT_CAPABLE", detail: expect.stringContaining("chown") });
  });

  test("that isn't there, or has no absolute path, is told of before anything is run", async () => {
    const { machine, out, calls } = await host();
    for (const request of [
      { from: `${out}/nope`, to: "/tmp/x" },
      { from: { content: "" }, to: "tmp/x" },
      { from: { content: "" }, to: "/tmp/" },
      { from: { content: "" }, to: "/tmp/x", owner: "-R" },
    ])
      expect(await thrown(put(machine(), request))).toMatchObject({ code: "ORB_USAGE" });
    expect(await calls()).toEqual([""]);
  });

  test("passes in and out without its content in any argument list or error", async () => {
    const { machine, inside, out, calls } = await host();
    const secret = "hunter2-secret";
    await put(machine(), { from: { content: secret }, to: `${inside}/key`, mode: 0o600 });
    await get(machine(), { from: `${inside}/key`, to: `${out}/key` });
    expect([readFileSync(`${out}/key`, "utf8"), modeOf(`${out}/key`)]).toEqual([secret, "600"]);
    mkdirSync(`${inside}/d`);
    const error = await thrown(put(machine(), { from: { content: secret }, to: `${inside}/d` }));
    expect(JSON.stringify(error) + String(error) + (await calls()).join("")).not.toContain(secret);
  });
});

describe("getting", () => {
  test("what isn't there fails and makes nothing", async () => {
    const { machine, inside, out } = await host();
    expect(await thrown(get(machine(), { from: `${inside}/nope`, to: `${out}/nope` }))).toMatchObject({
      code: "ORB_COMMAND_FAILED",
      summary: "There is no such file inside",
    });
    expect(readdirSync(out)).toEqual([]);
  });

  test("of a machine that stops half way leaves what was there", async () => {
    const { machine, inside, out } = await host('env -i PATH="$PATH" "$@" | head -c 300000; kill -9 $$');
    writeFileSync(`${inside}/f`, Buffer.alloc(1_000_000, 7));
    writeFileSync(`${out}/f`, "old");
    expect(await thrown(get(machine(), { from: `${inside}/f`, to: `${out}/` }))).toMatchObject({
      code: "ORB_CONNECTION",
    });
    expect(tree(out)).toEqual([`f 644 ${Buffer.from("old").toString("hex")}`]);
  });

  test("of a file that is written to meanwhile gives it as it was measured", async () => {
    const { machine, inside, out } = await host('exec env -i PATH="$here/bin:$PATH" "$@"');
    mkdirSync(path.join(inside, "../bin"));
    const grow = '#!/bin/sh\n/usr/bin/head "$@"\necho more >>"$3"\n';
    writeFileSync(path.join(inside, "../bin/head"), grow, { mode: 0o755 });
    writeFileSync(`${inside}/log`, "as it was\n");
    await get(machine(), { from: `${inside}/log`, to: `${out}/log` });
    expect(readFileSync(`${out}/log`, "utf8")).toBe("as it was\n");
  });

  test("of a file that changes while it is read fails and leaves what was there", async () => {
    const { machine, inside, out } = await host('exec env -i PATH="$here/bin:$PATH" "$@"');
    mkdirSync(path.join(inside, "../bin"));
    const change = '#!/bin/sh\n/usr/bin/head "$@"\nprintf other >"$3"\n';
    writeFileSync(path.join(inside, "../bin/head"), change, { mode: 0o755 });
    writeFileSync(`${inside}/f`, "first");
    writeFileSync(`${out}/f`, "old");
    const error = await thrown(get(machine(), { from: `${inside}/f`, to: `${out}/f` }));
    expect(error).toMatchObject({ code: "ORB_CONNECTION", summary: "A file did not arrive whole" });
    expect(tree(out)).toEqual([`f 644 ${Buffer.from("old").toString("hex")}`]);
  });

  test.each([
    ["out of the folder", "f 644 1 DIGEST ./../evil"],
    ["to an absolute path", "f 644 1 DIGEST /evil"],
    ["through a link", "f 644 1 DIGEST ./link/evil"],
    ["with nothing before it", "f 644 1 DIGEST ./no/evil"],
  ])("follows no path that a machine makes up: %s", async (_, line) => {
    const digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    const words = String.raw`for word; do :; done; printf '%s d 755 0 - .//\n%s %s//\nx%s z 0 0 - 2//\n' "$word" "$word" "${line.replace("DIGEST", digest)}" "$word"`;
    const { machine, out, folder } = await host(
      String.raw`m=$6$5; printf '\036%s begin\n' "$m"; ${words}; printf '\036%s end 0\n' "$m"`,
    );
    mkdirSync(`${out}/x`);
    symlinkSync("..", `${out}/x/link`);
    expect(await thrown(get(machine(), { from: "/x", to: `${out}/x` }))).toMatchObject({
      summary: "Something there can't be written here",
    });
    expect([existsSync(`${out}/evil`), existsSync(`${folder}/evil`), readdirSync(`${out}/x`)]).toEqual([
      false,
      false,
      ["link"],
    ]);
  });
});

test("programs are found where distributions have them, though the machine's PATH is short", async () => {
  const { machine, inside, out } = await host('shift; PATH=/nowhere exec /bin/sh "$@"');
  await put(machine(), { from: { content: "x" }, to: `${inside}/f` });
  await get(machine(), { from: `${inside}/f`, to: `${out}/f` });
  expect(readFileSync(path.join(out, "f"), "utf8")).toBe("x");
});

describe.skipIf(!hasPlaces)("a machine's root", () => {
  test("is given with what is in it by names of its own", () => {
    const place = busyboxPlace();
    const { stdout, exitCode } = place.run(`set -- / word\n${GET}`);
    place.close();
    const paths = [...stdout.matchAll(/^word d \d+ 0 - (.*)\/\/$/gm)].map(([, found]) => found);
    expect([exitCode, paths.slice(0, 3)]).toEqual([0, [".", "./bin", "./dev"]]);
  });
});

describe("a name that this computer's disk takes for that of a file which came before", () => {
  const entry = (kind: "file" | "folder" | "link", name: string, text = "") =>
    ({ kind, mode: 0o755, size: text.length, digest: hash("sha256", text), path: name }) as const;

  test.each(["file", "link"] as const)("is refused, and the file is left: a %s", async (kind) => {
    const { out } = await host();
    const writer = new LocalWriter({ root: path.join(out, "got"), word: "word" });
    const give = async (given: GotEntry, text: string): Promise<void> => {
      await writer.begin(given);
      await writer.piece(Buffer.from(text));
      await writer.end(given);
    };
    await writer.begin(entry("folder", "."));
    await give(entry("file", "./name", "first"), "first");
    // As a disk shows it that does not tell capitals from small letters.
    linkSync(path.join(out, "got/name"), path.join(out, "got/NAME"));
    const second = give(entry(kind, "./NAME", "second"), "second").then(() => writer.close(true));
    expect(await thrown(second)).toMatchObject({
      code: "ORB_COMMAND_FAILED",
      detail: expect.stringContaining("under another spelling"),
    });
    await writer.close(false);
    expect(readFileSync(path.join(out, "got/name"), "utf8")).toBe("first");
    expect(readFileSync(path.join(out, "got/NAME"), "utf8")).toBe("first");
  });
});
