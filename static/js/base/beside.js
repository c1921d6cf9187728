// What is fetched only when it is wanted: its style, and a box put beside what it is about.
// Needed by: palette.js, rule.js, tour.js and viewer.js.
const GAP = 10;
const worn = new Map();

/** Load a style sheet once; resolves when it is in force, or can not be had. */
export function wear(name) {
  if (!worn.has(name))
    worn.set(
      name,
      new Promise((done) => {
        const link = document.createElement("link");
        Object.assign(link, {
          rel: "stylesheet",
          href: new URL(`../../css/${name}.css`, import.meta.url),
          onload: done,
          onerror: done,
        });
        document.head.append(link);
      }),
    );
  return worn.get(name);
}

/** The part of a page that an address gives to scripts. */
export async function part(url) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

/** Put a fixed box where it hides nothing of `thing`: at its side, else under or over it; `under` tries that first. */
export function beside(box, thing, under = false) {
  const it = thing.getBoundingClientRect(),
    { offsetWidth: w, offsetHeight: h } = box;
  const fits = (x, y) => x >= GAP && y >= GAP && x + w <= innerWidth - GAP && y + h <= innerHeight - GAP;
  const level = Math.max(GAP, Math.min(it.top, innerHeight - h - GAP)),
    along = Math.max(GAP, Math.min(it.left, innerWidth - w - GAP));
  const sides = [
      [it.right + GAP, level],
      [it.left - w - GAP, level],
    ],
    below = [
      [along, it.bottom + GAP],
      [along, it.top - h - GAP],
    ];
  const [x, y] = (under ? [...below, ...sides] : [...sides, ...below]).find((place) => fits(...place)) ?? [
    along,
    innerHeight - h - GAP,
  ];
  box.style.left = `${x}px`;
  box.style.top = `${y}px`;
}
