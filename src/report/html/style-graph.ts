/** How the graph looks. Far away (`far`) texts are left out and nodes are areas of colour. */
export const GRAPH_STYLE = `
.link{border:0;background:none;padding:0;min-height:1.5rem;color:var(--accent);text-decoration:underline;text-underline-offset:.18em}
.link:hover{background:none}
.tools,.does-kinds{margin-bottom:.6rem}
.filter.does{padding:.1rem .7rem;font-size:.88rem}
.filter.does::before{content:none}
.does .sign{font-weight:700;color:var(--tone)}
.filter.does[aria-pressed=true] .sign{color:inherit}
#graph-keys{margin-top:.6rem}
.tools button{min-width:2.2rem}
#picked{flex:1;min-width:12rem;font-size:.88rem;color:var(--soft)}
.canvas{background:var(--card);border:1px solid var(--line);border-radius:.6rem;overflow:hidden}
#drawing{display:block;width:100%;max-height:78vh;touch-action:pan-y}
.js #drawing:focus{touch-action:none}
.js #drawing{cursor:grab}
.js #drawing.held{cursor:grabbing}
#drawing:focus-visible{outline-offset:-3px}
.edge{fill:none;stroke:var(--soft);stroke-opacity:.55;stroke-width:1.3}
.edge.soft{stroke-dasharray:5 4}
.edge.path{stroke:var(--accent);stroke-opacity:1;stroke-width:2.8}
#arrow path{fill:var(--soft)}
#arrow-path path{fill:var(--accent)}
.node{cursor:pointer}
.node.make,.does.make{--tone:var(--create);--tone-bg:var(--create-bg)}
.node.alter,.does.alter{--tone:var(--update);--tone-bg:var(--update-bg)}
.node.unmake,.does.unmake{--tone:var(--delete);--tone-bg:var(--delete-bg)}
.node.note,.does.note{--tone:var(--quiet);--tone-bg:var(--quiet-bg)}
.node rect{fill:var(--card);stroke:var(--tone);stroke-width:1.3}
.node.path rect{stroke:var(--accent);stroke-width:3}
.node.failed rect{fill:var(--delete-bg)}
.node.skipped rect{stroke-dasharray:4 3}
.node.unknown rect{fill:var(--update-bg)}
.badge{fill:var(--tone-bg);stroke:var(--tone);stroke-width:1.2}
.node text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
.node .sym{font-weight:700;fill:var(--tone);text-anchor:middle}
.node .kind{font-weight:600}
.node .time,.node .end{fill:var(--soft);text-anchor:end;font-size:11px}
.node .end{font-weight:700;fill:var(--ink)}
.node.failed .end{fill:var(--delete)}
.node .what{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--soft);unicode-bidi:isolate}
.node:hover rect{fill:var(--hover)}
.node.picked rect{stroke-width:4;fill:var(--hover)}
.node.near rect{stroke-width:3}
.edge.near{stroke:var(--ink);stroke-opacity:1;stroke-width:2.4}
.dim{opacity:.16}
.far .kind,.far .time,.far .what,.far .end,.far .badge{display:none}
.far .node rect{fill:var(--tone-bg);stroke-width:4}
.far .sym{font-size:34px;transform:translate(77px,8px)}
.far .node.path .sym{fill:var(--card)}
.far .node.path rect{fill:var(--accent);stroke-width:9}
.far .node.failed rect{fill:var(--delete)}
.far .node.failed .sym{fill:var(--card)}
.far .edge.path{stroke-width:7}
`;
