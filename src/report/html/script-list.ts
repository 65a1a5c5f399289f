/** Search, filters, keys, and what else is not the graph. */
export const LIST_SCRIPT = `
const changes = all(".change");
const search = $("#search");
const filters = all("[data-filter]");
const texts = new Map();
const textOf = (change) => {
  if (!texts.has(change)) texts.set(change, change.textContent.toLowerCase());
  return texts.get(change);
};
const refresh = () => {
  if (!search) return;
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const kinds = filters.filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.dataset.filter);
  const visible = new Set();
  for (const change of changes) {
    const own = change.dataset.kinds.split(" ");
    const shows = (kinds.length === 0 || kinds.some((each) => own.includes(each))) && words.every((word) => textOf(change).includes(word));
    change.hidden = !shows;
    if (shows) visible.add(change.id);
  }
  $("#shown").textContent = visible.size + " of " + changes.length + " shown";
  $("#none").hidden = visible.size > 0;
  if (page.graph) page.graph.dim(visible.size === changes.length ? null : visible);
};
const clear = () => {
  if (!search) return;
  search.value = "";
  for (const each of filters) each.setAttribute("aria-pressed", "false");
  refresh();
  if (page.graph) page.graph.clear();
};
on(search, "input", refresh);
for (const each of filters) on(each, "click", () => {
  each.setAttribute("aria-pressed", String(each.getAttribute("aria-pressed") !== "true"));
  refresh();
});
on($("#clear"), "click", () => { clear(); search.focus(); });
const setOpen = (open) => { for (const each of changes) if (!each.hidden) each.open = open; };
on($("#open-all"), "click", () => setOpen(true));
on($("#close-all"), "click", () => setOpen(false));

let here = null;
const mark = (change) => {
  if (here) here.classList.remove("here");
  here = change;
  here.classList.add("here");
};
const focusOn = (change) => {
  mark(change);
  const summary = $("summary", change);
  summary.focus({ preventScroll: true });
  change.scrollIntoView({ block: "nearest" });
  summary.scrollIntoView({ block: "nearest" });
};
page.go = (id) => {
  const change = changes.find((each) => each.id === id);
  if (!change) return;
  if (change.hidden) clear();
  change.open = true;
  mark(change);
  $("summary", change).focus({ preventScroll: true });
  change.scrollIntoView({ block: "start" });
};
const step = (by) => {
  const shown = changes.filter((each) => !each.hidden);
  if (shown.length === 0) return;
  const at = shown.indexOf(document.activeElement && document.activeElement.closest(".change") || here);
  const next = at === -1 ? (by > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, at + by));
  focusOn(shown[next]);
};
const follow = () => {
  const id = location.hash.slice(1);
  if (id.startsWith("change-")) page.go(id);
};
on(window, "hashchange", follow);
on(document, "click", (event) => {
  const link = event.target.closest && event.target.closest('a[href^="#change-"]');
  if (link && link.getAttribute("href") === location.hash) follow();
});

const lettersOn = () => !$("#keys") || $("#keys").checked;
const LETTERS = {
  "/": () => search && (search.focus(), search.select()),
  j: () => step(1),
  k: () => step(-1),
  g: () => page.graph && page.graph.focus(),
  "?": () => {
    const help = $("#help");
    help.open = !help.open;
    if (help.open) $("summary", help).focus();
  },
};
on(document, "keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") {
    if (document.activeElement === search) search.blur();
    return clear();
  }
  if (event.target.closest("input:not([type=checkbox])") || !lettersOn()) return;
  const does = Object.hasOwn(LETTERS, event.key) ? LETTERS[event.key] : null;
  if (!does) return;
  event.preventDefault();
  does();
});

on($("#copy"), "click", () => {
  const digest = $("#digest");
  const say = (done) => {
    $("#copy").textContent = done;
    $("#copied").textContent = done + ".";
  };
  const select = () => {
    getSelection().selectAllChildren(digest);
    say("Selected");
  };
  if (!navigator.clipboard) return select();
  navigator.clipboard.writeText(digest.textContent).then(() => say("Copied"), select);
});

let closed = [];
on(window, "beforeprint", () => {
  closed = all("details:not([open])");
  for (const each of closed) each.open = true;
});
on(window, "afterprint", () => { for (const each of closed) each.open = false; });
`;
