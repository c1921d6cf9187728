"""Labels for goods that come back, as PDF: A6 to stick on, or A4 with a part to fold off and what to do.

Both codes hold the case number, which the warehouse's scan field finds.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from logistics.labels import codes

if TYPE_CHECKING:
    from fpdf import FPDF

SIZES: Final = {"a6": (105.0, 148.0), "a4": (210.0, 297.0)}  # mm
MARGIN: Final = 6.0
BASELINE: Final = 0.32  # mm from the top of a line to its base, for each point of size
BESIDE: Final = 74.0  # where the QR code stands
ROW: Final = 4.2  # from one item to the next
FACE: Final = "Face"
DATED: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same label is the same file, whenever it is made


@dataclass(frozen=True)
class Item:
    """Goods of one kind that come back."""

    title: str
    units: int


@dataclass(frozen=True)
class Label:
    """What stands on it; name and phone of the buyer come masked."""

    case_number: str
    order_number: str
    merchant: str
    buyer: str
    phone: str
    contact: str
    contact_phone: str
    region: str
    address: str
    postcode: str = ""
    carrier: str = ""
    waybill: str = ""
    items: Sequence[Item] = field(default_factory=tuple)


def draw(label: Label, size: str = "a6") -> bytes:
    """The label as PDF; size is `a6` or `a4`."""
    sheet = Sheet(size, label)
    sheet.head()
    sheet.codes()
    sheet.addresses()
    sheet.items()
    if size == "a4":
        sheet.instructions()
    return sheet.file()


class Sheet:
    """One page being drawn; `y` is how far down it is, in mm."""

    def __init__(self, size: str, label: Label) -> None:
        self.label, self.y = label, MARGIN
        self.words = Words(label)
        self.pdf = _blank(size, self.words.signs)
        self.right = SIZES["a6"][0] - MARGIN

    def head(self) -> None:
        """What it is, and whose."""
        self.text(MARGIN, self.words.title, 13)
        shop = self.fitted(self.words.merchant, 8, 50)
        self.text(self.right - self.pdf.get_string_width(shop), shop, 8, down=1.6)
        self.y += 6.4
        self.rule()

    def codes(self) -> None:
        """Code 128 over the whole width, the number under it, and the QR code beside the facts below."""
        codes.bars(self.pdf, self.label.case_number, MARGIN, self.y + 1, self.right - MARGIN, 16)
        self.pdf.set_font(FACE, size=14)
        middle = (MARGIN + self.right - self.pdf.get_string_width(self.words.case_number)) / 2
        self.text(middle, self.words.case_number, 14, down=18)
        self.y += 25
        self.rule()

    def addresses(self) -> None:
        """To whom, from whom, for what."""
        codes.squares(self.pdf, self.label.case_number, BESIDE, self.y + 1, self.right - BESIDE)
        width = BESIDE - MARGIN - 2
        for caption, lines in self.words.facts:
            self.text(MARGIN, caption, 6.5)
            self.y += 3.2
            for line in lines:
                for part in self.wrapped(line, 9, width, most=3):
                    self.text(MARGIN, part, 9)
                    self.y += 4.4
            self.y += 1
        self.rule()

    def items(self) -> None:
        """As many goods as fit; how many more there are."""
        self.text(MARGIN, self.words.goods, 6.5)
        self.y += 3.4
        most = max(int((SIZES["a6"][1] - MARGIN - self.y) / ROW), 1)
        room = len(self.words.items) if len(self.words.items) <= most else most - 1
        for title, units in self.words.items[:room]:
            self.item(title, units, 8)
        if left := self.words.more(room):
            self.text(MARGIN, left, 8)

    def item(self, title: str, units: str, size: float) -> None:
        """A line: title, cut where it must be, and units."""
        self.text(MARGIN, self.fitted(title, size, self.right - MARGIN - 14), size)
        self.pdf.set_font(FACE, size=size)
        self.text(self.right - self.pdf.get_string_width(units), units, size)
        self.y += ROW

    def instructions(self) -> None:
        """The rest of an A4 sheet: where to fold, what to do, everything that goes into the parcel."""
        width, fold = SIZES["a4"][0], SIZES["a6"][1]
        self.pdf.set_dash_pattern(dash=2, gap=1.5)
        self.pdf.line(0, fold, width, fold)
        self.pdf.line(self.right + MARGIN, 0, self.right + MARGIN, fold)
        self.pdf.set_dash_pattern()
        self.y, self.right = fold + 5, width - MARGIN
        self.text(MARGIN, self.words.how, 12)
        self.y += 8
        for step in self.words.steps:
            for part in self.wrapped(step, 9.5, width - 2 * MARGIN, most=3):
                self.text(MARGIN, part, 9.5)
                self.y += 5
        self.y += 3
        self.rule()
        self.text(MARGIN, self.words.goods, 8)
        self.y += 5
        for title, units in self.words.items:
            if self.y > SIZES["a4"][1] - 2 * MARGIN:
                self.pdf.add_page()
                self.y = MARGIN
            self.item(title, units, 8.5)

    def file(self) -> bytes:
        """All of it."""
        return bytes(self.pdf.output())

    def text(self, x: float, text: str, size: float, *, down: float = 0) -> None:
        """A line of text whose top is at `y`, or so far below."""
        self.pdf.set_font(FACE, size=size)
        self.pdf.text(x, self.y + down + size * BASELINE, text)

    def rule(self) -> None:
        """A thin line across."""
        self.pdf.set_line_width(0.2)
        self.pdf.line(MARGIN, self.y, self.right, self.y)
        self.y += 1.6

    def fitted(self, text: str, size: float, width: float) -> str:
        """As much of the text as fits, with dots where it was cut."""
        parts = self.wrapped(text, size, width, most=1)
        return parts[0] if parts else ""

    def wrapped(self, text: str, size: float, width: float, *, most: int) -> list[str]:
        """The text in lines that fit, broken anywhere as Chinese is; dots where more than `most` were needed."""
        self.pdf.set_font(FACE, size=size)
        lines: list[str] = []
        rest = text
        while rest and len(lines) < most:
            count = self.count(rest, width)
            lines.append(rest[:count])
            rest = rest[count:].lstrip()
        if rest:
            last = lines[-1]
            while last and self.pdf.get_string_width(last + "…") > width:
                last = last[:-1]
            lines[-1] = last + "…"
        return lines

    def count(self, text: str, width: float) -> int:
        """How many signs of the text fit; at least one, and no Latin word is broken that need not be."""
        used, count = 0.0, 0
        for sign in text:
            used += self.pdf.get_string_width(sign)
            if used > width and count:
                break
            count += 1
        if count < len(text) and text[count - 1].isascii() and text[count].isascii() and " " in text[1:count]:
            return text.rindex(" ", 1, count) + 1
        return count


class Words:
    """What is written, in signs that the font has."""

    def __init__(self, label: Label) -> None:
        self.signs: set[str] = set("…0123456789×")
        self.title = self.said(_("Return label"))
        self.merchant = self.said(label.merchant)
        self.case_number = self.said(label.case_number)
        self.goods = self.said(_("Goods that come back"))
        self.items = [(self.said(item.title), self.said(f"× {item.units}")) for item in label.items]
        self.facts = [(self.said(name), [self.said(line) for line in lines if line]) for name, lines in _facts(label)]
        self.how = self.said(_("How to send it back"))
        self.steps = [self.said(f"{number}. {step}") for number, step in enumerate(_steps(label), 1)]
        self.more(0)

    def said(self, text: str) -> str:
        """The text as it can be set; its signs are noted."""
        from logistics.labels import typeface

        shown = typeface.known(" ".join(text.split()))
        self.signs |= set(shown)
        return shown

    def more(self, shown: int) -> str:
        """How many kinds of goods are not shown."""
        left = len(self.items) - shown
        if left <= 0:
            return ""
        words = ngettext("and %(number)d more item", "and %(number)d more items", left)
        return self.said(words % {"number": left})


def _facts(label: Label) -> list[tuple[str, list[str]]]:
    facts = [
        (
            pgettext("label", "To"),
            [f"{label.contact} {label.contact_phone}", f"{label.region} {label.address}", label.postcode],
        ),
        (pgettext("label", "From"), [f"{label.buyer} {label.phone}"]),
        (_("Order"), [label.order_number]),
    ]
    if label.waybill:
        facts.append((_("Waybill"), [f"{label.carrier} {label.waybill}"]))
    return facts


def _steps(label: Label) -> list[str]:
    known = _("The waybill is known already: nothing else has to be done.")
    unknown = _("Hand the waybill number in where you asked for the return: your time to send it ends with that.")
    return [
        _("Pack the goods with everything that came along: tags, gifts, accessories, the original box."),
        _("Cut the label off along the dashed lines, or fold the sheet there, and stick it flat on the parcel."),
        _("Both codes must be smooth and free of tape seams: the warehouse scans them to find your case."),
        _("Give the parcel to the courier and keep the receipt until your money is back."),
        known if label.waybill else unknown,
    ]


def _blank(size: str, signs: set[str]) -> "FPDF":
    # Half a second to import, and only those who print need it.
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

    from logistics.labels import typeface

    pdf = FPDF(format=SIZES[size])
    pdf.set_creation_date(DATED)
    pdf.set_auto_page_break(False)
    pdf.set_text_shaping(False)
    with tempfile.NamedTemporaryFile(suffix=".ttf") as file:
        file.write(typeface.cut(signs))
        file.flush()
        pdf.add_font(FACE, fname=file.name)  # it stays open, whatever becomes of its name
    font = pdf.fonts[FACE.lower()]
    assert isinstance(font, TTFFont)
    font.ttfont.recalcBBoxes = False  # as in the typeface: nothing is unpacked
    pdf.add_page()
    return pdf
