/** Arguments of `npm run simulate`, `soak`, `bench` and `mutation`: what is wrong is told in a line, before anything runs. */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** What was given, as `parseArgs` reads it. `--help` prints the usage and ends with 0; what is wrong ends with 2. */
export function readArguments<T extends ParseArgsOptionsConfig>(usage: string, options: T) {
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message.replaceAll("\n", " ") : String(error));
  }
}

/** The whole number that an option says, `least` or more. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${option} takes a whole number from ${least}, not ${JSON.stringify(text)}.`);
}

/** One of the names. */
export function oneOf(what: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  return refuse(`There is no ${what} ${JSON.stringify(name)}. There are: ${names.join(", ")}.`);
}

/** Ends with 2: 1 says that something was found. */
export function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
