// A look at the case under the cursor: Space or Escape closes it, j and k look at the next one.
// Needed by: the queue; select.js fetches it.
import { cursor, rove } from "./list.js";

const dialog = document.getElementById("peek"),
  body = document.getElementById("peek-body");
let list = null,
  row = null;

export async function look(where, at) {
  row?.closest("tr").classList.remove("peeked");
  list = where;
  row = at;
  row.closest("tr").classList.add("peeked");
  rove(list, row);
  row.focus();
  if (!dialog.open) dialog.showModal(); // at once: the next key is meant for it already
  await htmx.ajax("GET", `${at.getAttribute("href")}peek/`, { target: body, swap: "innerHTML" });
  if (row === at) body.querySelector("[autofocus]")?.focus();
  else if (!row) body.replaceChildren();
}

function step(by) {
  const rows = [...list.querySelectorAll("[data-row]")],
    next = rows[rows.indexOf(row) + by];
  if (next) look(list, next);
}

dialog.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === " " && !event.target.closest("button")) {
    event.preventDefault();
    dialog.close();
  }
  if (!by) return;
  event.preventDefault();
  step(by);
});

dialog.addEventListener("close", () => {
  const last = row;
  row = null;
  body.replaceChildren();
  last?.closest("tr").classList.remove("peeked");
  if (last?.isConnected) last.focus();
  else cursor(list)?.focus();
});
