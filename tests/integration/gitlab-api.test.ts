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

/** A GitLab that has two pages of whatever is listed. */
beforeEach(async () => {
  asked = [];
  answers = {};
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
    ORB_CI_TOKEN: "a-token",
    ORB_CI_STACK: "dev",
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

  it("tells the digest of the merged request's last plan", async () => {
    answers["GET /projects/1/repository/commits/abc/merge_requests"] = [
      { state: "closed", iid: 1 },
      { state: "merged", iid: 3 },
    ];
    const raw =
      "GET /projects/1/jobs/artifacts/refs%2Fmerge-requests%2F3%2Fhead/raw/orbform-plan/digest?job=orbform-plan";
    answers[raw] = "0abc\n";
    expect(await api("digest", "digest")).toEqual({ code: 0, said: "" });
    expect(readFileSync(join(folder, "digest"), "utf8")).toBe("0abc\n");
    answers[raw] = "--yes\n";
    expect(await api("digest", "digest")).toEqual({ code: 1, said: expect.stringContaining("no digest") });
    answers["GET /projects/1/repository/commits/abc/merge_requests"] = [];
    expect(await api("digest", "digest")).toEqual({ code: 1, said: expect.stringContaining("no merge request") });
  });

  it("keeps one issue about drift", async () => {
    const issues = "GET /projects/1/issues?state=opened&labels=orbform-drift&per_page=100&page=1";
    await api("issue", "plan.md", "0");
    await api("issue", "plan.md", "2");
    answers[issues] = [
      { iid: 5, description: null },
      { iid: 6, description: MARKER },
    ];
    await api("issue", "plan.md", "2");
    await api("issue", "plan.md", "0");
    expect(writes()).toEqual([
      { call: "POST /projects/1/issues", body: { title: "Drift: dev", description: body, labels: "orbform-drift" } },
      { call: "PUT /projects/1/issues/6", body: { description: body } },
      { call: "PUT /projects/1/issues/6", body: { state_event: "close" } },
    ]);
  });
});
