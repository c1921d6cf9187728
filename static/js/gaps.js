// Gaps of a canned text: Tab goes from one to the next, and nothing is sent while one is left.
const texts = (form) => [...form.querySelectorAll("textarea")];
const source = (field) => field.form?.querySelector("[data-gaps]");

/** Where the gaps of a text area are: [start, end] each. */
export function gaps(field) {
  if (!source(field)) return [];
  const pattern = new RegExp(`[{｛]\\s*(?:${source(field).dataset.gaps})\\s*[}｝]`, "gi");
  return [...field.value.matchAll(pattern)].map((found) => [found.index, found.index + found[0].length]);
}

/** Say what is still to be filled in, in the form's live region; a field that was just opened for it shows the first. */
export function look(field, isFresh = false) {
  const region = field.form.querySelector(".gaps"), left = [...new Set(texts(field.form).flatMap((one) => gaps(one).map(([start, end]) => one.value.slice(start, end))))];
  const said = left.length ? `${region.dataset.label} ${left.join(" · ")}` : "";
  if (region.textContent !== said) region.textContent = said;
  if (isFresh && (field.autofocus || "focus" in field.dataset) && field.selectionStart === field.selectionEnd) pick(field);
}

/** Select a gap, the next one from the caret on; answers whether there was one. */
export function pick(field, from = 0, back = false) {
  const all = gaps(field), gap = back ? all.findLast(([, end]) => end <= from) : all.find(([start]) => start >= from);
  if (!gap) return false;
  field.focus();
  field.setSelectionRange(...gap);
  return true;
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Tab" || !field.matches("textarea") || event.isComposing || event.ctrlKey || event.altKey) return;
  if (pick(field, event.shiftKey ? field.selectionStart : field.selectionEnd, event.shiftKey)) event.preventDefault();
});

// Captured, so that it also stops htmx.
document.addEventListener("submit", (event) => {
  const field = texts(event.target).find((one) => gaps(one).length);
  if (!field) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  pick(field);
  look(field);
}, true);

document.addEventListener("input", ({ target }) => { if (target.matches("textarea") && source(target)) look(target); });
