// The rule behind a "?", word for word, in a box beside it.
// Needed by: every page with a “?” beside a word; rare.js fetches it.
import { beside, part, wear } from "../base/beside.js";

let box, asked;

function make() {
  box = document.createElement("div");
  box.id = box.className = "rule-box";
  box.popover = "auto";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.addEventListener("toggle", (event) => {
    if (
      event.newState === "closed" &&
      (box.contains(document.activeElement) || document.activeElement === document.body)
    )
      asked.focus();
  });
}

export async function open(link) {
  if (!box) make();
  if (asked === link && box.matches(":popover-open")) return box.hidePopover();
  const [text] = await Promise.all([part(link.href), wear("components/rule")]);
  asked = link;
  box.innerHTML = text;
  box.setAttribute("aria-label", box.querySelector("h2").textContent);
  // A dialog that is open makes everything outside it inert.
  (link.closest("dialog") ?? document.body).append(box);
  box.showPopover();
  beside(box, link, true);
  box.focus();
}
