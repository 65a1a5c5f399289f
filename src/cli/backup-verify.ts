import type { Verdict } from "../model/archive.ts";
import { verdictText } from "../report/archives-text.ts";
import type { Voice } from "./base-command.ts";
import { asJson, type BackupWork } from "./backup-flow.ts";

/** Verifies archives and tells of each as it is judged. Exit: 1 where any is damaged. */
export async function verifyFlow(
  { backups, folder, watching }: BackupWork,
  { console, json }: Voice,
  which: string | undefined,
): Promise<number> {
  const verdicts: Verdict[] = [];
  const onVerdict = (verdict: Verdict): void => {
    verdicts.push(verdict);
    if (!json) console.out(verdictText(verdict, console.outTheme));
  };
  await backups.verify({ folder, which, signal: watching.stopStarting, onVerdict });
  if (json) console.out(`${JSON.stringify({ format_version: "1.0", ...asJson({ verdicts }) })}\n`);
  else if (verdicts.length === 0) console.out("There are no archives.\n");
  return verdicts.some((each) => each.verdict === "damaged") ? 1 : 0;
}
