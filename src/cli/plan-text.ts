/** Whether a text ends as a plan file does. */
export function isPlanText(text: string): boolean {
  return /"checksum": "sha256:[0-9a-f]{64}"\n\}\n$/.test(text);
}
