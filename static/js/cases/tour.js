// Six steps through the page of a case. The page stays usable under it; Escape ends it, arrows and buttons move.
// Needed by: the page of a case, once for each person; rare.js fetches it.
import { beside, part, wear } from "../base/beside.js";

export async function run(url) {
  const [html] = await Promise.all([part(url), wear("cases/tour")]);
  document.body.insertAdjacentHTML("beforeend", html);
  const box = document.getElementById("tour"),
    steps = [...box.querySelectorAll("li")];
  const on = box.querySelector("[data-go=on]"),
    back = box.querySelector("[data-go=back]"),
    next = on.textContent;
  const before = document.activeElement,
    hash = location.hash;
  let at = 0,
    thing;

  const find = (css) =>
    css
      .split(/,\s*(?![^[]*\])/)
      .map((each) => document.querySelector(each))
      .find((one) => one?.checkVisibility());

  function show(index) {
    at = index;
    const { at: css, pane } = steps[at].dataset;
    // On a small screen one pane is seen at a time: the address says which, and no step back is added to the history.
    if (!document.getElementById(pane).checkVisibility()) location.replace(`#${pane}`);
    thing?.classList.remove("toured");
    thing = find(css) ?? document.getElementById(pane);
    thing.classList.add("toured");
    steps.forEach((step, each) => {
      step.hidden = each !== at;
    });
    box.querySelector("[data-count]").textContent = `${at + 1} / ${steps.length}`;
    back.hidden = at === 0;
    on.textContent = at === steps.length - 1 ? on.dataset.last : next;
    thing.scrollIntoView({ block: innerWidth < 640 ? "start" : "nearest" });
    beside(box, thing);
    on.focus({ preventScroll: true });
  }

  function end() {
    thing.classList.remove("toured");
    removeEventListener("resize", again);
    box.close();
    box.remove();
    if (location.hash !== hash) location.replace(hash || "#case");
    (before !== document.body && before.isConnected ? before : document.getElementById("case")).focus({
      preventScroll: true,
    });
  }

  const again = () => beside(box, thing);
  const go = { skip: end, back: () => at && show(at - 1), on: () => (at < steps.length - 1 ? show(at + 1) : end()) };
  const keys = { Escape: "skip", ArrowLeft: "back", ArrowRight: "on" };
  box.addEventListener("click", (event) => go[event.target.closest("[data-go]")?.dataset.go]?.());
  box.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    go[keys[event.key]]();
  });
  addEventListener("resize", again);
  box.show();
  show(0);
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(box.dataset.seen, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true }).catch(() => {
    /* then it comes once more */
  });
}
