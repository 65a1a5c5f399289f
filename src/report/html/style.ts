import { GRAPH_STYLE } from "./style-graph.ts";

/** Colours, light and dark. Each text has a contrast of 4.5 to 1 at least against what it stands on. */
const COLOURS = `
:root{color-scheme:light dark;
--bg:#f7f7f5;--card:#fff;--ink:#1c1f24;--soft:#565c66;--line:#dfe0e2;--hover:#f1f2f4;--accent:#1f57c3;--code:#f2f3f5;
--create:#14692c;--create-bg:#e4f4e7;--update:#7a4d00;--update-bg:#fcf0d6;--delete:#b0221a;--delete-bg:#fde9e6;
--replace:#7332b0;--replace-bg:#f3e9fb;--quiet:#565c66;--quiet-bg:#eceef0;--adopt:#0a5f75;--adopt-bg:#dff2f7}
@media (prefers-color-scheme:dark){:root{
--bg:#121417;--card:#1a1d22;--ink:#e6e8eb;--soft:#a3aab5;--line:#30353d;--hover:#22262c;--accent:#8ab4ff;--code:#23272e;
--create:#6bd18a;--create-bg:#12301d;--update:#eab84a;--update-bg:#33270d;--delete:#ff9489;--delete-bg:#3b1a17;
--replace:#cfa8ff;--replace-bg:#2c1d40;--quiet:#a3aab5;--quiet-bg:#2a2e35;--adopt:#6fd3e6;--adopt-bg:#10303a}}
`;

const BASE = `
*,::before,::after{box-sizing:border-box}
html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
code,pre,kbd,.attrs th,.attrs td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
code,b,.head,del,ins{unicode-bidi:isolate}
h1,h2,h3,h4,p,ul,ol,dl,dd,pre{margin:0;padding:0}
ul,.steps{list-style:none}
[hidden]{display:none!important}
a{color:var(--accent);text-underline-offset:.18em}
.top,main,footer,nav ul{max-width:70rem;margin-inline:auto;padding-inline:1.25rem}
.vh{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:.75rem;top:-4rem;z-index:3;background:var(--accent);color:var(--card);padding:.5rem .9rem;border-radius:.4rem}
.skip:focus{top:.75rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:.3rem}
main:focus,main:focus-visible{outline:none}
.top{padding-block:2.25rem 1.25rem}
.kicker{color:var(--soft);font-size:.9rem;letter-spacing:.02em}
h1{font-size:clamp(1.7rem,5vw,2.4rem);line-height:1.15;font-weight:650;letter-spacing:-.02em}
h1 .env{color:var(--soft);font-weight:400}
h2{font-size:1.2rem;font-weight:650;letter-spacing:-.01em;margin-bottom:.8rem}
h3{font-size:.95rem;font-weight:600}
h4{font-size:.85rem;font-weight:600;color:var(--soft);margin-top:.9rem}
.count{color:var(--soft);font-weight:400;font-variant-numeric:tabular-nums}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 1.75rem;margin-top:1rem;font-size:.9rem}
.facts dt{color:var(--soft);font-size:.8rem}
.facts .digest{flex-basis:100%}
nav{position:sticky;top:0;z-index:2;background:var(--bg);border-block:1px solid var(--line)}
nav ul{display:flex;gap:1.4rem;overflow-x:auto;scrollbar-width:thin}
nav a{display:block;padding:.6rem 0;color:var(--ink);text-decoration:none;font-size:.92rem;white-space:nowrap}
nav a:hover{color:var(--accent);text-decoration:underline}
nav :focus-visible{outline-offset:-3px}
main{padding-bottom:3rem}
section{padding-top:2.25rem}
.lead,.note,.why,.where{color:var(--soft)}
.lead{margin-bottom:.8rem}
.note,.why,.where{font-size:.88rem}
.verdict{font-size:1.25rem;font-weight:550;line-height:1.35}
.alarm{color:var(--delete);font-weight:600;margin-top:.4rem}
.marks{display:flex;flex-wrap:wrap;gap:.5rem .9rem;margin-top:.8rem;align-items:baseline}
.marks .bad,.marks .odd{border-radius:1rem;padding:.1rem .7rem;font-size:.9rem}
.marks .bad{background:var(--delete-bg)}.marks .bad a{color:var(--delete)}
.marks .odd{background:var(--update-bg)}.marks .odd a{color:var(--update)}
.names .end{color:var(--soft)}
.named{margin-top:1.2rem;padding-left:.9rem;border-left:3px solid var(--line)}
.named.delete,.named.failed{border-color:var(--delete)}.named.replace{border-color:var(--replace)}
.named.restart,.named.stop,.named.unknown{border-color:var(--update)}
.names{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin-top:.2rem}
.names+.more{margin-top:.4rem}
button{font:inherit;color:inherit;cursor:pointer;background:var(--card);border:1px solid var(--line);border-radius:.45rem;padding:.35rem .7rem;min-height:2rem}
button:hover{background:var(--hover)}
.small{font-size:.85rem;padding:.15rem .6rem}
kbd{border:1px solid var(--line);border-bottom-width:2px;border-radius:.3rem;padding:0 .35em;background:var(--card)}
`;

