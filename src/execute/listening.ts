const LISTEN = "0A";

/**
 * Whether something listens on a TCP port, from the text of `/proc/net/tcp` and `/proc/net/tcp6`: every Linux has them,
 * while `nc` and `ss` are missing from many images.
 */
export function isListening(text: string, port: number): boolean {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return text.split("\n").some((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    return state === LISTEN && local.split(":")[1]?.toUpperCase() === wanted;
  });
}
