// Everything here only quickens pages that work without it.
// Needed by: every page, by base.html.
import "./clock.js";
import "./forms.js";
import "./uploads.js";
import "./keys.js";
import "./list.js";
import "./page.js";
import "./swaps.js";
import "./composer.js";
import "./rare.js";
import "./tools.js";

// What happens elsewhere can wait until the page itself is here.
if (document.getElementById("live")) {
  const listen = () => import("./live.js").catch(() => setTimeout(listen, 3000));
  const soon = () => setTimeout(listen);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon);
}
