"""Photos for the demo: drawn product shots, each a little different, some with the fault that is complained of."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from aftersales.rules.disputes import photo
from aftersales.rules.disputes.photo import Photo

SIZE = 720, 720
GROUNDS = ("#e9e4dc", "#dfe6e8", "#e8e1e4", "#e3e7dd", "#ece7df")
CLOTHS = ("#7c93a8", "#b56b5a", "#6f8a6d", "#c7a664", "#5b5f73", "#a58ca8", "#d8cfc0")
OUTLINES: dict[str, list[tuple[int, int]]] = {
    "dress": [(300, 150), (420, 150), (440, 320), (540, 600), (180, 600), (280, 320)],
    "shirt": [
        (280, 180), (440, 180), (580, 300), (520, 360), (460, 310),
        (460, 580), (260, 580), (260, 310), (200, 360), (140, 300),
    ],
    "trousers": [(270, 140), (450, 140), (480, 600), (390, 600), (360, 300), (330, 600), (240, 600)],
    "square": [(200, 210), (520, 200), (530, 520), (190, 530)],
    "cup": [(240, 240), (480, 240), (450, 540), (270, 540)],
    "chair": [
        (250, 130), (300, 130), (300, 360), (470, 360), (470, 590),
        (430, 590), (430, 420), (300, 420), (300, 590), (250, 590),
    ],
    "keyboard": [(110, 280), (610, 280), (640, 460), (80, 460)],
}  # fmt: skip


def shot(shape: str, random: Random, *, has_fault: bool = False) -> Photo:
    """One photo of a product; the same random state draws the same picture."""
    picture = _table(random)
    draw = ImageDraw.Draw(picture)
    _draw(draw, shape, random.choice(CLOTHS))
    if has_fault:
        _draw_fault(draw, random.randint(290, 400), random.randint(320, 420))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    name = f"IMG_{random.randint(1000, 9999)}.jpg"
    return photo.clean(name, io.BytesIO(out.getvalue()), len(out.getvalue()))


def _draw_fault(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A stain and a crack, with a red ring round them."""
    draw.ellipse((x - 26, y - 18, x + 26, y + 18), fill="#5a4634")
    draw.line((x - 60, y + 50, x - 10, y + 16, x + 20, y + 60), fill="#3a2d24", width=5)
    draw.ellipse((x - 75, y - 70, x + 75, y + 75), outline="#d23c2a", width=6)


def _table(random: Random) -> Image.Image:
    """A wall, a table and a soft shadow; drawn small, since what is blurred needs no detail."""
    small = Image.new("RGB", (90, 90), random.choice(GROUNDS))
    draw = ImageDraw.Draw(small)
    draw.rectangle((0, 70 + random.randint(-3, 3), 90, 90), fill=random.choice(GROUNDS))
    draw.ellipse((19, 70, 71, 80), fill="#cfc9bf")
    return small.filter(ImageFilter.GaussianBlur(2)).resize(SIZE, Image.Resampling.BICUBIC)


def _draw(draw: ImageDraw.ImageDraw, shape: str, colour: str) -> None:
    if shape in OUTLINES:
        draw.polygon(OUTLINES[shape], fill=colour, outline="#4a4a4a", width=3)
    elif shape == "headphones":
        _draw_headphones(draw, colour)
    elif shape == "watch":
        draw.rounded_rectangle((310, 110, 410, 620), 30, fill="#6b6b6b")
        draw.rounded_rectangle((260, 250, 460, 480), 50, fill=colour, outline="#333333", width=6)
    else:
        _draw_lamp(draw, colour)


def _draw_headphones(draw: ImageDraw.ImageDraw, colour: str) -> None:
    draw.arc((200, 160, 520, 560), 180, 360, fill=colour, width=34)
    draw.rounded_rectangle((170, 340, 260, 520), 30, fill=colour)
    draw.rounded_rectangle((460, 340, 550, 520), 30, fill=colour)


def _draw_lamp(draw: ImageDraw.ImageDraw, colour: str) -> None:
    draw.polygon([(280, 160), (440, 160), (520, 340), (200, 340)], fill=colour)
    draw.rectangle((345, 340, 375, 560), fill="#7a6a58")
    draw.ellipse((270, 545, 450, 590), fill="#7a6a58")
