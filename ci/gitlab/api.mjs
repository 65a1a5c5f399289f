// What the GitLab template asks of GitLab, with a token that may (ORB_CI_TOKEN: a project's access token, scope api).
//   node api.mjs note FILE     put a report under the merge request, over the note that has its first line
//   node api.mjs digest FILE   write the digest of the plan of the last commit of the request whose merge made this commit
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
  if (!/^<!-- orbform:[A-Za-z0-9=%._/ -]* -->$/.test(marker))
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

/** Everything of all pages, the newest first. */
async function newestFirst(path) {
  const found = await Array.fromAsync(all(path));
  return found.toSorted((one, other) => other.id - one.id);
}

/** The request whose merge made the commit: others, merged elsewhere, may have it in them too. */
async function mergedRequest() {
  const { CI_COMMIT_SHA: commit, CI_COMMIT_BRANCH: branch } = env;
  for await (const request of all(`/repository/commits/${commit}/merge_requests`)) {
    const { state, target_branch, sha, merge_commit_sha, squash_commit_sha } = request;
    if (state !== "merged" || target_branch !== branch) continue;
    const made = [merge_commit_sha, squash_commit_sha].filter(Boolean);
    // A fast-forward makes no commit: the branch is moved to the request's last one.
    if (made.length === 0 ? sha === commit : made.includes(commit)) return request;
  }
  return fail(
    "This commit was made by no merge of a merge request into this branch, so nobody has reviewed its plan. Run a pipeline by hand with the digest that is to be applied, as ORB_CI_EXPECT.",
  );
}

/** The job with the plan of a request's last commit. A fork's pipeline is in the fork, and says what the fork likes. */
async function planJob({ iid, sha }) {
  const name = env.ORB_CI_PLAN_JOB ?? "orbform-plan";
  for (const pipeline of await newestFirst(`/merge_requests/${iid}/pipelines`)) {
    if (pipeline.sha !== sha || String(pipeline.project_id) !== env.CI_PROJECT_ID) continue;
    const job = (await newestFirst(`/pipelines/${pipeline.id}/jobs`)).find((each) => each.name === name);
    if (job === undefined) continue;
    if (job.status === "success") return job;
    return fail(
      `The job ${name} of merge request ${iid} on its last commit (${sha}) did not succeed: there is no plan that could have been reviewed.`,
    );
  }
  return fail(
    `Merge request ${iid} has no plan of its last commit (${sha}): no pipeline of this project on it has a job ${name}. Run a pipeline by hand with the digest that is to be applied, as ORB_CI_EXPECT.`,
  );
}

async function digest(file) {
  const job = await planJob(await mergedRequest());
  const found = (await (await ask("GET", `/jobs/${job.id}/artifacts/orbform-plan/digest`)).text()).trim();
  if (!/^[0-9a-f]+$/.test(found)) fail("There is no digest of a reviewed plan.");
  writeFileSync(file, `${found}\n`);
}

async function issue(file, code) {
  const { body, marker } = markedReport(file);
  const { id: me } = await (await ask("GET", "/user")).json();
  let known;
  for await (const each of all("/issues?state=opened&labels=orbform-drift")) {
    // Somebody else's issue may have the same first line.
    if (each.author.id === me && firstLine(each.description) === marker) known = each.iid;
  }
  if (code !== "2") return known && (await ask("PUT", `/issues/${known}`, { state_event: "close" }));
  if (known) return await ask("PUT", `/issues/${known}`, { description: body });
  const title = `Drift: ${env.ORB_CI_STACK || "the stack"}${env.ORB_CI_ENV ? ` (${env.ORB_CI_ENV})` : ""}`;
  return await ask("POST", "/issues", { title, description: body, labels: "orbform-drift" });
}

const [, , word, file, code] = argv;
await { note, digest, issue }[word](file, code);
