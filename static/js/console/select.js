// Rows picked by x, Shift+X, Shift-click or their boxes; the pick stays while pages are swapped. Space looks at a case.
// Needed by: the queue, by queue/list.html.
import { cursor, rove } from "./list.js";

const picked = new Map(); // id → the mark as it was picked: an id and a version
let every = false,
  anchor = null,
  shift = false,
  wasAt = "";

// Boxes are drawn here: in the page they would be a tenth of its bytes.
function draw() {
  for (const row of document.querySelectorAll("#rows tr[data-v]")) {
    if (row.querySelector(".pick")) continue;
    const label = document.createElement("label"),
      one = document.createElement("input"),
      link = row.querySelector("[data-row]");
    Object.assign(one, {
      type: "checkbox",
      name: "case",
      value: row.dataset.v,
      ariaLabel: link.textContent,
      tabIndex: link.tabIndex,
    });
    label.className = "pick";
    label.append(one);
    row.cells[0].prepend(label);
  }
}

const list = () => document.querySelector("#rows [data-list]");
const bar = () => document.getElementById("bulk");
const boxes = () => [...document.querySelectorAll("#rows [name=case]")];
const id = (one) => one.value.split(".")[0];
const dialogs = () => document.querySelector("dialog[open]");
const resting = (event) =>
  event.isComposing ||
  event.keyCode === 229 ||
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  document.body.dataset.shortcuts === "off" ||
  dialogs() ||
  event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

function keep(one, on) {
  if (on && !picked.has(id(one))) picked.set(id(one), one.value);
  if (!on) picked.delete(id(one));
  every = every && on;
}

function show() {
  draw();
  const form = bar(),
    all = boxes();
  for (const one of all) one.checked = every || picked.has(id(one));
  if (!form) return;
  const away = [...picked.keys()].filter((key) => !all.some((one) => id(one) === key)).length;
  const { dataset: words } = form.querySelector(".bulk");
  const text = every ? words.all : away ? words.away : words.some;
  const said = text.replace("{n}", picked.size).replace("{m}", away);
  form.querySelector(".bulk").classList.toggle("some", every || picked.size > 0);
  form.querySelector("[data-said]").textContent = said;
  form.querySelector("[data-every]")?.toggleAttribute("hidden", every);
  const told = document.getElementById("picked"),
    now = every || picked.size ? said : told.textContent && words.none;
  if (told.textContent !== now) told.textContent = now;
}

function clear() {
  picked.clear();
  every = false;
  anchor = null;
  show();
}

function toggle(one, on, range) {
  const all = boxes(),
    from = all.findIndex((other) => id(other) === anchor),
    to = all.indexOf(one);
  const run = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [one];
  if (every) for (const other of all) keep(other, true);
  every = false;
  for (const other of run) keep(other, range ? true : on);
  anchor = id(one);
  show();
}

function pick(row, range) {
  const one = row.closest("tr").querySelector("[name=case]");
  if (!one) return;
  rove(list(), row);
  row.focus();
  toggle(one, !(every || picked.has(id(one))), range);
}

// Which rows fit has changed: "all of them" would mean others now. What was picked one by one stays.
function filters() {
  const form = new URLSearchParams(bar()?.elements.from.value);
  return form.toString();
}

document.addEventListener(
  "pointerdown",
  (event) => {
    shift = event.shiftKey;
  },
  true,
);
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === " ") shift = event.shiftKey;
  },
  true,
);

document.addEventListener("change", (event) => {
  if (event.target.matches("#rows [name=case]")) {
    toggle(event.target, event.target.checked, shift);
    shift = false;
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-every]")) {
    picked.clear();
    every = true;
    show();
    bar().elements.action.focus();
  }
  if (event.target.closest("[data-unpick]")) {
    clear();
    cursor(list())?.focus();
  }
});

document.addEventListener(
  "submit",
  (event) => {
    if (event.target.id !== "bulk") return;
    event.target.elements.selected.value = [...picked.values()].join(" ");
    event.target.elements.every.value = every ? "1" : "";
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (!list() || event.defaultPrevented || resting(event)) return;
  if (event.key === "Escape" && (every || picked.size) && !document.querySelector("details.menu[open]")) return clear();
  if (!["x", "X", " "].includes(event.key)) return;
  // Space presses what it is on, and looks at a case everywhere else.
  if (event.key === " " && event.target.closest("button, summary, [type=checkbox], a:not([data-row])")) return;
  const row = cursor(list());
  if (!row) return;
  event.preventDefault();
  if (event.key !== " ") return pick(row, event.key === "X");
  import("./quick_view.js").then((module) => module.look(list(), row));
});

// Before the new rows are painted.
document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.closest?.("#rows")) return;
  if (every && filters() !== wasAt) every = false;
  wasAt = filters();
  show();
});

const keys = document.getElementById("list-keys");
if (keys) document.querySelector("[data-keys]")?.append(keys.content);
wasAt = filters();
show();
