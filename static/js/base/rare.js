// Rare acts are fetched when they are wanted. A link that asks for one is followed where it can not be had.
// Needed by: every page, by desk.js.
const RARE = { ".shots a": "../components/viewer.js", "a[data-rule]": "../components/rule.js" };

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  const found = Object.entries(RARE).find(([css]) => event.target.closest(css));
  if (!found) return;
  const link = event.target.closest(found[0]);
  event.preventDefault();
  import(found[1])
    .then((it) => it.open(link))
    .catch(() => {
      location = link.href;
    });
});

const { tour } = document.body.dataset;
if (tour && document.getElementById("case"))
  import("../cases/tour.js")
    .then((it) => it.run(tour))
    .catch(() => {
      /* another time */
    });
