import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { OrbformError } from "../model/errors.ts";

/** A folder and those above it, up to the one that git has checked out; where there is none, this folder only. */
export function foldersOf(from: string): readonly string[] {
  const folders = [resolve(from)];
  for (let folder = dirname(resolve(from)); folder !== folders.at(-1); folder = dirname(folder)) folders.push(folder);
  const top = folders.findIndex((folder) => existsSync(join(folder, ".git")));
  return folders.slice(0, Math.max(1, top + 1));
}

/** Whether a path lies in a folder, as it is written or as the disk has it. */
export function isWithin(folder: string, path: string): boolean {
  const real = [folder, path].map((each) => (existsSync(each) ? realpathSync(each) : each));
  const ways = [relative(folder, path), relative(real[0] ?? folder, real[1] ?? path)];
  return ways.some((way) => !/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way));
}

/** The configuration that is to be loaded of a checkout that is not trusted. Error: `ORB_USAGE` where that can't be done. */
export function trustedConfig(config: string | undefined, root: string): string | undefined {
  if (config === undefined) return undefined;
  if (config === "") throw unusable("No configuration file is named", "The word after --config is empty");
  if (isWithin(root, config)) {
    const why = `${config} lies in the checkout that is not trusted, so it is not loaded`;
    throw unusable("This configuration is not trusted", why);
  }
  if (!existsSync(config)) throw unusable("Configuration file does not exist", `There is no file ${config}`);
  if (statSync(config).isDirectory()) throw unusable("Configuration file is a folder", `${config} is a folder`);
  return config;
}

function unusable(summary: string, why: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary,
    detail: `${why}. No machine was looked at.`,
    hint: "Name a file outside of the checkout, as one of a checkout of the base branch: --config ../base/orb.config.ts",
  });
}
