// The composer: what is typed is kept on the server, a message can be taken back while its seconds run.
// Needed by: the page of a case and the queue, by desk.js.
import { now } from "../components/clock.js";
import { words } from "../base/words.js";

const PAUSE = 800,
  RETRY = 5000;
let timer = 0;

function say(form, text) {
  const place = form.querySelector("[data-autosaved]");
  if (place) place.textContent = text;
}

async function keep(form) {
  if (!form.isConnected || form.getAttribute("aria-busy") === "true") return;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    say(form, answer.status === 204 ? "" : await answer.text());
  } catch {
    say(form, words.unsaved);
    timer = setTimeout(() => keep(form), RETRY);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.autosave) return;
  form.dataset.typed = "";
  clearTimeout(timer);
  timer = setTimeout(() => keep(form), PAUSE);
});

// Sent or left: what was typed in the last moment goes along.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target.dataset.autosave) clearTimeout(timer);
  },
  true,
);
document.addEventListener("visibilitychange", () => {
  const form = document.hidden && document.querySelector("form[data-autosave][data-typed]");
  if (form && form.getAttribute("aria-busy") !== "true")
    navigator.sendBeacon(form.dataset.autosave, new FormData(form));
});

setInterval(() => {
  for (const row of document.querySelectorAll("[data-until]")) {
    const left = Math.ceil((Date.parse(row.dataset.until) - now()) / 1000);
    if (left > 0) row.querySelector("[data-seconds]").textContent = left;
    else row.remove();
  }
}, 1000);
