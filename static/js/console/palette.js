// Ctrl+K: one field that finds, goes and does. Loaded when it is first asked for; the server finds, this only chooses.
// Needed by: every page of the staff; keys.js and the bar's button fetch it.
import { wear } from "../base/beside.js";

const PAUSE = 150;
let dialog,
  input,
  list,
  timer,
  request,
  pending = false,
  go = false,
  asked;

const composing = (event) => event.isComposing || event.keyCode === 229;
const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

function address(text) {
  const here = location.pathname.match(/^\/cases\/([A-Z]{2}-\d\d-\d{4,12})\//);
  return `/palette/?${new URLSearchParams({ q: text, ...(here && { case: here[1] }) })}`;
}

async function ask(text, part) {
  request?.abort();
  request = new AbortController();
  const answer = await fetch(address(text), { headers: { "X-Palette": part }, signal: request.signal });
  // A session that has ended answers with the login page.
  if (answer.redirected) {
    location.reload();
    throw new DOMException("", "AbortError");
  }
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

function choose(option) {
  active()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function settle() {
  pending = false;
  list.removeAttribute("aria-busy");
  choose(options()[0]);
  dialog.querySelector("#pal-said").textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
  if (go) {
    go = false;
    if (active()) open_(active());
  }
}

async function find() {
  const text = input.value.trim();
  if (text === asked) return settle();
  try {
    const found = await ask(text, "options");
    asked = text;
    list.innerHTML = found;
    list.scrollTop = 0;
    settle();
  } catch (error) {
    if (error.name === "AbortError") return;
    pending = go = false;
    list.removeAttribute("aria-busy");
    dialog.querySelector("#pal-said").textContent = document.getElementById("desk-words")?.dataset.offline ?? "";
  }
}

function typed(event) {
  if (event.isComposing) return;
  pending = true;
  go = false;
  list.setAttribute("aria-busy", "true");
  clearTimeout(timer);
  timer = setTimeout(find, PAUSE);
}

/** A button of the page is pressed itself, so that what it opens knows where to return to. */
function open_(option, apart = false) {
  const url = option.getAttribute("href");
  if (apart) return window.open(url, "_blank", "noopener");
  dialog.close();
  const button =
    "presses" in option.dataset &&
    document.querySelector(`main a[href="${CSS.escape(url)}"], .next-step a[href="${CSS.escape(url)}"]`);
  if (!button) return location.assign(url);
  button.focus();
  button.click();
}

function key(event) {
  if (composing(event)) return;
  const all = options(),
    step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) {
    event.preventDefault();
    choose(all[(all.indexOf(active()) + step + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (pending) go = true;
    else if (active()) open_(active(), event.ctrlKey || event.metaKey);
  } else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    dialog.close();
  }
}

const styled = wear("console/palette");

function prepare(html) {
  dialog?.remove();
  const holder = document.createElement("template");
  holder.innerHTML = html;
  dialog = holder.content.querySelector("dialog");
  document.body.append(dialog);
  input = dialog.querySelector("input");
  list = dialog.querySelector("[role=listbox]");
  input.addEventListener("input", typed);
  input.addEventListener("compositionend", typed);
  dialog.addEventListener("keydown", key);
  dialog.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (event.target === dialog) dialog.close();
    if (!option || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open_(option);
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    request?.abort();
    go = false;
  });
}

/** Open it over the page; what stands in the field that it was called from is searched for at once. */
export async function open(field) {
  if (dialog?.open) return;
  const text = field?.value?.trim() ?? "",
    back = document.activeElement;
  try {
    const [html] = await Promise.all([ask(text, "dialog"), styled]);
    prepare(html);
  } catch (error) {
    if (error.name !== "AbortError") field?.focus();
    return;
  }
  asked = text;
  dialog.showModal();
  input.select();
  settle();
  dialog.addEventListener(
    "close",
    () => {
      if (document.activeElement === document.body) back?.focus?.();
    },
    { once: true },
  );
}
