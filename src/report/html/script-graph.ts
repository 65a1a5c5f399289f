/** Zoom, moving about, and what leads from an action to its change and back. */
export const GRAPH_SCRIPT = `
const svg = $("#drawing");
if (svg) {
  const nodes = all(".node", svg);
  const edges = all(".edge", svg).map((element) => {
    const [from, to] = element.dataset.e.split(" ").map(Number);
    return { element, from, to };
  });
  const boxes = nodes.map((each) => {
    const [x, y] = each.getAttribute("transform").match(/-?[\\d.]+/g).map(Number);
    const rect = $("rect", each);
    return { x, y, w: Number(rect.getAttribute("width")), h: Number(rect.getAttribute("height")) };
  });
  const full = { w: Number(svg.dataset.width), h: Number(svg.dataset.height) };
  const MARGIN = 16;
  let view = null;
  const show = ({ x, y, w, h }) => {
    view = { x, y, w, h };
    svg.setAttribute("viewBox", [x, y, w, h].map((each) => Math.round(each * 100) / 100).join(" "));
    svg.classList.toggle("far", svg.clientWidth / w < 0.5);
  };
  const ratio = () => svg.clientHeight / Math.max(1, svg.clientWidth);
  const around = (x, y, w, h) => {
    const wide = Math.max(w, h / ratio(), svg.clientWidth / 1.15);
    show({ x: x - (wide - w) / 2, y: y - (wide * ratio() - h) / 2, w: wide, h: wide * ratio() });
  };
  const resize = () => {
    const scale = Math.min(1, svg.clientWidth / (full.w + 2 * MARGIN));
    const high = (full.h + 2 * MARGIN) * scale;
    svg.setAttribute("height", String(Math.round(Math.max(scale < 0.5 ? 280 : 150, Math.min(620, high)))));
  };
  const fit = () => around(-MARGIN, -MARGIN, full.w, full.h);
  const zoom = (by, at = { x: view.x + view.w / 2, y: view.y + view.h / 2 }) => {
    const most = Math.max(full.w, full.h / ratio(), svg.clientWidth) * 2;
    const w = Math.max(Math.min(160, most), Math.min(most, view.w * by));
    const real = w / view.w;
    show({ x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real, w, h: view.h * real });
  };
  const pan = (x, y) => show({ ...view, x: view.x + x * view.w, y: view.y + y * view.h });
  const enclose = (indexes) => {
    const of = indexes.map((index) => boxes[index]);
    const x = Math.min(...of.map((each) => each.x));
    const y = Math.min(...of.map((each) => each.y));
    const right = Math.max(...of.map((each) => each.x + each.w));
    const bottom = Math.max(...of.map((each) => each.y + each.h));
    around(x - 2 * MARGIN, y - 2 * MARGIN, right - x + 4 * MARGIN, bottom - y + 4 * MARGIN);
  };
  const onPath = nodes.flatMap((each, index) => (each.classList.contains("path") ? [index] : []));

  let picked = -1;
  const pick = (index) => {
    for (const each of all(".picked, .near", svg)) each.classList.remove("picked", "near");
    picked = index;
    const node = nodes[index];
    node.classList.add("picked");
    for (const { element, from, to } of edges) {
      if (from !== index && to !== index) continue;
      element.classList.add("near");
      nodes[from === index ? to : from].classList.add("near");
    }
    const says = $("#picked");
    says.textContent = $("title", node).textContent + " ";
    if (!node.dataset.change) return;
    const link = document.createElement("a");
    link.href = "#" + node.dataset.change;
    link.textContent = "Go to its change";
    says.append(link);
  };
  const reveal = (index) => {
    const { x, y, w, h } = boxes[index];
    const wide = Math.min(view.w, svg.clientWidth * 1.4);
    const inside = x >= view.x && y >= view.y && x + w <= view.x + view.w && y + h <= view.y + view.h;
    if (inside && wide === view.w) return;
    const high = wide * ratio();
    show({ x: x + w / 2 - wide / 2, y: y + h / 2 - high / 2, w: wide, h: high });
  };
  const open = () => picked >= 0 && nodes[picked].dataset.change && page.go(nodes[picked].dataset.change);
  const next = (by) => {
    const visible = nodes.flatMap((each, index) => (each.classList.contains("dim") ? [] : [index]));
    if (visible.length === 0) return;
    const at = visible.indexOf(picked);
    const first = Math.max(0, visible.indexOf(onPath[0]));
    const to = at === -1 ? (by > 0 ? first : visible.length - 1) : (at + by + visible.length) % visible.length;
    pick(visible[to]);
    reveal(visible[to]);
  };

  const kinds = all("[data-does]", $("#graph")).filter((each) => each.tagName === "BUTTON");
  const pressed = () => kinds.filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.dataset.does);
  let visible = null;
  const dim = () => {
    const does = pressed();
    const off = nodes.map((each) => (visible !== null && !visible.has(each.dataset.change)) || (does.length > 0 && !does.includes(each.dataset.does)));
    nodes.forEach((each, index) => each.classList.toggle("dim", off[index]));
    for (const { element, from, to } of edges) element.classList.toggle("dim", off[from] || off[to]);
  };
  for (const each of kinds) on(each, "click", () => {
    each.setAttribute("aria-pressed", String(each.getAttribute("aria-pressed") !== "true"));
    dim();
  });

  page.graph = {
    focus: () => { svg.focus({ preventScroll: true }); $("#graph").scrollIntoView({ block: "start" }); },
    dim: (those) => {
      visible = those;
      dim();
    },
    clear: () => {
      for (const each of kinds) each.setAttribute("aria-pressed", "false");
      dim();
    },
  };
  svg.setAttribute("tabindex", "0");
  resize();
  fit();
  let width = svg.clientWidth;
  on(window, "resize", () => {
    if (svg.clientWidth === width) return;
    width = svg.clientWidth;
    resize();
    fit();
  });

  on($("#zoom-in"), "click", () => zoom(1 / 1.4));
  on($("#zoom-out"), "click", () => zoom(1.4));
  on($("#zoom-all"), "click", fit);
  on($("#zoom-path"), "click", () => onPath.length > 0 && enclose(onPath));
  const KEYS = {
    "+": () => zoom(1 / 1.4), "=": () => zoom(1 / 1.4), "-": () => zoom(1.4), "0": fit,
    ArrowLeft: () => pan(-0.12, 0), ArrowRight: () => pan(0.12, 0), ArrowUp: () => pan(0, -0.12), ArrowDown: () => pan(0, 0.12),
    n: () => next(1), p: () => next(-1), Enter: open,
  };
  on(svg, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  const place = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    return { x: view.x + ((clientX - box.left) / box.width) * view.w, y: view.y + ((clientY - box.top) / box.height) * view.h };
  };
  on(svg, "wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== svg) return;
    event.preventDefault();
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 240), place(event));
  }, { passive: false });

  let held = null;
  on(svg, "pointerdown", (event) => {
    if (event.button !== 0) return;
    held = { x: event.clientX, y: event.clientY, view, moved: false, node: event.target.closest(".node") };
  });
  on(svg, "pointermove", (event) => {
    if (!held) return;
    const [x, y] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.moved && Math.abs(x) + Math.abs(y) < 5) return;
    if (!held.moved) {
      held.moved = true;
      svg.setPointerCapture(event.pointerId);
      svg.classList.add("held");
    }
    const scale = held.view.w / svg.clientWidth;
    show({ ...held.view, x: held.view.x - x * scale, y: held.view.y - y * scale });
  });
  const release = (event) => {
    const was = held;
    held = null;
    svg.classList.remove("held");
    if (!was || was.moved || event.type === "pointercancel") return;
    svg.focus({ preventScroll: true });
    if (was.node) pick(nodes.indexOf(was.node));
  };
  on(svg, "pointerup", release);
  on(svg, "pointercancel", release);
  on(svg, "dblclick", (event) => event.target.closest(".node") && open());

  const indexOf = new Map(nodes.map((each, index) => [each.dataset.step, index]));
  for (const each of all(".step")) {
    const index = indexOf.get(each.dataset.step);
    if (index === undefined) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.title = "Show in the graph";
    button.textContent = each.textContent;
    on(button, "click", () => { pick(index); reveal(index); page.graph.focus(); });
    each.textContent = "";
    each.append(button);
  }
}
refresh();
follow();
`;
