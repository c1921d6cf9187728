// After htmx has swapped: the focus is where it was, errors are read, dialogs open, failures are said.
// Needed by: every page, by desk.js.
import { forget, prepare, release } from "../components/forms.js";
import { prepareLists } from "../console/list.js";
import { tell, words } from "./words.js";

let before = null;

function place(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.name) return `[name="${CSS.escape(element.name)}"]`;
  if (element.dataset.key) return `[data-key="${CSS.escape(element.dataset.key)}"]`;
  return element.getAttribute("href") ? `[href="${CSS.escape(element.getAttribute("href"))}"]` : null;
}

function lost() {
  return !document.activeElement || document.activeElement === document.body;
}

// A button that is held while its form is sent loses the focus, so its place is kept from before.
for (const kind of ["htmx:beforeRequest", "htmx:beforeSwap"]) {
  document.addEventListener(kind, () => {
    before = place(document.activeElement) ?? before;
  });
}

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.target;
  prepare(target);
  prepareLists(target.parentElement ?? document);
  if (target.id === "dialog-body" && target.childElementCount) {
    const dialog = target.closest("dialog");
    if (!dialog.open) dialog.showModal();
    // Of radio buttons the one that is chosen; autofocus would take the last one.
    if (!target.querySelector("[autofocus]")) target.querySelector(".form :checked")?.focus();
  }
  const error = target.querySelector("[data-focus]");
  if (error) return error.focus();
  // What comes by itself, a count or a bar that moves, takes the focus from nobody.
  if (!lost() || !["click", "submit"].includes(event.detail.requestConfig?.triggeringEvent?.type)) return;
  const again = before && (document.querySelector(before) ?? null);
  if (again) return again.focus({ preventScroll: true });
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
});

document.addEventListener("htmx:afterRequest", (event) => {
  // The form itself may be out of the page by now, and the event then comes from its parent.
  const form = event.detail.requestConfig?.elt.closest("form");
  if (!form) return;
  release(form);
  if (event.detail.successful && event.detail.requestConfig.verb !== "get") forget(form);
});

/** What a page of refusal says in its own words. */
const reason = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("main .prose p")?.textContent;
document.addEventListener("htmx:responseError", ({ detail }) =>
  tell(reason(detail.xhr.responseText) ?? words.failed, "error"),
);

// Only what somebody did is worth a word and another try; what a page asks by itself it will ask again.
const BY_HAND = ["click", "submit", "change", "input", "keyup", "search"];
for (const kind of ["htmx:sendError", "htmx:timeout"])
  document.addEventListener(kind, ({ detail }) => {
    const { elt, triggeringEvent: done } = detail.requestConfig;
    if (!BY_HAND.includes(done?.type)) return;
    tell(words.offline, "error", () => {
      if (elt.matches("form")) return elt.requestSubmit(elt.contains(done.submitter) ? done.submitter : null);
      if (done.type === "click") return elt.click();
      done.target.dispatchEvent(new Event(done.type, { bubbles: true, cancelable: true }));
    });
  });
document.addEventListener("close-dialog", () => document.getElementById("dialog")?.close());
