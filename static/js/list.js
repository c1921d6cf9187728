// j and k move through a list marked data-list; Tab enters it once and leaves it once.
const rows = (list) => [...list.querySelectorAll("a.queue-row, [data-row]")];
const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

function rove(list, to) {
  for (const row of rows(list)) row.tabIndex = row === to ? 0 : -1;
}

export function prepareLists(root = document) {
  for (const list of root.querySelectorAll("[data-list]")) {
    const all = rows(list);
    rove(list, all.find((row) => row.ariaCurrent) ?? all[0]);
  }
}

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const inside = event.target.closest("[data-list]");
  if (event.key.startsWith("Arrow") && !inside) return;
  if (event.key.length === 1 && document.body.dataset.shortcuts === "off") return;
  const list = inside ?? document.querySelector("[data-list]");
  if (!list || document.querySelector("dialog[open]")) return;
  const all = rows(list), at = all.indexOf(document.activeElement);
  const from = at >= 0 ? at + step : Math.max(0, all.findIndex((row) => row.tabIndex === 0));
  const next = all[Math.min(all.length - 1, Math.max(0, from))];
  if (!next) return;
  event.preventDefault();
  rove(list, next);
  next.focus();
});

prepareLists();
