// Everything here only quickens pages that work without it.
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
  const listen = (_event, wait = 0) => setTimeout(() => import("./live.js").catch(() => listen(null, 3000)), wait);
  if (document.readyState === "complete") listen(); else addEventListener("load", listen);
}
