import { resolve } from "node:path";
import { Command } from "@oclif/core/command";
import type { Config } from "@oclif/core/config";
import {
  parse,
  type ArgInput,
  type FlagInput,
  type Input,
  type OutputArgs,
  type OutputFlags,
} from "@oclif/core/parser";
import { normaliseArgv } from "./argv.ts";
import { isJson, type Console } from "./console.ts";
import type { OpenOptions, Project } from "./context.ts";
import type { Machines } from "./context-machines.ts";
import type { Watch } from "../model/happening.ts";
import type { JsonObject } from "../model/json.ts";
import { printable } from "../model/printable.ts";
import { namesPlanFile } from "./names-plan-file.ts";
import type { PlanFile } from "./plan-file.ts";
import { varsOf } from "./flags.ts";
import type { Said } from "./hints.ts";
import { TextTeller } from "./teller-text.ts";
import type { Teller } from "./teller.ts";

/** The flags that say which project a command is about. */
export interface ProjectFlags {
  readonly env?: string | undefined;
  readonly driver?: string | undefined;
  readonly var?: readonly string[] | undefined;
  readonly "var-file"?: readonly string[] | undefined;
  /** What a plan file says of its stack. */
  readonly stackFromRoot?: string;
  readonly untrusted?: boolean | undefined;
  readonly config?: string | undefined;
  /** Files of reports, where the command writes any. */
  readonly report?: readonly string[] | undefined;
  /** What a plan is written as, where the command says it. */
  readonly format?: string | undefined;
}

/** What was asked for, and of which stack. */
export interface Meant {
  readonly command: string;
  readonly stack: string | undefined;
}

/** The user's side, how it is told, and whether in JSON. */
export interface Voice {
  readonly console: Console;
  /** In text; who starts the command gives it another for `--json`. */
  tell: Teller;
  readonly json: boolean;
  /** Who is told of what is done to machines; absent: nobody. */
  readonly watch?: Watch | undefined;
}

/** What hints say again, where a command takes it. */
function saidIn(given: { readonly [name: string]: unknown }): Said {
  const { stack, env, driver } = given;
  return {
    ...(typeof stack === "string" && { stack }),
    ...(typeof env === "string" && { env }),
    ...(typeof driver === "string" && { driver }),
  };
}

/** What every command is built on. `run` gives the exit code; errors are thrown, and told by who started the command. */
export abstract class BaseCommand extends Command {
  readonly console: Console;
  readonly json: boolean;
  /** In text; who starts the command gives it another for `--json`. */
  tell: Teller;
  /** The stack that was meant, once its project is open. */
  found: Project["found"] | undefined;
  /** Who is told of what is done to machines: set by who starts the command, and by `--timings`. */
  watch: Watch | undefined;
  /** Files that reports and plans are to be written to. */
  #written: readonly string[] = [];
  /** Named in place of a stack. */
  #planFile: string | undefined;

  constructor(argv: string[], config: Config, console: Console) {
    super(argv, config);
    this.console = console;
    this.json = isJson(argv);
    this.tell = new TextTeller(console);
  }

  /** How this command speaks. */
  protected get voice(): Voice {
    const { console, tell, json, watch } = this;
    return { console, tell, json, watch };
  }

  abstract override run(): Promise<number>;

