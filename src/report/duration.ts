/** A span of time as Terraform writes it: `0s`, `59s`, `1m5s`, `2h0m3s`. Milliseconds in, rounded down to seconds. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = whole % 60;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** A span of time for who compares spans: `7ms`, `1.4s`, and from a minute on as {@link durationText}. Rounded down. */
export function spanText(ms: number): string {
  const whole = Math.max(0, Math.floor(ms));
  if (whole < 1000) return `${whole}ms`;
  return whole < 60_000 ? `${(Math.floor(whole / 100) / 10).toFixed(1)}s` : durationText(whole);
}
