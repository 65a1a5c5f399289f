import * as Args from "@oclif/core/args";
import { BaseCommand } from "../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS } from "../cli/flags.ts";

/** `orb init [FOLDER]` */
export default class Init extends BaseCommand {
  static override readonly summary = "Begin a project";
  static override readonly description =
    "Writes a config, a first stack, a state folder that git ignores, and a workflow that reviews pull requests. Nothing that is there is overwritten.";
  static override readonly examples = ["orb init", "orb init machines"];
  static override readonly args = {
    folder: Args.string({ ...FROM_ARGV, description: "where; the current folder by default", name: "FOLDER" }),
  };
  static override readonly flags = { json: PROJECT_FLAGS.json, "no-color": PROJECT_FLAGS["no-color"] };

  async run(): Promise<number> {
    const { args } = await this.read(Init);
    // Late: a plan has no use for the files of a new project.
    const { initProject } = await import("../cli/init-project.ts");
    const done = await initProject(this.console.cwd, args.folder ?? ".");
    return this.done(done.text, { created: done.created, kept: done.kept, operation: "init" });
  }
}
