// Single keys press what carries data-key. They rest while somebody types, in dialogs, and while an IME composes.
// Needed by: every page, by desk.js.
import { remember } from "../base/words.js";

const TEXT =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), " +
  "textarea, select, [contenteditable]";
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const off = () => document.body.dataset.shortcuts === "off";

function find(key, scope = document) {
  return [...scope.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key === key && visible(one) && !one.disabled,
  );
}

function press(element) {
  // What is rarely asked for is loaded when it is.
  if (element.dataset.opens)
    return void import(`../${element.dataset.opens}.js`).then(
      (part) => part.open(element),
      () => element.focus(),
    );
  if (element.matches(TEXT)) {
    element.focus();
    element.select?.();
    return;
  }
  // Focused first, so that a dialog it opens knows where to return to.
  element.focus();
  element.click();
}

function combination(event) {
  const key = event.key.length === 1 ? event.key : event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `mod+${key.toLowerCase()}` : key;
}

function showKeys() {
  const dialog = document.getElementById("keys"),
    list = dialog?.querySelector("[data-keys]");
  if (!list || dialog.open) return;
  list.querySelectorAll("[data-found]").forEach((old) => old.remove());
  list.prepend(
    ...[...document.querySelectorAll("[data-key]")].filter(visible).flatMap((one) => {
      const key = document.createElement("kbd"),
        term = document.createElement("dt"),
        what = document.createElement("dd");
      key.textContent = one.dataset.key
        .replace(/^[A-Z]$/, "Shift $&")
        .replace(/(?<![a-z])[a-z]$/, (letter) => letter.toUpperCase())
        .replace("enter", "↵")
        .replace("mod+", "Ctrl ");
      const shown = one.cloneNode(true);
      shown.querySelectorAll("kbd").forEach((extra) => extra.remove());
      what.textContent = one.dataset.keyLabel ?? one.getAttribute("aria-label") ?? shown.textContent.trim();
      term.append(key);
      term.dataset.found = what.dataset.found = "";
      return [term, what];
    }),
  );
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.altKey) return;
  const key = combination(event),
    withModifier = key.startsWith("mod+");
  if (document.querySelector("dialog[open]") && !withModifier) return;
  if (!withModifier && (off() || event.target.closest(TEXT))) return;
  if (key === "?") {
    event.preventDefault();
    return showKeys();
  }
  const dialog = document.querySelector("dialog[open]"),
    form = key === "mod+enter" && event.target.closest("form");
  const target = form
    ? (find(key, form) ?? (dialog && find(key, dialog)))
    : key !== "mod+enter" || dialog
      ? find(key, dialog ?? document)
      : null;
  if (!target) return;
  event.preventDefault();
  press(target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-open="keys"]')) showKeys();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-shortcuts-switch]")) return;
  document.body.dataset.shortcuts = event.target.checked ? "on" : "off";
  remember("shortcuts", document.body.dataset.shortcuts);
});
