import type { Theme } from "../report/theme.ts";
import type { Console } from "./console.ts";

/** What the live part is drawn from. */
export interface View {
  readonly now: number;
  readonly rows: number;
  readonly theme: Theme;
}

/** The lines at the bottom of a terminal that are redrawn in place. */
export interface Live {
  /** Writes text that stays, above the live part. */
  above(text: string): void;
  draw(): void;
  /** Takes the live part away and gives the cursor back. */
  close(): void;
}

/** How often the live part is drawn again while nothing happens. Milliseconds. */
const EVERY_MS = 500;

/** Rows left to what stays. */
const SPARED_ROWS = 6;

/** Opens the live part on standard error. The library is loaded here, so that nobody else waits for it. */
export async function openLive(console: Console, text: (view: View) => string): Promise<Live> {
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(console.stderr);
  const draw = (): void => {
    const rows = Math.max(1, (console.stderr.rows ?? 24) - SPARED_ROWS);
    update(text({ now: console.now(), rows, theme: console.errTheme }));
  };
  const timer = setInterval(draw, EVERY_MS).unref();
  return {
    draw,
    above: (lines) => {
      update.clear();
      console.err(lines);
      draw();
    },
    close: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}
