import { styleText } from "node:util";
import { PLAIN, type Paint, type Theme } from "../report/theme.ts";

/** What decides about colour on one stream. */
export interface ColourFacts {
  readonly env: { readonly [name: string]: string | undefined };
  readonly isTTY: boolean;
  /** `--no-color` was given. */
  readonly refused: boolean;
}

/**
 * Whether to colour: `--no-color`, then `FORCE_COLOR` (`0` and `false` mean off), then `NO_COLOR`, then `TERM=dumb` and
 * `CI`-without-a-terminal, then whether it is a terminal.
 */
export function wantsColour({ env, isTTY, refused }: ColourFacts): boolean {
  if (refused) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (isSet(env["NO_COLOR"]) || env["TERM"] === "dumb") return false;
  return isTTY;
}

/** Whether lines may be redrawn in place: a terminal that can, and no CI. */
export function wantsLive({ env, isTTY }: ColourFacts): boolean {
  return isTTY && env["TERM"] !== "dumb" && (!isSet(env["CI"]) || env["CI"] === "false");
}

/** The theme of a stream. */
export function themeFor(coloured: boolean): Theme {
  return coloured ? COLOURED : PLAIN;
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}

function paint(...formats: Parameters<typeof styleText>[0][]): Paint {
  return (text) =>
    formats.reduce<string>((painted, format) => styleText(format, painted, { validateStream: false }), text);
}

const COLOURED: Theme = {
  add: paint("green"),
  change: paint("yellow"),
  destroy: paint("red"),
  replace: paint("magenta"),
  strong: paint("bold"),
  dim: paint("dim"),
  error: paint("red", "bold"),
  warning: paint("yellow", "bold"),
};