  /** Reads the arguments as the class declares them. Mistakes are thrown. */
  protected async read<
    F extends OutputFlags<FlagInput>,
    B extends OutputFlags<FlagInput>,
    A extends OutputArgs<ArgInput>,
  >(declared: Input<F, B, A>, own: readonly string[] = this.argv): Promise<{ readonly flags: F; readonly args: A }> {
    const argv = normaliseArgv(own, declared.flags ?? {});
    const { flags, args } = await parse<F, B, A>([...argv], declared);
    const said = saidIn({ ...args, ...flags });
    if (namesPlanFile(said.stack, this.console.cwd)) this.#planFile = said.stack;
    this.tell.about(this.#planFile === undefined ? said : { ...said, stack: undefined, planFile: this.#planFile });
    if ("timings" in flags && flags["timings"] === true) await this.#time();
    await this.#checkReports(flags["report"]);
    this.#written = [flags["report"], flags["out"]].flat().filter((each) => typeof each === "string");
    return { flags, args };
  }

  /** Opens the project, hands it to `work`, and closes it whatever happens. */
  protected async withProject<T>(
    stack: string | undefined,
    flags: ProjectFlags,
    work: (project: Project) => Promise<T>,
  ): Promise<T> {
    const { openProject } = await import("./context.ts");
    const project = await openProject(this.#options(stack, flags));
    this.found = project.found;
    try {
      await this.#keepOut(project);
      return await work(project);
    } finally {
      await project.close();
    }
  }

  /** Opens this computer's machines, hands them to `work`, and closes them whatever happens. */
  protected async withMachines<T>(
    stack: string | undefined,
    flags: ProjectFlags,
    work: (machines: Machines) => Promise<T>,
  ): Promise<T> {
    const { openMachines } = await import("./context.ts");
    const machines = await openMachines(this.#options(stack, flags));
    try {
      return await work(machines);
    } finally {
      await machines.driver.close();
    }
  }

  /** The plan file that a word names; `undefined`: it names a stack. Errors: those of reading it. */
  protected async planFile(word: string | undefined): Promise<PlanFile | undefined> {
    if (!namesPlanFile(word, this.console.cwd)) return undefined;
    const { readPlanFile } = await import("./plan-file.ts");
    return await readPlanFile(word, this.console.cwd);
  }

  /** What an answer is written as, and to which files besides; `--json` is lines, whatever the format. */
  protected formats({ format, report }: { readonly format: string; readonly report?: readonly string[] | undefined }) {
    return { format: this.json ? "text" : format, report, found: this.found };
  }

  /** As {@link withProject}; where it fails, the files of reports say what was found, and the error is thrown on. */
  protected async planning<T>(meant: Meant, flags: ProjectFlags, work: (project: Project) => Promise<T>): Promise<T> {
    try {
      return await this.withProject(meant.stack, flags, work);
    } catch (error) {
      const { reportFailure } = await import("./report-failure.ts");
      await reportFailure(error, { ...this.voice, ...meant, flags, found: this.found });
      throw error;
    }
  }

  /** Says what was done: a sentence for people, one JSON object on one line with `--json`. Gives exit code 0. */
  protected done(text: string, facts: JsonObject): number {
    this.console.out(this.json ? `${JSON.stringify({ format_version: "1.0", ...facts })}\n` : `${printable(text)}\n`);
    return 0;
  }

  /** Whoever names a file that can't be written is told before anything is done. */
  async #checkReports(files: unknown): Promise<void> {
    if (!Array.isArray(files) || files.length === 0) return;
    const { checkTargets } = await import("./report-target.ts");
    await checkTargets(files.map(String), this.console.cwd);
  }

  /** Whatever lies among the states is taken for one. */
  async #keepOut({ stateFolder }: Project): Promise<void> {
    if (this.#written.length === 0) return;
    const { refuseInside } = await import("./report-target.ts");
    await refuseInside(stateFolder, this.#written, this.console.cwd);
  }

  /** Loaded by those who measure only. */
  async #time(): Promise<void> {
    const { timed } = await import("./timed.ts");
    this.watch = timed(this.voice);
  }

  #options(stack: string | undefined, flags: ProjectFlags): OpenOptions {
    const { env, driver, stackFromRoot } = flags;
    const named = stack ?? stackFromRoot;
    const given = { ...(named && { stack: named }), ...(env && { env }), ...(driver && { driver }) };
    const said = { ...given, planFile: this.#planFile };
    this.tell.about(said);
    return {
      ...(stack === undefined ? {} : { stack }),
      ...(stackFromRoot === undefined ? {} : { stackFromRoot }),
      ...(env === undefined ? {} : { env }),
      ...(driver === undefined ? {} : { driver }),
      driving: (drives) => this.tell.about({ ...said, drives }),
      cwd: this.console.cwd,
      vars: varsOf(flags.var),
      varFiles: flags["var-file"] ?? [],
      processEnv: this.console.env,
      ...(flags.untrusted === true && {
        untrusted: { config: flags.config && resolve(this.console.cwd, flags.config) },
      }),
      watch: this.watch,
    };
  }
}
