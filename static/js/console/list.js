// j and k move through a list marked data-list; Tab enters it once and leaves it once.
// Needed by: the queue, every other list and the sidebar of a case, by desk.js.
const rows = (list) => [...list.querySelectorAll("a.queue-row, [data-row]")];
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
const box = (row) => row.closest("tr")?.querySelector("[name=case]");

export function rove(list, to) {
  for (const row of rows(list)) for (const part of [row, box(row)]) if (part) part.tabIndex = row === to ? 0 : -1;
}

/** Where the cursor of a list is, or the row so many steps from there. */
export function cursor(list, step = 0) {
  const all = rows(list),
    inside = all.findIndex((row) => row === document.activeElement || (box(row) ?? 0) === document.activeElement);
  const at = inside >= 0 ? inside + step : all.findIndex((row) => row.tabIndex === 0);
  return all[Math.min(all.length - 1, Math.max(0, at))];
}

export function prepareLists(root = document) {
  for (const list of root.querySelectorAll("[data-list]")) {
    const all = rows(list);
    rove(list, all.find((row) => row.ariaCurrent) ?? all[0]);
  }
}

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (
    !step ||
    event.isComposing ||
    event.keyCode === 229 ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    typing(event.target)
  )
    return;
  const inside = event.target.closest("[data-list]");
  if (event.key.startsWith("Arrow") && !inside) return;
  if (event.key.length === 1 && document.body.dataset.shortcuts === "off") return;
  const list = inside ?? document.querySelector("[data-list]");
  if (!list || document.querySelector("dialog[open]")) return;
  const next = cursor(list, step);
  if (!next) return;
  event.preventDefault();
  rove(list, next);
  next.focus();
});

document.addEventListener("focusin", ({ target }) => {
  const list = target.matches("a.queue-row, [data-row]") && target.closest("[data-list]");
  if (list) rove(list, target);
});

prepareLists();
