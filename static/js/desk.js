// Everything here only quickens pages that work without it.
// Needed by: every page, by base.html.
import "./components/clock.js";
import "./components/forms.js";
import "./components/uploads.js";
import "./components/keys.js";
import "./console/list.js";
import "./base/page.js";
import "./base/swaps.js";
import "./cases/composer.js";
import "./base/rare.js";
import "./conversation/tools.js";

// What happens elsewhere can wait until the page itself is here.
if (document.getElementById("live")) {
  const listen = () => import("./console/live.js").catch(() => setTimeout(listen, 3000));
  const soon = () => setTimeout(listen);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon);
}
