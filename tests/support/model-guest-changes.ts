/** How a model of the inside of a machine carries out a change (src/guest/change.ts), step by step. */
import { sha256, wordsOf } from "./model-guest-facts.ts";
import type { Inside, ModelRun } from "./model-guest.ts";

/** What the script says at its end; nothing where it comes only so far. */
export function changeIn(inside: Inside, { script, stdin = "", steps = Infinity }: ModelRun): string {
  const token = /^token=(\S+)$/m.exec(script)?.[1] ?? "";
  const said = (word: string): string => `\n${token} verdict ${word} .\n`;
  let left = steps;
  let hasChanged = false;
  for (const step of stepsOf(inside, script, stdin)) {
    if (left <= 0) return "";
    left -= 1;
    const outcome = step();
    if (outcome !== undefined && outcome !== "changed") return left > 0 ? said(`${outcome} `) : "";
    hasChanged ||= outcome === "changed";
  }
  return left > 0 ? said(`done-${hasChanged ? "changed" : "unchanged"} `) : "";
}

/** One thing that a script does: `changed`, a verdict that ends it, or nothing. */
type Step = () => string | undefined;

function stepsOf(inside: Inside, script: string, stdin: string): readonly Step[] {
  if (script.includes("/.orbform-$token\nrm -f")) {
    if (script.includes("authorized_keys")) throw new Error("the model knows no keys");
    return [() => writeFile(inside, script, stdin)];
  }
  if (script.includes("is_wanted || no differs\nsettle")) return [() => settleFile(inside, script)];
  if (script.includes('rm -f "$path" || no unremoved')) return [() => removeFile(inside, script)];
  if (script.includes('mkdir "$path" || no unwritten')) return [() => makeDirectory(inside, script)];
  if (script.includes('rmdir "$path" || no unremoved')) return [() => removeDirectory(inside, script)];
  if (script.includes("carry_out\nchecking=yes")) return packageSteps(inside, script);
  if (script.includes('restart "$name" >&2')) return [() => restart(inside, script)];
  if (script.includes("\nensure_user\n")) return userSteps(inside, script);
  if (script.includes("\ndelete_user\n")) return [() => removeUser(inside, script)];
  if (script.includes("\nended $?\n")) return [() => runCommand(inside, script)];
  return serviceSteps(inside, script);
}

/** A variable that the script begins with. */
function variable(script: string, name: string): string {
  const line = script.split("\n").find((each) => each.startsWith(`${name}='`));
  return wordsOf(line ?? "")[0] ?? "";
}

function rightsAsked(script: string): { readonly mode?: number; readonly owner?: string } {
  const [mode, owner] = [variable(script, "mode"), variable(script, "owner")];
  return { ...(mode !== "" && { mode: Number.parseInt(mode, 8) }), ...(owner !== "" && { owner }) };
}

function writeFile({ paths }: Inside, script: string, text: string): string {
  const path = variable(script, "path");
  if (paths[variable(script, "folder")]?.kind !== "directory") return "refused-no-folder";
  if (paths[path]?.kind === "directory") return "refused-is-directory";
  if (sha256(text) !== variable(script, "want")) return "refused-cut-off";
  paths[path] = { mode: 0o644, owner: "root", ...paths[path], ...rightsAsked(script), kind: "file", text };
  return "changed";
}

function isWanted({ paths }: Inside, script: string): boolean {
  const path = paths[variable(script, "path")];
  return path?.kind === "file" && sha256(path.text) === variable(script, "want");
}

function settleFile(inside: Inside, script: string): string {
  const path = variable(script, "path");
  const before = inside.paths[path];
  if (before === undefined || !isWanted(inside, script)) return "refused-differs";
  inside.paths[path] = { ...before, ...rightsAsked(script) };
  return "changed";
}

function removeFile(inside: Inside, script: string): string | undefined {
  const path = variable(script, "path");
  if (inside.paths[path] === undefined) return undefined;
  if (!isWanted(inside, script)) return "refused-differs";
  delete inside.paths[path];
  return "changed";
}

