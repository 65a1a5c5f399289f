/** A claim as `Claims.readMany` tells it. */
const SENTENCE = /^It is (?<address>[\w./-]+) of the stack (?<stack>[\w-]+), in the state (?<statePath>.+)\.$/s;

/**
 * The command by which another state lets go of what it claims; `undefined` where the sentence tells no holder. It goes to
 * that state's folder first: another project may have a stack and an address of the same names. The environment is that of
 * the state's file: `web.prod.json`.
 */
export function lettingGo(claim: string): string | undefined {
  const { address, stack, statePath = "" } = SENTENCE.exec(claim)?.groups ?? {};
  if (address === undefined || stack === undefined) return undefined;
  const [, env] = /\.([A-Za-z0-9_-]+)\.json$/.exec(statePath) ?? [];
  const rm = `orb state rm ${address} --stack ${stack}${env === undefined ? "" : ` --env ${env}`}`;
  return `cd ${quoted(statePath.replace(/\/[^/]*$/, "") || "/")} && ${rm}`;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
