/** What kept an untrusted stack from doing anything, as far as it did. */
export interface Protections {
  /** By what its network was taken away; absent: it was not. */
  readonly network?: string;
}

/**
 * By what a child has no network; `undefined`: that can't be said. `tried` is how its try of a connection ended. What the
 * system started without a network reaches nothing for that reason. Else only Node's own word counts: a connection fails
 * for other reasons too.
 */
export function networkHeldBy(tried: string, wrapper: string | undefined): string | undefined {
  if (tried === "reached") return undefined;
  return wrapper ?? (tried === "ERR_ACCESS_DENIED" ? "Node's permission model" : undefined);
}

/** What is said of how an untrusted stack was evaluated. Each sentence is one thing that held, or did not. */
export function protectionNotices(held: Protections, passedOver: string | undefined): readonly string[] {
  const network =
    held.network === undefined
      ? "network: NOT denied (this Node has no switch for it, and the system none that may be used); Node's modules for it are withheld"
      : `network: denied by ${held.network}`;
  return [
    `Untrusted: the stack was evaluated in a process of its own. Child processes: denied. Writes: denied. Reads: the project only. Environment: empty. ${capital(network)}.`,
    ...(passedOver === undefined
      ? []
      : [
          `Untrusted: ${passedOver} is there and was not loaded. Its options count only where --config names a trusted file.`,
        ]),
  ];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
