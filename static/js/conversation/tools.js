// Canned replies and macros: what is rarely needed is fetched when it is first needed.
// Needed by: the page of a case, by desk.js.
document.addEventListener("keydown", (event) => {
  const { key, target } = event,
    opener = document.querySelector('[data-key="/"]');
  if (
    key !== "/" ||
    !opener ||
    target.id !== "reply" ||
    target.value ||
    event.isComposing ||
    event.keyCode === 229 ||
    document.body.dataset.shortcuts === "off"
  )
    return;
  event.preventDefault();
  opener.click();
});

for (const kind of ["input", "focusin"]) {
  document.addEventListener(kind, async ({ target }) => {
    if (target.form?.querySelector("[data-gaps]") && /[{｛]/.test(target.value))
      (await import("./gaps.js")).look(target, kind === "focusin");
  });
}

// Asked for together with what the dialog shows.
document.addEventListener("click", ({ target }) => {
  if (target.closest('[data-key="/"], [data-key="m"]')) import("./picker.js");
});

document.addEventListener("htmx:afterSettle", async ({ target }) => {
  if (target.querySelector("[data-picker]") || target.closest("[data-picker]"))
    (await import("./picker.js")).ready(target);
});
