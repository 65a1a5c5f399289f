import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The compiler's errors for one file, with the lines that belong to each. */
export function errorsOf(output: string, file: string): string {
  const blocks = output.split(/\n(?=\S)/);
  return blocks.filter((block) => block.startsWith(file)).join("\n");
}

/** Compiles the project in a folder; gives what the compiler says. */
export function compile(folder: string): Promise<string> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, "-p", folder, "--pretty", "false"], { cwd: folder }, (_, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}
