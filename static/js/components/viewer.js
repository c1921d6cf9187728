// Photos large: zoom, turn, one after the other, two side by side; by hand, wheel, fingers or keys alone.
// Needed by: every page with photos; rare.js fetches it.
import { part, wear } from "../base/beside.js";

const MOST = 8,
  STEP = 1.4,
  CLOSE = 2.5,
  PAN = 60;
let dialog,
  photos = [],
  views = [],
  now,
  opener;

function view(stage) {
  const it = {
    stage,
    frame: stage.querySelector(".frame"),
    image: stage.querySelector("img"),
    caption: stage.querySelector("figcaption"),
    at: 0,
    turn: 0,
    scale: 1,
    x: 0,
    y: 0,
    fingers: new Map(),
  };
  it.image.addEventListener("load", () => {
    stage.removeAttribute("aria-busy");
    draw(it);
  });
  it.image.addEventListener("error", () => stage.removeAttribute("aria-busy"));
  stage.addEventListener("focusin", () => {
    now = it;
    count();
  });
  listen(it);
  return it;
}

function draw(it) {
  const { clientWidth: w, clientHeight: h } = it.frame,
    { naturalWidth: nw, naturalHeight: nh } = it.image;
  if (!nw || !w) return;
  const lies = it.turn % 180 !== 0,
    [pw, ph] = lies ? [nh, nw] : [nw, nh];
  // A whole photo fills the frame; a tiny one is not blown up beyond twice its size until somebody asks.
  const size = Math.min(w / pw, h / ph, 2) * it.scale;
  const room = (photo, frame) => Math.max(0, (photo * size - frame) / 2);
  it.x = Math.min(room(pw, w), Math.max(-room(pw, w), it.x));
  it.y = Math.min(room(ph, h), Math.max(-room(ph, h), it.y));
  it.image.style.transform = `translate(${it.x}px, ${it.y}px) rotate(${it.turn}deg) scale(${size})`;
  it.stage.dataset.scale = it.scale.toFixed(2);
  it.stage.dataset.turn = ((it.turn % 360) + 360) % 360;
}

/** Larger or smaller by a factor, with the point (from the middle of the frame) staying where it is. */
function zoom(it, factor, px = 0, py = 0) {
  const before = it.scale;
  it.scale = Math.min(MOST, Math.max(1, before * factor));
  const by = it.scale / before;
  it.x = px - (px - it.x) * by;
  it.y = py - (py - it.y) * by;
  if (it.scale > 1 && it.image.src !== photos[it.at].href) it.image.src = photos[it.at].href;
  draw(it);
}

function fit(it) {
  Object.assign(it, { scale: 1, x: 0, y: 0 });
  draw(it);
}
function turn(it, by) {
  it.turn += by;
  fit(it);
}

function show(it, index) {
  it.at = (index + photos.length) % photos.length;
  const { href, alt } = photos[it.at];
  Object.assign(it, { turn: 0, scale: 1, x: 0, y: 0 });
  it.stage.setAttribute("aria-busy", "true");
  it.image.alt = it.caption.textContent = alt;
  it.image.src = `${href}?size=1280`;
  part(`${href}?about`)
    .then((told) => {
      if (photos[it.at]?.href === href) it.caption.innerHTML = told;
    })
    .catch(() => {
      /* its name is there */
    });
  count();
}

function count() {
  if (!now) return;
  dialog.querySelector("[data-count]").textContent = `${now.at + 1} / ${photos.length}`;
  dialog.querySelector("[data-keep]").href = `${photos[now.at].href}?download`;
}

function pair() {
  const [first, second] = views,
    alone = !second.stage.hidden;
  second.stage.hidden = alone;
  dialog.querySelector("[data-do=pair]").setAttribute("aria-pressed", String(!alone));
  if (alone) {
    now = first;
    first.stage.focus();
  } else {
    show(second, first.at + 1);
    second.stage.focus();
  }
  views.forEach(draw);
  count();
}

