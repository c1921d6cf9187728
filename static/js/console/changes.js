// Changes on the page: lists keep still and say how much is new, counts change, the case says what happened to it.
// Needed by: every page of the staff, by live.js.
const region = document.getElementById("live"),
  url = "/live/";
const NUMBER = /\/cases\/([A-Z]{2}-\d\d-\d+)\/$/;
const ids = (name) => document.getElementById(name);
const numberOf = (row) => NUMBER.exec(row.getAttribute("href"))?.[1];
const rows = () => [...document.querySelectorAll("[data-list] a")].filter(numberOf);
const here = () => ids("case-changes")?.dataset.number;
const waits = new Map();
export const tab = {
  leads: false,
  wantsAlerts: () => tab.leads && ("sound" in region.dataset || "desktop" in region.dataset),
};
let changed = new Set(),
  many = false,
  typedAt = 0,
  told = "";

/** Ask for a piece of the page; nothing when there is none or nobody answers: this was not asked for by a person. */
async function piece(path, options) {
  try {
    const answer = await fetch(url + path, { redirect: "manual", headers: { "HX-Request": "true" }, ...options });
    return answer.status === 200 ? await answer.text() : "";
  } catch {
    return null;
  }
}

/** Once, however often it is wished for meanwhile; not for everybody at the same instant. */
function soon(act, milliseconds) {
  if (waits.has(act)) return;
  waits.set(
    act,
    setTimeout(
      () => {
        waits.delete(act);
        act();
      },
      milliseconds * (0.5 + Math.random()),
    ),
  );
}

function put(element, html) {
  if (html === null || element.innerHTML === html) return;
  element.innerHTML = html;
  htmx.process(element);
}

async function list() {
  const place = ids("list-changes");
  if (!place || !(changed.size || many)) return;
  const shown = new Set(rows().map(numberOf)),
    query = new URLSearchParams(place.dataset.beside ? "" : location.search);
  query.set("n", [...changed].filter((number) => !shown.has(number)).join());
  query.set("shown", [...changed].filter((number) => shown.has(number)).join());
  if (many) query.set("more", "1");
  if (place.dataset.beside) query.set("beside", place.dataset.beside);
  const asked = changed,
    html = await piece(`list/?${query}`);
  if (asked === changed) put(place, html);
}

async function counts() {
  if (!tab.wantsAlerts() && (!ids("waiting") || document.hidden)) return;
  const html = await piece("next/");
  if (!html) return;
  if (ids("waiting")) ids("waiting").outerHTML = html;
  const due = Number(/data-due-soon="(\d+)"/.exec(html)?.[1] ?? 0);
  if (tab.wantsAlerts() && due > Number(sessionStorage.getItem("due-soon") ?? due))
    import("./alerts.js").then((alerts) => alerts.due());
  sessionStorage.setItem("due-soon", due);
}

async function caseChanges() {
  const place = ids("case-changes"),
    query = new URLSearchParams({ version: place.dataset.version, seen: ids("seen").value });
  put(place, await piece(`cases/${here()}/?${query}`));
}

const stating = (how) =>
  new URLSearchParams({
    how,
    csrfmiddlewaretoken: JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"],
  });
const writing = () => Date.now() - typedAt < 30000;

async function greet() {
  if (!here() || document.hidden) return;
  told = writing() ? "writing" : "looking";
  const html = await piece(`cases/${here()}/here/`, { method: "POST", body: stating(told) });
  if (html !== null && ids("presence").innerHTML !== html.trim()) ids("presence").innerHTML = html.trim();
}

async function faces(numbers) {
  const all = rows().filter((row) => !numbers || numbers.includes(numberOf(row)));
  if (!all.length) return;
  const text = await piece(`presence/?n=${all.map(numberOf).join()}`);
  if (!text) return;
  const found = JSON.parse(text);
  for (const row of all) {
    row.parentElement.querySelector(`:scope > .faces[data-of="${numberOf(row)}"]`)?.remove();
    row.querySelector(".faces")?.remove();
    const people = found[numberOf(row)];
    if (!people) continue;
    const box = document.createElement("span");
    box.className = "faces";
    box.title = people.map((person) => person.says).join(" · ");
    box.setAttribute("role", "img");
    box.ariaLabel = box.title;
    box.append(
      ...people
        .slice(0, 3)
        .map((person) =>
          Object.assign(document.createElement("i"), {
            textContent: person.sign,
            className: person.writes ? "writes" : "",
          }),
        ),
    );
    box.dataset.of = numberOf(row);
    (row.querySelector(".what") ?? row).after(box);
  }
}

/** What the stream or the poll has told. */
export function refresh({ cases, more, presence = [] }) {
  for (const { number } of cases) changed.add(number);
  many ||= more || changed.size > 90;
  if (cases.length || more) {
    soon(list, 600);
    soon(counts, 1500);
    if (here() && (more || cases.some(({ number }) => number === here()))) soon(caseChanges, 200);
  }
  if (presence.includes(here())) soon(greet, 300);
  if (presence.length) faces(presence);
}

document.addEventListener("input", (event) => {
  if (!event.target.form || event.target.type === "search" || !here()) return;
  typedAt = event.target.value ? Date.now() : 0;
  if ((told === "writing") !== writing()) soon(greet, 200);
});
document.addEventListener("visibilitychange", () => {
  greet();
  counts();
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "rows" || target.id === "queue") {
    changed = new Set();
    many = false;
    ids("list-changes")?.replaceChildren();
    faces();
  }
  if (here() && target.closest("#thread")) caseChanges();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-alerts-try]")) import("./alerts.js").then((alerts) => alerts.sound());
});
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-alerts]") && event.target.name === "alert_desktop")
    import("./alerts.js").then((alerts) => alerts.permit(event.target));
});
addEventListener("pagehide", () => {
  if (!here()) return;
  navigator.sendBeacon(`${url}cases/${here()}/here/`, stating("gone"));
});
setInterval(greet, 20000);
setInterval(counts, 60000);
greet();
faces();
