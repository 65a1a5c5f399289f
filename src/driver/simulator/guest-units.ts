import type { ExecResult } from "just-bash";
import { installed } from "./guest-packages.ts";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";

/** Units that a fresh machine has. */
const BASE: ReadonlySet<string> = new Set(["cron", "dbus", "ssh", "systemd-journald", "systemd-resolved"]);
const WANTS = "/etc/systemd/system/multi-user.target.wants";

/** `systemctl` and `service`: a unit is enabled by a link, and active if enabled at boot or started since. */
export function unitPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    systemctl,
    service: (state, [name = "", verb = ""], ctx) => systemctl(state, [verb, name], ctx),
    journalctl: () => done(),
    loginctl: () => done(),
  };
}

async function systemctl(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const [verb = "", ...rest] = args.filter((word, at) => !word.startsWith("-") && args[at - 1] !== "-p");
  if (["poweroff", "halt"].includes(verb)) state.poweredOff = true;
  if (verb === "is-system-running") return done("running\n");
  const units = rest.map((word) => word.replace(/\.service$/, ""));
  if (verb === "show") return done(await show(ctx, units[0] ?? "", args));
  const missing = await firstMissing(ctx, units);
  if (verb.startsWith("is-") || verb === "status")
    return ask(ctx, verb, { units, quiet: args.includes("-q") || args.includes("--quiet") });
  if (missing !== undefined)
    return failed(`Failed to ${verb} ${missing}.service: Unit ${missing}.service not found.`, 5);
  for (const unit of units) await apply(ctx, unit, { verb, now: args.includes("--now") });
  return done();
}

async function firstMissing(ctx: GuestContext, units: readonly string[]): Promise<string | undefined> {
  for (const unit of units) if (!(await exists(ctx, unit))) return unit;
  return undefined;
}

async function exists(ctx: GuestContext, unit: string): Promise<boolean> {
  if (BASE.has(unit) || (await installed(ctx)).has(unit)) return true;
  const paths = ["/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"].map(
    (folder) => `${folder}/${unit}.service`,
  );
  for (const path of paths) if (await ctx.fs.exists(path)) return true;
  return false;
}

async function isEnabled(ctx: GuestContext, unit: string): Promise<boolean> {
  const marked = await ctx.fs.exists(`/etc/systemd/system/.disabled-${unit}`);
  const wanted = async (): Promise<boolean> => (await ctx.fs.readdir(WANTS)).includes(`${unit}.service`);
  if ((await ctx.fs.exists(WANTS)) && (await wanted())) return true;
  return !marked && (BASE.has(unit) || (await installed(ctx)).has(unit));
}

async function isActive(ctx: GuestContext, unit: string): Promise<boolean> {
  if (await ctx.fs.exists(`/run/units/started-${unit}`)) return true;
  return !(await ctx.fs.exists(`/run/units/stopped-${unit}`)) && (await isEnabled(ctx, unit)) && exists(ctx, unit);
}

interface Question {
  readonly units: readonly string[];
  readonly quiet: boolean;
}

async function ask(ctx: GuestContext, verb: string, { units, quiet }: Question): Promise<ExecResult> {
  let text = "";
  let all = true;
  for (const unit of units) {
    const yes = verb === "is-enabled" ? await isEnabled(ctx, unit) : await isActive(ctx, unit);
    const words = verb === "is-enabled" ? ["enabled", "disabled"] : ["active", "inactive"];
    text += `${yes ? words[0] : words[1]}\n`;
    all &&= yes;
  }
  const code = verb === "is-enabled" ? 1 : 3;
  return { stdout: quiet ? "" : text, stderr: "", exitCode: all ? 0 : code };
}

async function show(ctx: GuestContext, unit: string, args: readonly string[]): Promise<string> {
  const known = await exists(ctx, unit);
  const facts: { readonly [name: string]: string } = {
    LoadState: known ? "loaded" : "not-found",
    ActiveState: (await isActive(ctx, unit)) ? "active" : "inactive",
    SubState: (await isActive(ctx, unit)) ? "running" : "dead",
    UnitFileState: (await isEnabled(ctx, unit)) ? "enabled" : "disabled",
  };
  const asked =
    args
      .join(" ")
      .match(/(?:-p ?|--property[= ])([\w,]+)/)?.[1]
      ?.split(",") ?? Object.keys(facts);
  const bare = args.includes("--value");
  return asked.map((name) => `${bare ? "" : `${name}=`}${facts[name] ?? ""}\n`).join("");
}

async function apply(ctx: GuestContext, unit: string, { verb, now }: { verb: string; now: boolean }): Promise<void> {
  const mark = `/etc/systemd/system/.disabled-${unit}`;
  const link = `${WANTS}/${unit}.service`;
  await ctx.fs.mkdir("/run/units", { recursive: true });
  if (verb === "enable") {
    await ctx.fs.mkdir(WANTS, { recursive: true });
    await ctx.fs.rm(link, { force: true });
    await ctx.fs.symlink(`/lib/systemd/system/${unit}.service`, link);
    await ctx.fs.rm(mark, { force: true });
  }
  if (verb === "disable") {
    await ctx.fs.rm(link, { force: true });
    await ctx.fs.writeFile(mark, "");
  }
  const starts =
    ["start", "restart", "reload", "try-restart", "reload-or-restart"].includes(verb) || (verb === "enable" && now);
  const stops = verb === "stop" || (verb === "disable" && now);
  if (!starts && !stops) return;
  await ctx.fs.writeFile(`/run/units/${starts ? "started" : "stopped"}-${unit}`, "");
  await ctx.fs.rm(`/run/units/${starts ? "stopped" : "started"}-${unit}`, { force: true });
}
