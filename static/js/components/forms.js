// Forms: sent once, typed text never lost, filters that apply themselves, a question before what cannot be undone.
// Needed by: every page, by desk.js.
import { tell, words } from "../base/words.js";

const DRAFTS = "draft:";
const keyOf = (form) => DRAFTS + location.pathname + ":" + form.dataset.draft;
const typed = (form) =>
  [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type),
  );

/** Stop a second press while the first is under way. */
function hold(form, submitter) {
  form.setAttribute("aria-busy", "true");
  // Disabled only after the browser has read the fields, else the pressed button's own value would be missing.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
      if (!button.disabled) {
        button.disabled = true;
        button.dataset.held = "";
      }
    }
    submitter?.setAttribute("aria-busy", "true");
  });
}

export function release(form) {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-held]")) {
    button.disabled = false;
    delete button.dataset.held;
    button.removeAttribute("aria-busy");
  }
}

function store(form, sent = false) {
  const values = typed(form).map((field) =>
    ["checkbox", "radio"].includes(field.type) ? [field.name, field.value, field.checked] : [field.name, field.value],
  );
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ sent, values, at: Date.now() }));
  } catch {
    /* full or forbidden: the form itself still holds it */
  }
}

export function forget(form) {
  if (form.dataset.draft) sessionStorage.removeItem(keyOf(form));
  delete form.dataset.dirty;
}

/** Put typed text back, unless the server has filled the form or has said that it is saved. */
function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
  if (!kept) return;
  if (kept.sent && document.querySelector("[data-saved]")) return forget(form);
  // The server's copy is the newer one: typed elsewhere, or taken back.
  if (Date.parse(form.dataset.draftAt) > kept.at) return forget(form);
  let changed = false;
  for (const [name, value, checked] of kept.values) {
    const field = typed(form).find((one) => one.name === name && (checked === undefined || one.value === value));
    if (!field) continue;
    if (checked !== undefined) field.checked = checked;
    else if (field.value === field.defaultValue || field.tagName === "SELECT") {
      changed ||= field.value !== value;
      field.value = value;
    }
  }
  if (changed) {
    form.dataset.dirty = "";
    tell(words.restored);
  }
}

function ask(form, submitter) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("#confirm-text").textContent = submitter?.dataset.confirm ?? form.dataset.confirm;
  const danger = Boolean(submitter?.classList.contains("danger"));
  const yes = dialog.querySelector("[data-yes]");
  yes.classList.toggle("primary", !danger);
  yes.classList.toggle("danger", danger);
  yes.classList.toggle("solid", danger);
  dialog.returnValue = "no";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return submitter?.focus();
      form.dataset.confirmed = "";
      form.requestSubmit(submitter);
    },
    { once: true },
  );
  dialog.showModal();
}

// Captured, so that an unanswered question also stops htmx.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target,
      { submitter } = event;
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !("confirmed" in form.dataset)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return ask(form, submitter);
    }
    delete form.dataset.confirmed;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (
    form.method === "dialog" ||
    form.dataset.guard === "off" ||
    (event.defaultPrevented && !form.matches("[hx-post], [hx-get]"))
  )
    return;
  hold(form, event.submitter);
  if (form.dataset.draft) store(form, true);
  delete form.dataset.dirty;
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  if (form.dataset.draft) store(form);
  if ("warn" in form.dataset) form.dataset.dirty = "";
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && "autosubmit" in form.dataset && event.target.type !== "search") form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  if (!fill) return;
  for (const [id, value] of new URLSearchParams(fill.dataset.fill)) document.getElementById(id).value = value;
});

// The split button remembers the choice of last time.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-split] .menu-list button");
  if (choice) localStorage.setItem(`split:${choice.closest("[data-split]").dataset.split}`, choice.value);
});

export function prepare(root) {
  root.querySelectorAll("form[data-draft]").forEach(restore);
  for (const split of root.querySelectorAll("[data-split]")) {
    const kept = [...split.querySelectorAll(".menu-list button")].find(
      (one) => one.value === localStorage.getItem(`split:${split.dataset.split}`),
    );
    const main = split.querySelector(":scope > .btn");
    if (!kept || main.value === kept.value) continue;
    main.value = kept.value;
    main.querySelector("[data-split-label]").replaceChildren(...kept.cloneNode(true).childNodes);
  }
}

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-warn][data-dirty]")) event.preventDefault();
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
prepare(document);
