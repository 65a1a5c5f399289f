import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { DesiredState } from "../model/resource.ts";
import type { ExecutePorts, SourceFile } from "./run.ts";

/** Where contents come from that a plan doesn't hold: files of this computer, and what a stack says of hidden ones. */
export function sourcesOf({ resources }: DesiredState): Pick<ExecutePorts, "readSource" | "readHidden"> {
  return {
    readSource,
    readHidden: (address) => {
      const declared = resources.find((each) => each.address === address);
      return declared !== undefined && "properties" in declared ? declared.properties : undefined;
    },
  };
}

/** Reads a source file as it is now; `undefined` where it can't be read. */
async function readSource(path: string): Promise<SourceFile | undefined> {
  const content = await readFile(path).catch(() => undefined);
  return content && { content, digest: createHash("sha256").update(content).digest("hex") };
}