const CHANGES = `
.filters{display:grid;gap:.7rem;margin-bottom:1rem}
.search input{width:100%;font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.5rem;padding:.5rem .8rem}
.search input::placeholder{color:var(--soft);opacity:1}
.kinds,.row,.tools{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.row{font-size:.9rem;color:var(--soft)}
.row button{color:var(--ink)}
.grow{flex:1}
.filter{border-radius:2rem;padding-inline:.85rem}
.filter::before{content:"";display:inline-block;width:.6em;height:.6em;border-radius:50%;margin-right:.45em;background:var(--tone,var(--quiet))}
.filter[aria-pressed=true]{background:var(--ink);color:var(--bg);border-color:var(--ink)}
.filter[aria-pressed=true] .count{color:inherit}
.create,.succeeded{--tone:var(--create);--tone-bg:var(--create-bg)}
.update,.restart,.stop,.unknown,.warning{--tone:var(--update);--tone-bg:var(--update-bg)}
.delete,.failed,.error{--tone:var(--delete);--tone-bg:var(--delete-bg)}
.replace{--tone:var(--replace);--tone-bg:var(--replace-bg)}
.adopt,.move{--tone:var(--adopt);--tone-bg:var(--adopt-bg)}
.forget,.recover,.skipped{--tone:var(--quiet);--tone-bg:var(--quiet-bg)}
.change,.drift{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin-bottom:.5rem}
html:not(.js) .change:target,.change.here{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
summary{cursor:pointer}
.change>summary,.drift>summary{display:flex;gap:.7rem;align-items:baseline;padding:.6rem .9rem;list-style:none;border-radius:.6rem}
.change>summary::-webkit-details-marker,.drift>summary::-webkit-details-marker{display:none}
.change>summary:hover,.drift>summary:hover{background:var(--hover)}
summary>.sign{flex:none;width:2.1rem;text-align:center;font:600 .9rem/1.5 ui-monospace,Menlo,Consolas,monospace;color:var(--tone);background:var(--tone-bg);border-radius:.35rem}
.head{flex:1;min-width:0}
.head code{font-weight:600;font-size:.95rem}
.says{color:var(--soft)}
.badges{display:flex;flex-wrap:wrap;gap:.3rem;justify-content:end}
.tag{font:600 .75rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--tone);background:var(--tone-bg);border-radius:.3rem;padding:.05rem .45rem;white-space:nowrap;vertical-align:.08em}
.tag.path{--tone:var(--accent);--tone-bg:var(--code)}
.body{padding:.1rem .9rem .9rem 3.7rem}
.body>*+*{margin-top:.5rem}
.attrs{border-collapse:collapse;width:100%}
.attrs tbody tr{border-top:1px solid var(--line);vertical-align:top}
.attrs th,.attrs td{padding:.3rem .9rem .3rem 0;text-align:start;font-weight:400}
.attrs .sign{width:1.4rem;color:var(--tone);font-weight:700;padding-right:.3rem}
.attrs th{width:26%;min-width:8rem;color:var(--soft)}
del,ins,.attrs .unknown{text-decoration:none;white-space:pre-wrap}
del{color:var(--delete)}
ins{color:var(--create)}
.to{color:var(--soft)}
.unknown:not(.tag,.node,.filter,.named){color:var(--soft);font-style:italic}
.attrs .note::before{content:"· "}
pre.text{white-space:pre-wrap;background:var(--code);border-radius:.4rem;padding:.4rem 0;font-size:1em;overflow-x:auto}
pre.text span{display:inline-block;width:100%;padding:0 .7rem}
pre.text .create{background:var(--create-bg);color:var(--create)}
pre.text .delete{background:var(--delete-bg);color:var(--delete)}
pre.text .remark{color:var(--soft)}
.steps{font-size:.88rem;counter-reset:step}
.steps li{counter-increment:step;padding:.1rem 0}
.steps li::before{content:counter(step) ". ";color:var(--soft)}
.steps .time{color:var(--soft)}
.problem{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:.5rem;padding:.75rem 1rem;margin-bottom:.6rem}
.problem>*+*{margin-top:.3rem}
.problem .code{color:var(--soft);font-size:.82rem}
.detail,.hint,.notice{white-space:pre-wrap}
.hint::before{content:"→ ";color:var(--soft)}
.satisfied li span{color:var(--create)}
.policy h3{margin-top:1rem}
footer{padding-block:1rem 3rem;font-size:.9rem}
.keys{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;margin:.6rem 0}
.keys div{display:flex;gap:.5rem}
.keys dt{white-space:nowrap}
`;

const MEDIA = `
@media (max-width:40rem){
.top,main,footer,nav ul{padding-inline:1rem}
.body{padding-left:.9rem}
.change>summary,.drift>summary{flex-wrap:wrap}
.head{flex-basis:calc(100% - 3rem)}
.badges{margin-left:2.8rem}
.badges:empty{display:none}
.attrs tbody,.attrs tr{display:block}
.attrs tr{display:grid;grid-template-columns:1.3rem 1fr;padding:.3rem 0}
.attrs th,.attrs td{padding:0;width:auto;min-width:0}
.attrs td:last-child{grid-column:2}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (forced-colors:active){.filter[aria-pressed=true]{outline:2px solid}.tag,summary>.sign{border:1px solid}}
@media print{:root{color-scheme:light}nav,.filters,.tools,footer,.skip,button:not(.link),.does-kinds,#graph-keys{display:none!important}
.link{color:inherit;text-decoration:none}
body{background:none;font-size:10pt}.change,.drift,.problem{break-inside:avoid}
details::details-content{content-visibility:visible;display:block}.canvas{break-inside:avoid}}
`;

/** The page's style, whole. */
export const STYLE: string = [COLOURS, BASE, CHANGES, GRAPH_STYLE, MEDIA].join("");
