// V8 compiles a function when it is first called, at every start anew: Node's compile cache holds only what is compiled while a
// file is loaded. A function expression in parentheses is. So all functions of the file that a plan runs are made such
// expressions, those of the file's top before all else, where declarations are hoisted to anyway.
import { parseAst } from "rolldown/parseAst";

/** A rolldown plugin for the chunk of that name. */
export function eagerFunctions(name) {
  return { name: "eager-functions", renderChunk: (code, chunk) => (chunk.name === name ? eager(code) : undefined) };
}

function eager(code) {
  const { body } = parseAst(code);
  const imports = body.filter(({ type }) => type === "ImportDeclaration");
  const declared = body.filter(({ type }) => type === "FunctionDeclaration");
  const others = body.filter((each) => !imports.includes(each) && !declared.includes(each));
  return [
    ...imports.map(({ start, end }) => code.slice(start, end)),
    ...declared.map((each) => `const ${each.id.name} = (${inParentheses(code, each)});`),
    ...others.map((each) => inParentheses(code, each)),
  ].join("\n");
}

/** A statement's text, with each function expression in it in parentheses. */
function inParentheses(code, statement) {
  const inserted = expressionsIn(statement).flatMap(({ start, end }) => [
    { at: start, text: "(" },
    { at: end, text: ")" },
  ]);
  let text = "";
  let from = statement.start;
  for (const each of inserted.toSorted((left, right) => left.at - right.at)) {
    text += code.slice(from, each.at) + each.text;
    from = each.at;
  }
  return text + code.slice(from, statement.end);
}

/** A method is no expression, though the parser calls it one: it can't stand in parentheses. */
function expressionsIn(node) {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(expressionsIn);
  const isMethod = node.type === "MethodDefinition" || node.method === true || ["get", "set"].includes(node.kind);
  const within = Object.values(isMethod ? { ...node, value: node.value.body } : node).flatMap(expressionsIn);
  return /^(?:Arrow)?FunctionExpression$/.test(node.type) ? [node, ...within] : within;
}
