// What happens elsewhere: numbers of cases by an event stream, by polling where there is none. One tab of a browser
// listens for all of them, since browsers open six connections to a server and a page needs one too.
// Needed by: every page of the staff; desk.js fetches it when the page has #live.
import { refresh, tab } from "./changes.js";
import { words } from "../base/words.js";

const region = document.getElementById("live"),
  { user } = region.dataset,
  url = "/live/";
const channel = new BroadcastChannel(`desk-live-${user}`);
const AGAIN = 3000,
  SELDOM = 10000,
  SILENT = 45000;
let cursor = "",
  source = null,
  opened = false,
  heard = 0,
  failures = 0,
  timer = 0;

const since = () =>
  cursor
    ? `since=${encodeURIComponent(cursor)}`
    : `at=${encodeURIComponent(document.querySelector('meta[name="server-time"]').content)}`;

function say(state) {
  if (region.dataset.state === state || (!region.dataset.state && state === "again")) return;
  region.dataset.state = state;
  region.textContent = state === "offline" ? words.offline : (region.dataset[state] ?? "");
  if (state === "over") {
    const link = document.createElement("a");
    link.className = "btn";
    link.href = location.pathname + location.search; // leads to the login, and back
    link.textContent = region.dataset.login;
    region.append(link);
  }
  if (state === "again")
    setTimeout(() => {
      if (region.dataset.state === "again") say("");
    }, 4000);
}

/** Changes for this page; from the leading tab also for the others, and as a sound or message where that was chosen. */
function tell(changes) {
  refresh(changes);
  if (tab.leads) channel.postMessage({ changes, cursor });
  if (tab.wantsAlerts()) import("./alerts.js").then((alerts) => alerts.alert(changes));
}

function reached() {
  failures = 0;
  heard = Date.now();
  region.dataset.heard = "";
  say("again");
  if (tab.leads) channel.postMessage({ state: "again" });
}

function missed() {
  failures += 1;
  const state = navigator.onLine && failures < 2 ? "" : "offline";
  if (!state) return;
  say(state);
  if (tab.leads) channel.postMessage({ state });
}

async function poll() {
  try {
    const answer = await fetch(`${url}poll/?${since()}`, { redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 403) return end();
    if (!answer.ok) throw new Error(answer.statusText);
    const changes = await answer.json();
    cursor = changes.cursor;
    reached();
    tell(changes);
    return true;
  } catch {
    return missed();
  }
}

function end() {
  source?.close();
  clearTimeout(timer);
  say("over");
  if (tab.leads) channel.postMessage({ state: "over" });
}

function listen() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(`${url}?${since()}`);
  heard = Date.now();
  source.addEventListener("open", () => {
    opened = true;
  });
  source.addEventListener("changes", (event) => {
    cursor = event.lastEventId;
    reached();
    tell(JSON.parse(event.data));
  });
  source.addEventListener("beat", (event) => {
    cursor = event.lastEventId;
    heard = Date.now();
  });
  source.addEventListener("over", fall);
  source.addEventListener("error", fall);
}

/** The stream has ended or was refused: poll, and try again. */
async function fall() {
  source?.close();
  source = null;
  clearTimeout(timer);
  const wait = opened ? 0 : SELDOM;
  opened = false;
  const works = await poll();
  if (region.dataset.state !== "over") timer = setTimeout(listen, (works ? wait : AGAIN) + Math.random() * AGAIN);
}

function lead() {
  tab.leads = true;
  listen();
  setInterval(() => {
    if (source && Date.now() - heard > SILENT) fall();
  }, 5000);
  return new Promise(() => {
    /* until the tab is closed */
  });
}

channel.addEventListener("message", ({ data }) => {
  if (data.state !== undefined) say(data.state);
  if (data.cursor) cursor = data.cursor;
  if (data.changes) refresh(data.changes);
});
addEventListener("offline", () => {
  failures = 2;
  missed();
});
addEventListener("online", () => {
  if (tab.leads) fall();
});
addEventListener("pagehide", () => source?.close());
if (navigator.locks) {
  navigator.locks.request(`desk-live-${user}`, lead);
  setTimeout(() => {
    if (!tab.leads) poll();
  }, 300);
} else lead();
