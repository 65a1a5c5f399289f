import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../support/project.ts";

const project = new TestProject();
const counts = join(project.folder, "counts");
const names = Array.from({ length: 50 }, (_, at) => `m${at}`);
afterAll(() => project.remove());

/** Commands run on this computer; each writes down how many do so at once, and the first wait until ten do. */
beforeAll(async () => {
  mkdirSync(join(project.folder, "now"));
  const simulator = readFileSync(join(project.bin, "orbctl"), "utf8").replace(/^#!.*\n/, "");
  const run = `shift; name=$2
while [ $# -gt 0 ]; do case $1 in -m | -u | -w) shift 2 ;; *) break ;; esac; done
cd "${project.folder}"; : >"now/$name"; ls now | wc -l >>"${counts}"
while [ ! -e full ]; do [ "$(ls now | wc -l)" -lt 10 ] || : >full; sleep 0.05; done
"$@"; s=$?; rm "now/$name"; exit $s`;
  project.script("orbctl", `if [ "$1" = run ]; then\n${run}\nfi\n${simulator}`);
  for (let at = 0; at < 50; at += 5)
    await Promise.all(names.slice(at, at + 5).map((name) => project.outside("create", "alpine", name)));
});

test("fifty machines run one command each, ten at once", { tags: ["slow"] }, async () => {
  const ran = await project.orb(["on", names.join(","), "--parallelism", "10", "echo", "done"]);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const said = ran.stdout.trimEnd().split("\n");
  expect(said.map((line) => line.replace(/ +\| /, " ")).toSorted()).toEqual(
    names.map((name) => `${name} done`).toSorted(),
  );
  const atOnce = readFileSync(counts, "utf8").trim().split("\n").map(Number);
  expect([atOnce.length, Math.max(...atOnce)]).toEqual([50, 10]);
});