function makeDirectory({ paths }: Inside, script: string): string {
  const path = variable(script, "path");
  const before = paths[path];
  if (before !== undefined && before.kind !== "directory") return "refused-not-directory";
  if (paths[variable(script, "folder")]?.kind !== "directory") return "refused-no-folder";
  paths[path] = { kind: "directory", mode: 0o755, owner: "root", ...before, ...rightsAsked(script) };
  return "changed";
}

function removeDirectory({ paths }: Inside, script: string): string | undefined {
  const path = variable(script, "path");
  if (paths[path] === undefined) return undefined;
  if (paths[path].kind !== "directory") return "refused-differs";
  if (Object.keys(paths).some((each) => each.startsWith(`${path}/`))) return "refused-not-empty";
  delete paths[path];
  return "changed";
}

/** The manager removes and installs one after the other, and may be killed between. */
function packageSteps(inside: Inside, script: string): readonly Step[] {
  const { packages, services } = inside;
  const lines = [...new Set(script.split("\n"))];
  const named = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} '`)).map((line) => wordsOf(line)[0] ?? "");
  return [
    ...named("unwant").map((name) => () => {
      if (packages[name] === undefined) return undefined;
      delete packages[name];
      delete services[name];
      return "changed";
    }),
    ...named("want").map((name) => () => {
      if (packages[name] !== undefined) return undefined;
      if (name.startsWith("no-such")) return "refused-failed";
      packages[name] = "1.0";
      services[name] = { running: true, enabled: true, restarts: 0, read: configuration(inside, name) };
      return "changed";
    }),
  ];
}

function configuration({ paths }: Inside, name: string): string {
  const path = paths[`/srv/${name}.conf`];
  return path?.kind === "file" ? path.text : "";
}

function serviceSteps(inside: Inside, script: string): readonly Step[] {
  const named = variable(script, "name");
  const service = inside.services[named];
  if (service === undefined)
    return [() => (script.includes("|| ok unchanged") ? "done-unchanged" : "refused-no-service")];
  return [...script.matchAll(/^if ! \{ (! )?is_(enabled|running) "\$name"; \}; then$/gm)].map(([, not, key]) => () => {
    const wanted = not === undefined;
    const name = key === "enabled" ? "enabled" : "running";
    if (service[name] === wanted) return undefined;
    service[name] = wanted;
    if (name === "running" && wanted) service.read = configuration(inside, named);
    return "changed";
  });
}

function restart(inside: Inside, script: string): string {
  const name = variable(script, "name");
  const service = inside.services[name];
  if (service === undefined) return "refused-no-service";
  service.running = true;
  service.restarts += 1;
  service.read = configuration(inside, name);
  return "changed";
}

/** An account is made first and changed then. */
function userSteps({ users }: Inside, script: string): readonly Step[] {
  const name = variable(script, "name");
  const [shell, home] = [variable(script, "shell"), variable(script, "home")];
  const groups = script.split("\n").find((line) => line.startsWith("ensure_groups "));
  return [
    () => {
      const before = users[name] ?? { shell: "/bin/sh", home: `/home/${name}`, groups: [] };
      users[name] = { ...before, ...(shell !== "" && { shell }), ...(home !== "" && { home }) };
      return "changed";
    },
    () => {
      const before = users[name];
      if (before && groups !== undefined) users[name] = { ...before, groups: wordsOf(groups).toSorted() };
      return "changed";
    },
  ];
}

function removeUser({ users }: Inside, script: string): string | undefined {
  const name = variable(script, "name");
  if (users[name] === undefined) return undefined;
  delete users[name];
  return "changed";
}

/** Commands of a model append a line to a file (`append PATH LINE`), or fail (`fail`). */
function runCommand({ paths }: Inside, script: string): string {
  const lines = script.split("\n");
  const guard = lines.find((line) => line.endsWith("then ok unchanged; fi"));
  if (guard !== undefined && wordsOf(guard).some((path) => path in paths)) return "done-unchanged";
  const [, verb, path = "", line = ""] = wordsOf(lines.at(-3) ?? "");
  if (verb !== "append") return "ended-1";
  const before = paths[path];
  const text = before?.kind === "file" ? before.text : "";
  paths[path] = { mode: 0o644, owner: "root", ...before, kind: "file", text: `${text}${line}\n` };
  return "ended-0";
}
