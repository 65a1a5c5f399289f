import type { Host } from "./host.ts";

/** Asks something and reads one line from standard input; `null` where that has ended. */
export async function ask(host: Host, question: string): Promise<string | null> {
  host.stdout(question);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of host.stdin) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return text === "" ? null : (text.split("\n")[0] ?? "");
}
