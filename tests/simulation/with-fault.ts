/** Preloaded (`--import`): loads the engine with the deliberate fault that ORBFORM_FAULT names. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { faulty } from "./fault.ts";
import { faultNamed } from "./faults.ts";

const fault = faultNamed(process.env["ORBFORM_FAULT"] ?? "");
const faultyUrl = new URL(`../../${fault.file}`, import.meta.url).href;
let isLoaded = false;
// Now: a module that is loaded late, and can't be, would look like something that the fault broke.
faulty(fault, readFileSync(new URL(faultyUrl), "utf8"));

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (url !== faultyUrl) return loaded;
    isLoaded = true;
    return { ...loaded, source: faulty(fault, textOf(loaded.source)) };
  },
});

process.on("exit", () => {
  if (isLoaded || process.exitCode) return;
  process.exitCode = 1;
  console.error(`the fault ${fault.name} was never loaded: nothing imports ${fault.file}`);
});

function textOf(source: unknown): string {
  if (typeof source === "string") return source;
  if (source instanceof Uint8Array) return Buffer.from(source).toString();
  throw new Error(`${fault.file} was loaded without its source`);
}
