// Words and limits come from the server's page, in the reader's language.
// Needed by: every other module that speaks.
export const words = document.getElementById("desk-words")?.dataset ?? {};

/** Put a message into the live region, which was there before it; `again` gives it a button to try once more. */
export function tell(text, level = "info", again) {
  const region = document.getElementById("flash");
  if (!region || !text) return;
  const line = document.createElement("div");
  line.className = `flash ${level}`;
  line.textContent = text;
  region.replaceChildren(line);
  if (!again) return;
  const button = document.createElement("button");
  Object.assign(button, {
    type: "button",
    className: "btn",
    textContent: words.again,
    onclick: () => {
      region.replaceChildren();
      again();
    },
  });
  line.append(button);
}

/** Write a cookie that a year of plain pages will read. */
export function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}
