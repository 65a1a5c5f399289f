import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;

/** Two texts of a stack, each with what the other has not: whatever lies inside is made, changed and taken away by turns. */
const TEXTS = {
  odd: `
const page = file({ on: web, path: "/srv/page", content: "odd\\n", mode: 0o640 });
const old = file({ on: web, path: "/srv/old", content: "odd\\n" });
const tools = packages({ on: web, install: ["nginx", "curl"] });
const nginx = service({ on: web, name: "nginx", restartOn: [page], lifecycle: { dependsOn: [tools] } });
const ada = user({ on: web, name: "ada", shell: "/bin/sh", groups: [] });
const once = command({ on: web, run: "echo odd >> /srv/log" });
const made = command({ on: web, run: "echo odd >> /srv/made", creates: "/srv/made" });
export default defineStack({ resources: { web, page, old, tools, nginx, ada, once, made } });`,
  even: `
const page = file({ on: web, path: "/srv/page", content: "even\\n", mode: 0o600 });
const old = file({ on: web, path: "/srv/old", content: "even\\n" });
const site = directory({ on: web, path: "/srv/site", mode: 0o750 });
const within = file({ on: web, path: "/srv/site/in", content: "in\\n", lifecycle: { dependsOn: [site] } });
const tools = packages({ on: web, install: ["nginx", "jq"] });
const nginx = service({ on: web, name: "nginx", restartOn: [page], lifecycle: { dependsOn: [tools] } });
const ada = user({ on: web, name: "ada", shell: "/bin/bash", groups: ["www"] });
const eve = user({ on: web, name: "eve" });
const once = command({ on: web, run: "echo even >> /srv/log" });
export default defineStack({ resources: { web, page, old, site, within, tools, nginx, ada, eve, once } });`,
} as const;

type Text = keyof typeof TEXTS;

const stackOf = (text: Text): string => `
import { command, defineStack, directory, file, machine, packages, service, user } from "orbform";
const web = machine({ image: "debian:bookworm" });${TEXTS[text]}
`;

/** What lies there as each text asks, in the words of {@link LOOK}. */
const LIES: { readonly [text in Text]: string } = {
  odd: "odd 640\nodd\nno site\ncurl nginx\nada /bin/sh:\nmade odd\nrestarted since\n",
  even: "even 600\neven\nin 750\njq nginx\nada /bin/bash:www\neve\nno made\nrestarted since\n",
};

const LOOK = `cd /srv
echo "$(cat page) $(stat -c %a page)"
cat old
if [ -d site ]; then echo "$(cat site/in) $(stat -c %a site)"; else echo no site; fi
echo $(for each in curl jq nginx; do dpkg-query -W -f '\${Package}\\n' $each 2>/dev/null; done)
echo "ada $(sed -n 's/^ada:.*:\\(.*\\)/\\1/p' /etc/passwd):$(sed -n 's/^\\([^:]*\\):.*[:,]ada$/\\1/p' /etc/group)"
id -un eve 2>/dev/null
if [ -e made ]; then echo "made $(cat made)"; else echo no made; fi
[ /run/units/started-nginx -nt page ] && echo restarted since
ls -A | grep orbform
`;

const STRANGERS = "cd /srv; stat -c '%n %a %U %Y' theirs; cat theirs; cd /home; ls; grep ^bob /etc/passwd";

/** Where an apply is killed: a point of kill-at.mjs, and what the client does that was let go there. */
interface Kill {
  readonly point: string;
  /** Of the clients that change something inside, the one that dies before it does anything, counted from 1. */
  readonly dying?: number;
}

/** As many as an apply of either text takes at least. */
const STEPS = 8;

/** Every kind of moment of every step; or a few of them, where ORBFORM_KILLS is not `all`. Each apply is of the other text. */
function kills(): readonly Kill[] {
  if (process.env["ORBFORM_KILLS"] !== "all") {
    return [{ point: "go:1", dying: 1 }, { point: "go:3" }, { point: "intent:5" }, { point: "outcome:4" }];
  }
  return Array.from({ length: STEPS }, (_, index) => index + 1).flatMap((step): Kill[] => [
    { point: `intent:${step}` },
    { point: `go:${step}` },
    { point: `go:${step}`, dying: step },
    { point: `outcome:${step}` },
    { point: `any:${8 * step}` },
  ]);
}

