// The server says when; the browser only ticks, by the server's time.
// Needed by: every page, by desk.js.
import { words } from "../base/words.js";

const MINUTE = 60,
  HOUR = 3600,
  DAY = 86400;
const SHADES = ["is-calm", "is-soon", "is-now", "is-over"];
const sent = Date.parse(document.querySelector('meta[name="server-time"]')?.content ?? "");
const offset = Number.isNaN(sent) ? 0 : sent - Date.now();

/** The server's time, in milliseconds. */
export const now = () => Date.now() + offset;
const unit = (name, count) => words[name].replace("%(n)s", count);
const phrase = (text, duration) => text.replace("%(duration)s", duration);

function duration(seconds) {
  const rest = Math.abs(seconds);
  const parts =
    rest >= DAY
      ? [
          ["d", rest / DAY],
          ["h", (rest % DAY) / HOUR],
        ]
      : rest >= HOUR
        ? [
            ["h", rest / HOUR],
            ["min", (rest % HOUR) / MINUTE],
          ]
        : [["min", rest / MINUTE]];
  if (rest < MINUTE) return words.less;
  return parts
    .map(([name, count]) => [name, Math.floor(count)])
    .filter(([, count]) => count)
    .map(([name, count]) => unit(name, count))
    .join(" ");
}

function figures(seconds) {
  const rest = Math.abs(seconds),
    two = (n) => String(Math.floor(n)).padStart(2, "0");
  return rest >= DAY
    ? duration(seconds)
    : `${Math.floor(rest / HOUR)}:${two((rest % HOUR) / MINUTE)}:${two(rest % MINUTE)}`;
}

function shade(seconds) {
  if (seconds < 0) return "is-over";
  if (seconds <= Number(words.nowSeconds)) return "is-now";
  return seconds <= Number(words.soonSeconds) ? "is-soon" : "is-calm";
}

function say(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function tickClock(element) {
  const seconds = Math.trunc((Date.parse(element.dateTime) - now()) / 1000);
  element.classList.remove(...SHADES);
  element.classList.add(shade(seconds));
  if (element.dataset.clock === "loud") {
    say(element, figures(seconds));
    say(element.parentElement.querySelector("[data-clock-side]"), seconds < 0 ? words.over : words.left);
  } else if (seconds < 0) {
    say(element, phrase(words.overPhrase, duration(seconds)));
  } else {
    say(element, !element.dataset.clock ? duration(seconds) : phrase(words.leftPhrase, duration(seconds)));
  }
}

function tickMoment(element) {
  const seconds = Math.trunc((now() - Date.parse(element.dateTime)) / 1000);
  const text =
    Math.abs(seconds) < MINUTE ? words.just : phrase(seconds > 0 ? words.ago : words.ahead, duration(seconds));
  if (element.dataset.when) element.title = text;
  else say(element, text);
}

function tick() {
  if (document.hidden) return;
  document.querySelectorAll("[data-due]").forEach(tickClock);
  document.querySelectorAll("[data-when]").forEach(tickMoment);
}

if (words.d) {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}
