"""Labels for goods that come back, as PDF: A6 to stick on, or A4 with a part to fold off and what to do.

Both codes hold the case number, which the warehouse's scan field finds.
"""

import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from logistics.labels import codes
from logistics.labels.label import Label, LabelText

if TYPE_CHECKING:
    from fpdf import FPDF

SIZES: Final = {"a6": (105.0, 148.0), "a4": (210.0, 297.0)}  # mm
# Millimetres, as all lengths here; sizes of type are in points.
MARGIN: Final = 6.0
BASELINE: Final = 0.32  # mm from the top of a line to its base, for each point of size
QR_LEFT: Final = 74.0
ROW: Final = 4.2  # height of an item
FONT: Final = "Face"
CREATED_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same label is the same file, whenever it is made


def draw(label: Label, size: str = "a6") -> bytes:
    """The label as a PDF file; size is `a6` or `a4`."""
    sheet = Sheet(size, label)
    sheet.draw_head()
    sheet.draw_codes()
    sheet.draw_facts()
    sheet.draw_items()
    if size == "a4":
        sheet.draw_instructions()
    return sheet.file()


class Sheet:
    """A page that is drawn from top to bottom; `y` is how far it has come."""

    def __init__(self, size: str, label: Label) -> None:
        self.label, self.y = label, MARGIN
        self.words = LabelText(label)
        self.pdf = _blank_page(size, self.words.characters)
        self.right = SIZES["a6"][0] - MARGIN

    def draw_head(self) -> None:
        """The title and the name of the shop."""
        self.text(MARGIN, self.words.title, 13)
        shop = self.fitted(self.words.merchant, 8, 50)
        self.text(self.right - self.pdf.get_string_width(shop), shop, 8, down=1.6)
        self.y += 6.4
        self.rule()

    def draw_codes(self) -> None:
        """The case number as Code 128 over the whole width, and in digits under it."""
        codes.bars(self.pdf, self.label.case_number, MARGIN, self.y + 1, self.right - MARGIN, 16)
        self.pdf.set_font(FONT, size=14)
        middle = (MARGIN + self.right - self.pdf.get_string_width(self.words.case_number)) / 2
        self.text(middle, self.words.case_number, 14, down=18)
        self.y += 25
        self.rule()

    def draw_facts(self) -> None:
        """Receiver, sender, order and waybill, with the QR code beside them."""
        codes.squares(self.pdf, self.label.case_number, QR_LEFT, self.y + 1, self.right - QR_LEFT)
        width = QR_LEFT - MARGIN - 2
        for caption, lines in self.words.facts:
            self.text(MARGIN, caption, 6.5)
            self.y += 3.2
            for line in lines:
                self.paragraph(line, 9, width, leading=4.4)
            self.y += 1
        self.rule()

    def draw_items(self) -> None:
        """As many goods as fit, and how many more there are."""
        self.text(MARGIN, self.words.goods, 6.5)
        self.y += 3.4
        most = max(int((SIZES["a6"][1] - MARGIN - self.y) / ROW), 1)
        room = len(self.words.items) if len(self.words.items) <= most else most - 1
        for title, units in self.words.items[:room]:
            self.draw_item(title, units, 8)
        if left := self.words.not_shown(room):
            self.text(MARGIN, left, 8)

    def draw_item(self, title: str, units: str, size: float) -> None:
        """One line: the title, shortened if it must be, and the units."""
        self.text(MARGIN, self.fitted(title, size, self.right - MARGIN - 14), size)
        self.pdf.set_font(FONT, size=size)
        self.text(self.right - self.pdf.get_string_width(units), units, size)
        self.y += ROW

    def draw_instructions(self) -> None:
        """The rest of an A4 sheet: where to fold, what to do, everything that goes into the parcel."""
        width, fold = SIZES["a4"][0], SIZES["a6"][1]
        self.draw_folds(width, fold)
        self.y, self.right = fold + 5, width - MARGIN
        self.text(MARGIN, self.words.instructions_title, 12)
        self.y += 8
        for step in self.words.steps:
            self.paragraph(step, 9.5, width - 2 * MARGIN, leading=5)
        self.y += 3
        self.rule()
        self.draw_all_items()

    def draw_folds(self, width: float, fold: float) -> None:
        """Dashed lines round the label."""
        self.pdf.set_dash_pattern(dash=2, gap=1.5)
        self.pdf.line(0, fold, width, fold)
        self.pdf.line(self.right + MARGIN, 0, self.right + MARGIN, fold)
        self.pdf.set_dash_pattern()

    def draw_all_items(self) -> None:
        """Every item, on further pages where one is not enough."""
        self.text(MARGIN, self.words.goods, 8)
        self.y += 5
        for title, units in self.words.items:
            if self.y > SIZES["a4"][1] - 2 * MARGIN:
                self.pdf.add_page()
                self.y = MARGIN
            self.draw_item(title, units, 8.5)

    def file(self) -> bytes:
        """The finished file."""
        return bytes(self.pdf.output())

    def text(self, x: float, text: str, size: float, *, down: float = 0) -> None:
        """A line of text whose top is at `y`, or `down` below it."""
        self.pdf.set_font(FONT, size=size)
        self.pdf.text(x, self.y + down + size * BASELINE, text)

    def paragraph(self, text: str, size: float, width: float, *, leading: float) -> None:
        """A text in at most three lines."""
        for line in self.wrapped(text, size, width, most=3):
            self.text(MARGIN, line, size)
            self.y += leading

    def rule(self) -> None:
        """A thin line across."""
        self.pdf.set_line_width(0.2)
        self.pdf.line(MARGIN, self.y, self.right, self.y)
        self.y += 1.6

    def fitted(self, text: str, size: float, width: float) -> str:
        """As much of the text as fits on one line, with an ellipsis where it was shortened."""
        parts = self.wrapped(text, size, width, most=1)
        return parts[0] if parts else ""

    def wrapped(self, text: str, size: float, width: float, *, most: int) -> list[str]:
        """The text in lines that fit, broken anywhere as Chinese is; at most `most`, the last one shortened."""
        self.pdf.set_font(FONT, size=size)
        lines: list[str] = []
        rest = text
        while rest and len(lines) < most:
            count = self.fitting_count(rest, width)
            lines.append(rest[:count])
            rest = rest[count:].lstrip()
        if rest:
            lines[-1] = self.shortened(lines[-1], width)
        return lines

    def shortened(self, line: str, width: float) -> str:
        """The line with an ellipsis, cut so that both fit."""
        while line and self.pdf.get_string_width(line + "…") > width:
            line = line[:-1]
        return line + "…"

    def fitting_count(self, text: str, width: float) -> int:
        """How many characters of the text fit on a line: at least one, and no Latin word is broken that need not be."""
        used, count = 0.0, 0
        for character in text:
            used += self.pdf.get_string_width(character)
            if used > width and count:
                break
            count += 1
        if count < len(text) and text[count - 1].isascii() and text[count].isascii() and " " in text[1:count]:
            return text.rindex(" ", 1, count) + 1
        return count


def _blank_page(size: str, characters: set[str]) -> "FPDF":
    # Imported here: it takes half a second, and only processes that print labels need it.
    from fpdf import FPDF

    pdf = FPDF(format=SIZES[size])
    pdf.set_creation_date(CREATED_AT)
    pdf.set_auto_page_break(False)
    pdf.set_text_shaping(False)
    _embed_font(pdf, characters)
    pdf.add_page()
    return pdf


def _embed_font(pdf: "FPDF", characters: set[str]) -> None:
    from fpdf.fonts import TTFFont

    from logistics.labels import typeface

    with tempfile.NamedTemporaryFile(suffix=".ttf") as file:
        file.write(typeface.subset(characters))
        file.flush()
        pdf.add_font(FONT, fname=file.name)  # fpdf2 holds the file open, so that it may be deleted now
    font = pdf.fonts[FONT.lower()]
    assert isinstance(font, TTFFont)
    # fpdf2 subsets the font once more; without this it would unpack every glyph to measure its bounds.
    font.ttfont.recalcBBoxes = False