/** Puts an `orbctl` in the way of which the client that ORBFORM_TEST_DYING numbers dies before it does anything. */
function mortalClients(project: TestProject): void {
  const real = readFileSync(join(project.bin, "orbctl"), "utf8").replace(/^#!.*\n/, "");
  const count = join(project.folder, "changes");
  project.script(
    "orbctl",
    `unset NODE_OPTIONS
case "$*" in *' verdict '*)
  number=$(($(cat "${count}" 2>/dev/null || echo 0) + 1))
  echo $number > "${count}"
  [ "$number" != "$ORBFORM_TEST_DYING" ] || kill -9 $$
esac
${real}`,
  );
}

describe("what lies inside a machine whose applies are killed", { tags: ["slow"], timeout: 900_000 }, () => {
  const project = new TestProject();
  const on = async (script: string): Promise<string> =>
    (await project.outside("run", "-m", "web", "-u", "root", "sh", "-c", script)).stdout;
  const apply = (env = {}) => project.orb(["apply", "dev", "--yes"], env);

  beforeAll(async () => {
    mortalClients(project);
    project.stack(
      "dev",
      stackOf("even").replace(/const page[^]*/, "export default defineStack({ resources: { web } });"),
    );
    expect(await apply()).toMatchObject({ code: 0 });
    await on("cd /srv; echo theirs > theirs; chmod 604 theirs; echo before > old; chmod 600 old; useradd bob");
    project.stack("dev", stackOf("even"));
    expect(await apply()).toMatchObject({ code: 0 });
  });
  afterAll(() => project.remove());

  it("is as the stack asks after the next one, and nobody else's was touched", async () => {
    let text: Text = "even";
    const strangers = await on(STRANGERS);
    const originals = originalsOf(project);
    let lines = 1;
    for (const kill of kills()) {
      text = text === "odd" ? "even" : "odd";
      project.stack("dev", stackOf(text));
      await on("rm -f /srv/made");
      await killedAt(project, kill);
      const next = await apply();
      expect(next, `${JSON.stringify(kill)}: ${next.stderr}`).toMatchObject({ code: 0 });
      const seen = `${JSON.stringify(kill)}, ${text}`;
      expect([seen, await on(LOOK)]).toEqual([seen, LIES[text]]);
      expect([seen, await on(STRANGERS), originalsOf(project)]).toEqual([seen, strangers, originals]);
      const log = (await on("cat /srv/log")).trimEnd().split("\n");
      const ran = log.slice(lines);
      // A client that was let go goes on to the end of its command, which leaves word of it; one that dies never begins.
      expect([seen, ran]).toEqual([seen, [text]]);
      lines = log.length;
      expect([seen, await project.orb(["plan", "dev", "--detailed-exitcode"])]).toMatchObject([seen, { code: 0 }]);
    }
  });
});

/** A real apply that is seen to die where it is to, if it comes so far. */
async function killedAt(project: TestProject, { point, dying }: Kill): Promise<void> {
  const mark = join(project.folder, "killed");
  for (const each of [mark, join(project.folder, "changes")]) rmSync(each, { force: true });
  const killed = await project.orb(["apply", "dev", "--yes"], {
    NODE_OPTIONS: `--import=${KILL_AT}`,
    ORBFORM_TEST_KILL_AT: point,
    ORBFORM_TEST_KILL_MARK: mark,
    ORBFORM_TEST_DYING: String(dying ?? ""),
  });
  expect([point, existsSync(mark), killed.signal]).toEqual([point, true, "SIGKILL"]);
}

/** What state says stood there before, of what both texts have. */
function originalsOf(project: TestProject): unknown {
  const { resources = {} } = project.state("dev") ?? {};
  return ["file.page", "file.old", "service.nginx", "user.ada"].map((address) => resources[address]?.["original"]);
}
