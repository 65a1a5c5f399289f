import { GRAPH_SCRIPT } from "./script-graph.ts";
import { LIST_SCRIPT } from "./script-list.ts";

/**
 * The page's script, whole. It puts the page's own text and attributes to use and makes no HTML: nothing of what it
 * reads is ever parsed. Both parts share `page`.
 */
export const SCRIPT: string = `"use strict";(() => {
const $ = (query, root = document) => root.querySelector(query);
const all = (query, root = document) => [...root.querySelectorAll(query)];
const on = (target, name, listener, options) => target && target.addEventListener(name, listener, options);
const page = { graph: null, go: () => {} };
document.documentElement.classList.add("js");
for (const each of all("[data-js], #filters, #copy")) each.hidden = false;
${LIST_SCRIPT}${GRAPH_SCRIPT}})();
`;
