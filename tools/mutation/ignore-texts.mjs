/** Leaves the words that users read alone: the golden files hold them, and a changed word is no changed behaviour. */
const TEXTS = new Set(["summary", "detail", "hint", "why"]);

const ignorer = {
  shouldIgnore(path) {
    if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined;
    const around = path.find((each) => each.isObjectProperty() || each.isNewExpression() || each.isFunction());
    if (around?.isObjectProperty() && TEXTS.has(around.node.key.name)) return "words for the user";
    if (around?.isNewExpression() && around.node.callee.name === "InvariantError") return "words about a bug";
    return undefined;
  },
};

export const strykerPlugins = [{ kind: "Ignore", name: "texts", value: ignorer }];
