import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderWith } from "../support/stack-folder.ts";

const SCRIPT = fileURLToPath(new URL("../../ci/gitlab/api.mjs", import.meta.url));
const MARKER = "<!-- orbform:stack=dev -->";

interface Asked {
  readonly call: string;
  readonly body?: unknown;
}

let server: Server;
let folder: string;
let asked: Asked[];
let answers: Record<string, unknown>;
let ORB_CI_ENV: string;

/** A GitLab that has two pages of whatever is listed. */
beforeEach(async () => {
  asked = [];
  answers = {};
  ORB_CI_ENV = "";
  folder = await folderWith({ "plan.md": `${MARKER}\nThe plan.\n`, "other.md": "No marker.\n" });
  server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const call = `${request.method} ${request.url}`;
      asked.push({ call, ...(body !== "" && { body: JSON.parse(body) }) });
      const found = answers[call];
      if (request.headers["private-token"] !== "a-token") return response.writeHead(401).end();
      if (call.includes("&page=1") || call.includes("?per_page=100&page=1")) response.setHeader("x-next-page", "2");
      return response.end(
        typeof found === "string" ? found : JSON.stringify(found ?? (request.method === "GET" ? [] : {})),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function api(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const env = {
    CI_API_V4_URL: `http://127.0.0.1:${port}`,
    CI_PROJECT_ID: "1",
    CI_MERGE_REQUEST_IID: "3",
    CI_COMMIT_SHA: "abc",
    CI_COMMIT_BRANCH: "main",
    ORB_CI_TOKEN: "a-token",
    ORB_CI_STACK: "dev",
    ORB_CI_ENV,
  };
  return new Promise((done) => {
    execFile(process.execPath, [SCRIPT, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

const writes = (): readonly Asked[] => asked.filter(({ call }) => !call.startsWith("GET"));
const body = `${MARKER}\nThe plan.\n`;

describe("GitLab", () => {
  beforeEach(() => {
    answers["GET /user"] = { id: 7 };
  });

  it("gets a note with the plan where there is none of ours", async () => {
    answers["GET /projects/1/merge_requests/3/notes?per_page=100&page=1"] = [{ id: 1, author: { id: 8 }, body }];
    expect(await api("note", "plan.md")).toEqual({ code: 0, said: "" });
    expect(writes()).toEqual([{ call: "POST /projects/1/merge_requests/3/notes", body: { body } }]);
  });

  it("has our note written over, also on a later page", async () => {
    answers["GET /projects/1/merge_requests/3/notes?per_page=100&page=2"] = [
      { id: 4, author: { id: 7 }, body: `${MARKER}\r\nOld.` },
    ];
    expect(await api("note", "plan.md")).toEqual({ code: 0, said: "" });
    expect(writes()).toEqual([{ call: "PUT /projects/1/merge_requests/3/notes/4", body: { body } }]);
  });

  it("gets nothing that is no report", async () => {
    expect(await api("note", "other.md")).toEqual({ code: 1, said: expect.stringContaining("marker") });
    expect(asked).toEqual([]);
  });

  describe("after a merge", () => {
    const HEAD = "ffee";
    const merged = { state: "merged", iid: 3, sha: HEAD, target_branch: "main" };
    const REQUESTS = "GET /projects/1/repository/commits/abc/merge_requests?per_page=100&page=1";
    const PIPELINES = "GET /projects/1/merge_requests/3/pipelines?per_page=100&page=1";
    const pipeline = { id: 20, sha: HEAD, project_id: 1 };

    beforeEach(() => {
      answers[PIPELINES] = [{ ...pipeline, id: 21, sha: "older" }, { ...pipeline, id: 22, project_id: 8 }, pipeline];
      answers["GET /projects/1/pipelines/20/jobs?per_page=100&page=1"] = [{ id: 30, name: "test" }];
      answers["GET /projects/1/pipelines/20/jobs?per_page=100&page=2"] = [
        { id: 31, name: "orbform-plan", status: "success" },
      ];
      answers["GET /projects/1/jobs/31/artifacts/orbform-plan/digest"] = "0abc\n";
    });

    it.each([
      ["by a commit of its own", { merge_commit_sha: "abc", squash_commit_sha: null }],
      ["with its commits made one", { merge_commit_sha: "def", squash_commit_sha: "abc" }],
      ["by nothing but moving the branch", { sha: "abc", merge_commit_sha: null, squash_commit_sha: null }],
    ])("%s, tells the digest that its pipeline planned", async (_, how) => {
      answers[REQUESTS] = [
        { ...merged, iid: 1, merge_commit_sha: "other" },
        { ...merged, ...how },
      ];
      if ("sha" in how) answers[PIPELINES] = [{ ...pipeline, sha: how.sha }];
      expect(await api("digest", "digest")).toEqual({ code: 0, said: "" });
      expect(readFileSync(join(folder, "digest"), "utf8")).toBe("0abc\n");
    });

    it.each([
      ["there was none", []],
      [
        "of a request that only has the commit in it",
        [{ ...merged, merge_commit_sha: "def", squash_commit_sha: null }],
      ],
      ["into another branch", [{ ...merged, merge_commit_sha: "abc", target_branch: "else" }]],
      ["of nothing", [{ ...merged, state: "closed", merge_commit_sha: "abc" }]],
      ["that made another commit of it", [{ ...merged, sha: "abc", merge_commit_sha: "def" }]],
    ])("%s, tells no digest", async (_, requests) => {
      answers[REQUESTS] = requests;
      expect(await api("digest", "digest")).toEqual({ code: 1, said: expect.stringContaining("made by no merge") });
    });

    it.each([
      ["no pipeline of its last commit", { [PIPELINES]: [{ ...pipeline, sha: "older" }] }, "has no plan of its last"],
      [
        "no job with a plan",
        { "GET /projects/1/pipelines/20/jobs?per_page=100&page=2": [] },
        "has no plan of its last",
      ],
      [
        "a job that failed",
        {
          "GET /projects/1/pipelines/20/jobs?per_page=100&page=2": [{ id: 31, name: "orbform-plan", status: "failed" }],
        },
        "did not succeed",
      ],
      [
        "something else than a digest",
        { "GET /projects/1/jobs/31/artifacts/orbform-plan/digest": "--yes\n" },
        "is no digest",
      ],
    ])("with %s, tells no digest", async (_, more, why) => {
      answers[REQUESTS] = [{ ...merged, merge_commit_sha: "abc" }];
      Object.assign(answers, more);
      expect(await api("digest", "digest")).toEqual({ code: 1, said: expect.stringContaining(why) });
    });
  });

  it("keeps one issue about drift for each environment, and leaves alone what somebody else opened", async () => {
    const issues = "GET /projects/1/issues?state=opened&labels=orbform-drift&per_page=100&page=1";
    await api("issue", "plan.md", "0");
    await api("issue", "plan.md", "2");
    ORB_CI_ENV = "prod";
    await api("issue", "plan.md", "2");
    answers[issues] = [
      { iid: 5, author: { id: 7 }, description: null },
      { iid: 6, author: { id: 7 }, description: MARKER },
      { iid: 8, author: { id: 9 }, description: MARKER },
    ];
    await api("issue", "plan.md", "2");
    await api("issue", "plan.md", "0");
    const opened = (title: string) => ({ title, description: body, labels: "orbform-drift" });
    expect(writes()).toEqual([
      { call: "POST /projects/1/issues", body: opened("Drift: dev") },
      { call: "POST /projects/1/issues", body: opened("Drift: dev (prod)") },
      { call: "PUT /projects/1/issues/6", body: { description: body } },
      { call: "PUT /projects/1/issues/6", body: { state_event: "close" } },
    ]);
  });
});
