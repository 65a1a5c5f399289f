// A `gh` that stands for GitHub in one JSON file ($FAKE_GH): answers the calls of ci/*.sh, and writes each down.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { argv, env, exit, stderr, stdout } from "node:process";

const path = env.FAKE_GH;
const world = JSON.parse(readFileSync(path, "utf8"));
const args = argv.slice(2);
world.calls.push(args);

const valueOf = (flag) => args[args.indexOf(flag) + 1];
const fields = Object.fromEntries(
  args.flatMap((each, index) => {
    if (args[index - 1] !== "-F" && args[index - 1] !== "-f") return [];
    const at = each.indexOf("=");
    const text = each.slice(at + 1);
    const isFile = args[index - 1] === "-F" && text.startsWith("@");
    return [[each.slice(0, at), isFile ? readFileSync(text.slice(1), "utf8") : text]];
  }),
);
const firstLine = (text) => text.split("\n")[0];
const method = args.includes("-X") ? valueOf("-X") : "GET";
const url = args.find((each) => each.startsWith("repos/")) ?? "";

// GitHub lists pull requests among the issues.
const passesPullsOver = () => valueOf("--jq").includes(".pull_request == null");

function answer() {
  if (args[0] === "run") {
    cpSync(world.artifacts[valueOf("--name")].folder, valueOf("--dir"), { recursive: true });
    return [];
  }
  if (world.forbidden?.includes(method)) {
    stderr.write("gh: Resource not accessible by integration (HTTP 403)\n");
    exit(1);
  }
  if (url.endsWith("/pulls"))
    return world.pulls.map(({ number, head, merge = "abc" }) => `${merge}\t${number}\t${head}`);
  if (url.includes("/actions/artifacts?name=")) {
    const name = url.split("name=")[1];
    const { run, head = name.split("-").at(-1) } = world.artifacts[name] ?? {};
    // A newer one of another commit's run, which anybody may have named so.
    return run ? [`${"e".repeat(40)}\t66`, `${head}\t${run}`] : [];
  }
  if (url.endsWith("/comments") && method === "GET")
    return world.comments.map(({ id, login, body }) => `${id}\t${login}\t${firstLine(body)}`);
  if (url.endsWith("/comments"))
    world.comments.push({ id: 100 + world.comments.length, login: "github-actions[bot]", body: fields.body });
  if (url.includes("/issues/comments/")) world.comments.find(({ id }) => url.endsWith(`/${id}`)).body = fields.body;
  if (url.includes("/issues?"))
    return world.issues
      .filter(({ state, pull }) => state === "open" && !(pull && passesPullsOver()))
      .map(({ number, login, body }) => `${number}\t${login}\t${firstLine(body)}`);
  if (url.endsWith("/issues"))
    world.issues.push({
      number: 7 + world.issues.length,
      login: "github-actions[bot]",
      state: "open",
      title: fields.title,
      body: fields.body,
    });
  if (/\/issues\/\d+$/.test(url))
    Object.assign(
      world.issues.find(({ number }) => url.endsWith(`/${number}`)),
      fields,
    );
  if (url.endsWith("/sarifs")) world.sarif = fields.sarif;
  return [];
}

stdout.write(
  answer()
    .map((line) => `${line}\n`)
    .join(""),
);
writeFileSync(path, JSON.stringify(world));
