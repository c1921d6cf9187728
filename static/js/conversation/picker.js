// The dialog of replies and macros: a search that keeps the focus, arrows that move the choice, Enter that takes it.
// Needed by: the page of a case; tools.js fetches it.
import { look, pick } from "./gaps.js";

const dialog = document.getElementById("dialog");
const options = () => [...dialog.querySelectorAll("#picked [role=option]")];
const input = () => dialog.querySelector("#picker");

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) input().setAttribute("aria-activedescendant", option.id);
  else input().removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

/** After the dialog or its list was swapped in. */
export function ready() {
  if (!input()) return;
  choose(options()[0]);
  input().setAttribute("aria-expanded", "true");
}

function back() {
  const reply = document.getElementById("reply");
  reply?.focus();
  return reply;
}

dialog.addEventListener("keydown", (event) => {
  if (event.target !== input() || event.isComposing || event.keyCode === 229) return;
  const all = options(),
    at = all.findIndex((one) => one.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(all[(at + step + all.length) % all.length]);
  else if (event.key === "Enter") all[at]?.click();
  else return;
  event.preventDefault();
});

// Escape, the cross and a choice all lead back to where the agent was writing.
dialog.addEventListener("close", () => {
  if (dialog.querySelector("[data-picker=reply]")) back();
});

dialog.addEventListener("click", (event) => {
  const option = event.target.closest("button[data-text]");
  if (!option) return;
  event.preventDefault();
  const form = option.form,
    used = new FormData(form, option);
  dialog.close();
  const reply = back(),
    start = reply.selectionStart;
  reply.setRangeText(option.dataset.text, start, reply.selectionEnd, "end");
  reply.dispatchEvent(new Event("input", { bubbles: true }));
  look(reply);
  pick(reply, start);
  fetch(form.action, { method: "POST", body: used, headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {
    /* only its counter is behind */
  });
});
