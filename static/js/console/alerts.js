// Two soft tones and a message of the desktop, for those who have chosen them.
// Needed by: pages of a person who has chosen sounds or desktop messages; live.js and changes.js fetch it.
const region = document.getElementById("live");
let context = null;

export function sound() {
  context ??= new AudioContext();
  for (const [at, frequency] of [
    [0, 659],
    [0.16, 880],
  ]) {
    const tone = context.createOscillator(),
      volume = context.createGain(),
      start = context.currentTime + at;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.3);
  }
}

/** Tell of what concerns the person: somebody wrote in a case of theirs, or gave them one. */
export function alert({ cases }) {
  const mine = cases.filter(({ mine: is, what }) => is && (what.includes("said") || what.includes("given")));
  if (mine.length && "sound" in region.dataset) sound();
  for (const { number } of mine.slice(0, 3)) show(`${region.dataset.desktop} ${number}`, `/cases/${number}/`);
}

/** Tell that deadlines of the person come near. */
export function due() {
  if ("sound" in region.dataset) sound();
  show(region.dataset.due, "/cases/?view=mine&due=15m");
}

function show(text, path) {
  if (!("desktop" in region.dataset) || !("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification(text, { tag: path });
  note.addEventListener("click", () => {
    focus();
    location.assign(path);
    note.close();
  });
}

/** Ask the browser at the press of the person, and say so when it forbids. */
export async function permit(box) {
  const says = box.form.querySelector("[data-alerts-says]");
  says.textContent = "";
  if (!box.checked) return;
  const answer = "Notification" in window ? await Notification.requestPermission() : "denied";
  if (answer === "granted") return;
  box.checked = false;
  says.textContent = box.form.dataset.denied;
}
