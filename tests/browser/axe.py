"""What axe finds in a page, in the theme that is asked for."""

from axe_playwright_python.sync_playwright import Axe

RULES = {"resultTypes": ["violations"], "preload": False}  # no style sheet is of another site
# What unfold's own markup under /admin/ breaks; ours is held to everything.
UNFOLD = {
    "landmark-one-main": "its pages have no <main>",
    "landmark-unique": "its scrolling panes share one name",
    "region": "its bar stands outside all landmarks",
}
IN_THEME = """async (theme) => {
  window.measured = true;  // axe writes styles while it measures, which the policy forbids: no fault of the page
  document.documentElement.dataset.theme = theme;
  // The admin has a theme of its own making, as a class; the console knows no such class.
  if (location.pathname.startsWith("/admin/")) {
    document.documentElement.classList.remove("light", "dark", "auto");
    document.documentElement.classList.add(theme);
  }
  do {
    await new Promise(requestAnimationFrame);
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  } while (document.getAnimations().length);
}"""


RUN = "([context, options]) => axe.run(context || document, options).then((found) => found.violations)"
AXE = Axe().axe_script


def violations(page, theme, options=RULES, context=None):
    """What breaks the rules once nothing moves any more; a page is given axe once, and tells only what is wrong."""
    page.evaluate(IN_THEME, theme)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, [context, options])


def complaints(visitor):
    """What axe finds in the page as it stands, in either theme."""
    return [
        f"{theme} {each['id']}: {each['nodes'][0]['html'][:160]}"
        for theme in ("light", "dark")
        for each in violations(visitor.page, theme)
    ]
