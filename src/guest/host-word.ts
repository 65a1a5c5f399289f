/** A name: labels of letters, digits, `-` and `_`, none beginning with a dash; a dot may end it. */
const NAME = /^(?=.{1,253}\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?$/;

/** An IPv6 address, roughly: what else it takes, the tool inside says. */
const IP6 = /^[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}$/;

/** Whether a word can be a host's name or address: nothing that a shell, an option or a URL could be made of. */
export function isHostWord(word: string): boolean {
  return NAME.test(word) || IP6.test(word);
}

/** Whether a word is more than one label, so that it can only be meant as it stands. */
export function isFullHost(word: string): boolean {
  return isHostWord(word) && (word.includes(".") || word.includes(":") || word === "localhost");
}

/** A URL that may be asked for, in the form that is sent; `undefined` for any other. No credentials: they would be in an argv. */
export function httpUrl(word: string): string | undefined {
  if (!/^https?:\/\//i.test(word) || !URL.canParse(word)) return undefined;
  const { href, username, password, hostname } = new URL(word);
  const bare = hostname.replaceAll(/^\[|\]$/g, "");
  return username === "" && password === "" && isHostWord(bare) ? href : undefined;
}