const DO = {
  back: () => show(now, now.at - 1),
  on: () => show(now, now.at + 1),
  in: () => zoom(now, STEP),
  out: () => zoom(now, 1 / STEP),
  fit: () => fit(now),
  left: () => turn(now, -90),
  right: () => turn(now, 90),
  pair,
};
const KEYS = {
  "+": "in",
  "=": "in",
  "-": "out",
  "−": "out",
  0: "fit",
  "[": "left",
  "]": "right",
  r: "right",
  s: "pair",
  PageUp: "back",
  PageDown: "on",
};
const ARROWS = { ArrowLeft: [1, 0, "back"], ArrowRight: [-1, 0, "on"], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const arrow = ARROWS[event.key],
    act = arrow && now.scale === 1 ? arrow[2] : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) DO[act]();
  else if (arrow && now.scale > 1) {
    now.x += arrow[0] * PAN;
    now.y += arrow[1] * PAN;
    draw(now);
  } else return;
  event.preventDefault();
}

/** The middle of the fingers, seen from the middle of the frame, and how far apart they are. */
function spread(it) {
  const { left, top, width, height } = it.frame.getBoundingClientRect(),
    all = [...it.fingers.values()];
  const mid = (name) => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return {
    x: mid("clientX") - left - width / 2,
    y: mid("clientY") - top - height / 2,
    apart: all.length > 1 ? Math.hypot(all[0].clientX - all[1].clientX, all[0].clientY - all[1].clientY) : 0,
  };
}

function listen(it) {
  const { frame } = it,
    lift = (event) => it.fingers.delete(event.pointerId);
  frame.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top, width, height } = frame.getBoundingClientRect();
      zoom(it, Math.exp(-event.deltaY / 300), event.clientX - left - width / 2, event.clientY - top - height / 2);
    },
    { passive: false },
  );
  frame.addEventListener("dblclick", (event) => {
    if (it.scale > 1) return fit(it);
    const { left, top, width, height } = frame.getBoundingClientRect();
    zoom(it, CLOSE, event.clientX - left - width / 2, event.clientY - top - height / 2);
  });
  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    frame.setPointerCapture(event.pointerId);
    it.fingers.set(event.pointerId, event);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!it.fingers.has(event.pointerId)) return;
    const before = spread(it);
    it.fingers.set(event.pointerId, event);
    const after = spread(it);
    it.x += after.x - before.x;
    it.y += after.y - before.y;
    if (before.apart) zoom(it, after.apart / before.apart, after.x, after.y);
    else draw(it);
  });
  for (const kind of ["pointerup", "pointercancel"]) frame.addEventListener(kind, lift);
}

async function make() {
  const [html] = await Promise.all([part("/viewer/"), wear("components/viewer")]);
  document.body.insertAdjacentHTML("beforeend", html);
  dialog = document.getElementById("viewer");
  views = [...dialog.querySelectorAll(".stage")].map(view);
  dialog.addEventListener("keydown", pressed);
  dialog.addEventListener("click", (event) => DO[event.target.closest("[data-do]")?.dataset.do]?.());
  dialog.addEventListener("close", () => {
    if (opener.isConnected) opener.focus();
  });
  new ResizeObserver(() => views.forEach(draw)).observe(dialog);
}

/** Every photo of the page, beginning with the one whose link was pressed. */
export async function open(link) {
  if (!dialog) await make();
  const all = [...document.querySelectorAll(".shots a")].map((each) => ({
    href: each.href,
    alt: each.querySelector("img")?.alt ?? each.textContent,
  }));
  photos = [...new Map(all.map((each) => [each.href, each])).values()];
  opener = link;
  [now] = views;
  views[1].stage.hidden = true;
  dialog.querySelector("[data-do=pair]").setAttribute("aria-pressed", "false");
  for (const name of ["back", "on", "pair"]) dialog.querySelector(`[data-do=${name}]`).disabled = photos.length < 2;
  dialog.showModal();
  show(
    now,
    photos.findIndex((each) => each.href === link.href),
  );
  now.stage.focus();
}
