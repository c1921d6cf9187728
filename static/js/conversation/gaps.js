// Gaps of a canned text: Tab goes from one to the next, and nothing is sent while one is left.
// Needed by: the composer of a case and the preview of a macro; tools.js fetches it.
// The names of aftersales/rules/conversation/placeholders.py; a test holds the two against each other.
const NAMES = [
  "buyer|买家称呼",
  "shop|店铺",
  "agent|客服",
  "case|售后单号",
  "order|订单号",
  "item|商品",
  "type|售后类型",
  "reason|申请原因",
  "amount|申请金额",
  "offer|协商金额",
  "refund|退款金额",
  "deadline|截止时间",
  "promise|处理时限",
  "days|寄回天数",
  "return_address|退货地址",
  "freight_payer|运费承担方",
  "carrier|退货快递",
  "waybill|退货单号",
  "sent_waybill|补发单号",
  "today|今天",
].join("|");
const PATTERN = new RegExp(`[{｛]\\s*(?:${NAMES})\\s*[}｝]`, "gi");
const texts = (form) => [...form.querySelectorAll("textarea")];
const source = (field) => field.form?.querySelector("[data-gaps]");

/** Where the gaps of a text area are: [start, end] each. */
export function gaps(field) {
  if (!source(field)) return [];
  return [...field.value.matchAll(PATTERN)].map((found) => [found.index, found.index + found[0].length]);
}

/** Say what is still to be filled in, in the form's live region; a field just opened for it shows the first. */
export function look(field, isFresh = false) {
  const region = source(field),
    left = [
      ...new Set(texts(field.form).flatMap((one) => gaps(one).map(([start, end]) => one.value.slice(start, end)))),
    ];
  const said = left.length ? `${region.dataset.label} ${left.join(" · ")}` : "";
  if (region.textContent !== said) region.textContent = said;
  if (isFresh && (field.autofocus || "focus" in field.dataset) && field.selectionStart === field.selectionEnd)
    pick(field);
}

/** Select a gap, the next one from the caret on; answers whether there was one. */
export function pick(field, from = 0, back = false) {
  const all = gaps(field),
    gap = back ? all.findLast(([, end]) => end <= from) : all.find(([start]) => start >= from);
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
document.addEventListener(
  "submit",
  (event) => {
    const field = texts(event.target).find((one) => gaps(one).length);
    if (!field) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pick(field);
    look(field);
  },
  true,
);

document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea") && source(target)) look(target);
});
