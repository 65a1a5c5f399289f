import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { OrbformError } from "../../model/errors.ts";

/** Where to look, taken from the process. */
export interface Surroundings {
  readonly env: { readonly [name: string]: string | undefined };
  /** Relative paths are taken from here. */
  readonly cwd: string;
}

/**
 * The absolute path of orbctl: `ORBFORM_ORBCTL` if set, else the first on the PATH, on any operating system. Nothing
 * else decides whether OrbStack is there. Errors: `ORB_NO_ORBCTL`.
 */
export async function findOrbctl({ env, cwd }: Surroundings): Promise<string> {
  const asked = env["ORBFORM_ORBCTL"];
  if (asked !== undefined && asked !== "") return await named(path.resolve(cwd, asked));
  for (const folder of (env["PATH"] ?? "").split(path.delimiter)) {
    if (folder === "") continue;
    const program = path.resolve(cwd, folder, "orbctl");
    if (await isExecutable(program)) return program;
  }
  throw missing("No orbctl is on the PATH, so OrbStack seems not to be installed here.");
}

async function named(program: string): Promise<string> {
  if (await isExecutable(program)) return program;
  throw missing(`ORBFORM_ORBCTL names ${JSON.stringify(program)}, which is no executable file.`);
}

/** Whether a path is a file that may be run. */
export async function isExecutable(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return (await stat(program)).isFile();
  } catch {
    // Not there or not ours to run: for the search the same.
    return false;
  }
}

function missing(detail: string): OrbformError {
  return new OrbformError("ORB_NO_ORBCTL", {
    summary: "OrbStack's orbctl is not found",
    detail: `${detail} Nothing was touched.`,
    hint: 'Install OrbStack, set ORBFORM_ORBCTL to its orbctl, or try it with "--driver simulator".',
  });
}
