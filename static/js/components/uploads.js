// A file input that also takes a drop, and shows what was chosen. Drawn on a canvas: the policy allows no blob: images.
// Needed by: every page with a file field, by desk.js.
const SIZES = ["B", "KB", "MB", "GB"];

function size(bytes) {
  const step = Math.min(SIZES.length - 1, Math.floor(Math.log2(bytes || 1) / 10));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${SIZES[step]}`;
}

async function picture(file) {
  const canvas = document.createElement("canvas");
  canvas.width = 192;
  canvas.height = 144;
  canvas.setAttribute("aria-hidden", "true");
  try {
    const image = await createImageBitmap(file);
    const scale = Math.max(canvas.width / image.width, canvas.height / image.height);
    canvas
      .getContext("2d")
      .drawImage(
        image,
        (canvas.width - image.width * scale) / 2,
        (canvas.height - image.height * scale) / 2,
        image.width * scale,
        image.height * scale,
      );
  } catch {
    return null; /* not a picture this browser reads: its name is enough */
  }
  return canvas;
}

async function preview(input) {
  const list = input.closest(".field")?.querySelector("[data-previews]");
  if (!list) return;
  const lines = await Promise.all(
    [...input.files].map(async (file) => {
      const line = document.createElement("li");
      const drawn = file.type.startsWith("image/") && file.size < 10_485_760 ? await picture(file) : null;
      if (drawn) line.append(drawn);
      line.append(`${file.name} · ${size(file.size)}`);
      return line;
    }),
  );
  list.replaceChildren(...lines);
}

document.addEventListener("change", (event) => {
  if (event.target.type === "file") preview(event.target);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    const input = zone.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
