// A look at the case under the cursor: Space or Escape closes it, j and k look at the next one.
import { cursor, rove } from "./list.js";

const dialog = document.getElementById("peek"), body = document.getElementById("peek-body");
let list = null, row = null;

export async function look(where, at) {
  row?.closest("tr").classList.remove("peeked");
  list = where;
  row = at;
  row.closest("tr").classList.add("peeked");
  rove(list, row);
  row.focus();
  await htmx.ajax("GET", `${row.getAttribute("href")}peek/`, { target: body, swap: "innerHTML" });
  if (row !== at || !body.childElementCount) return;
  if (!dialog.open) dialog.showModal();
  body.querySelector("[autofocus]")?.focus();
}

function step(by) {
  const rows = [...list.querySelectorAll("[data-row]")], next = rows[rows.indexOf(row) + by];
  if (next) look(list, next);
}

dialog.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === " " && !event.target.closest("button")) { event.preventDefault(); dialog.close(); }
  if (!by) return;
  event.preventDefault();
  step(by);
});

dialog.addEventListener("close", () => {
  body.replaceChildren();
  row?.closest("tr").classList.remove("peeked");
  if (row?.isConnected) row.focus(); else cursor(list)?.focus();
});
