import type { Happening, Watch } from "../model/happening.ts";
import { timingsOf, type Timings } from "../report/timings.ts";
import { timingsLine, timingsText } from "../report/timings-text.ts";
import type { Voice } from "./base-command.ts";

/** Has a command told at its end how long everything took from now on. Gives who is to be told of what happens. */
export function timed({ console, tell, watch }: Voice): Watch {
  const happenings: Happening[] = [];
  const began = console.now();
  const taken = (): Timings => timingsOf(happenings, console.now() - began);
  tell.timed({ text: (theme) => timingsText(taken(), theme), line: () => timingsLine(taken()) });
  return (happening) => {
    watch?.(happening);
    happenings.push(happening);
  };
}
