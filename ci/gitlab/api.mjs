// What the GitLab template asks of GitLab, with a token that may (ORB_CI_TOKEN: a project's access token, scope api).
//   node api.mjs note FILE     put a report under the merge request, over the note that has its first line
//   node api.mjs digest FILE   write the digest of the merged request's last plan
//   node api.mjs issue FILE CODE   open, rewrite (code 2) or close (code 0) the issue about drift
import { readFileSync, writeFileSync } from "node:fs";
import { argv, env, exit, stderr } from "node:process";

const project = `${env.CI_API_V4_URL}/projects/${encodeURIComponent(env.CI_PROJECT_ID ?? "")}`;
const headers = { "PRIVATE-TOKEN": env.ORB_CI_TOKEN ?? "", "Content-Type": "application/json" };

async function ask(method, path, body) {
  const url = path.startsWith("/user") ? `${env.CI_API_V4_URL}${path}` : `${project}${path}`;
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) fail(`GitLab answers ${answer.status} to ${method} ${path}.`);
  return answer;
}

function fail(why) {
  stderr.write(`${why}\n`);
  exit(1);
}

/** All pages. */
async function* all(path) {
  for (let page = "1"; page;) {
    const answer = await ask("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
    yield* await answer.json();
    page = answer.headers.get("x-next-page") ?? "";
  }
}

function markedReport(file) {
  const body = readFileSync(file, "utf8");
  const [marker = ""] = body.split("\n");
  if (!/^<!-- orbform:[A-Za-z0-9=%._/ -]+ -->$/.test(marker))
    fail("The report does not begin with the marker of Orbform.");
  return { body, marker };
}

const firstLine = (text) => (text ?? "").split("\n")[0].trimEnd();

async function note(file) {
  const { body, marker } = markedReport(file);
  const { id: me } = await (await ask("GET", "/user")).json();
  const notes = `/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
  for await (const each of all(notes)) {
    // Somebody else's note may have the same first line.
    if (each.author.id === me && firstLine(each.body) === marker)
      return await ask("PUT", `${notes}/${each.id}`, { body });
  }
  return await ask("POST", notes, { body });
}

async function digest(file) {
  const requests = await (await ask("GET", `/repository/commits/${env.CI_COMMIT_SHA}/merge_requests`)).json();
  const merged = requests.find(({ state }) => state === "merged");
  if (merged === undefined)
    fail("This commit comes from no merge request, so nobody has reviewed its plan. Give ORB_CI_EXPECT.");
  const ref = encodeURIComponent(`refs/merge-requests/${merged.iid}/head`);
  const job = encodeURIComponent(env.ORB_CI_PLAN_JOB ?? "orbform-plan");
  const found = (await (await ask("GET", `/jobs/artifacts/${ref}/raw/orbform-plan/digest?job=${job}`)).text()).trim();
  if (!/^[0-9a-f]+$/.test(found)) fail("There is no digest of a reviewed plan.");
  writeFileSync(file, `${found}\n`);
}

async function issue(file, code) {
  const { body, marker } = markedReport(file);
  let known;
  for await (const each of all("/issues?state=opened&labels=orbform-drift")) {
    if (firstLine(each.description) === marker) known = each.iid;
  }
  if (code !== "2") return known && (await ask("PUT", `/issues/${known}`, { state_event: "close" }));
  if (known) return await ask("PUT", `/issues/${known}`, { description: body });
  const title = `Drift: ${env.ORB_CI_STACK ?? "the stack"}`;
  return await ask("POST", "/issues", { title, description: body, labels: "orbform-drift" });
}

const [, , word, file, code] = argv;
await { note, digest, issue }[word](file, code);
