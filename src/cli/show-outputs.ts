import { OrbformError } from "../model/errors.ts";
import { printable } from "../model/printable.ts";
import type { OutputState } from "../model/snapshot.ts";
import { outputsDotenv, outputsJson, outputsText, rawOutput } from "../report/outputs-text.ts";
import type { Console } from "./console.ts";

type Outputs = { readonly [name: string]: OutputState };

/** Which outputs, and in which form: `text`, `json` or `dotenv`. */
export interface OutputsAsked {
  readonly name: string | undefined;
  readonly format: string;
}

/** Prints all outputs, or one. Error: `ORB_ADDRESS_UNKNOWN` for a name that isn't there or whose value isn't stored. */
export function showOutputs(outputs: Outputs, console: Console, { name, format }: OutputsAsked): number {
  console.out(name === undefined ? all(outputs, format) : one(outputs, name, format));
  if (name === undefined && format === "text" && Object.keys(outputs).length === 0)
    console.err("There are no outputs: none was declared, or nothing was applied yet.\n");
  return 0;
}

function all(outputs: Outputs, format: string): string {
  if (format === "json") return `${JSON.stringify(outputsJson(outputs))}\n`;
  return format === "dotenv" ? outputsDotenv(outputs) : outputsText(outputs);
}

function one(outputs: Outputs, name: string, format: string): string {
  const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (output === undefined || output.sensitive) throw missing(name, output !== undefined);
  if (format === "json") return `${JSON.stringify(output.value)}\n`;
  return format === "dotenv" ? outputsDotenv({ [name]: output }) : `${printable(rawOutput(output))}\n`;
}

function missing(name: string, sensitive: boolean): OrbformError {
  const why = sensitive ? "is sensitive: its value is never stored" : "is not among the outputs of the last apply";
  return new OrbformError("ORB_ADDRESS_UNKNOWN", {
    summary: "There is no value for this output",
    detail: `The output ${JSON.stringify(name)} ${why}.`,
    hint: "Run `orb outputs` to see what there is.",
  });
}
