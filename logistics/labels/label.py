"""What stands on a return label, as text that the typeface can set."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

ALWAYS_SET = "…0123456789×"  # counts and cuts are made while the label is drawn


@dataclass(frozen=True)
class Item:
    """Goods of one kind that come back."""

    title: str
    units: int


@dataclass(frozen=True)
class Label:
    """The facts of a label; name and phone of the buyer come masked."""

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


class LabelText:
    """Every text of a label in the active language; `characters` are all that a font needs to set it."""

    def __init__(self, label: Label) -> None:
        self.characters: set[str] = set(ALWAYS_SET)
        self.title = self.settable(_("Return label"))
        self.merchant = self.settable(label.merchant)
        self.case_number = self.settable(label.case_number)
        self.goods = self.settable(_("Goods that come back"))
        self.items = [(self.settable(item.title), self.settable(f"× {item.units}")) for item in label.items]
        self.facts = [
            (self.settable(caption), [self.settable(line) for line in lines if line])
            for caption, lines in _facts(label)
        ]
        self.instructions_title = self.settable(_("How to send it back"))
        self.steps = [self.settable(f"{number}. {step}") for number, step in enumerate(_steps(label), 1)]
        # How many do not fit is known only while drawing, when the font is cut already: so its words are noted now.
        self.not_shown(0)

    def settable(self, text: str) -> str:
        """The text on one line, as the typeface can set it; its characters are noted."""
        from logistics.labels import typeface

        settable = typeface.settable(" ".join(text.split()))
        self.characters |= set(settable)
        return settable

    def not_shown(self, shown: int) -> str:
        """How many kinds of goods are left out when so many are shown; empty when none is."""
        left = len(self.items) - shown
        if left <= 0:
            return ""
        words = ngettext("and %(number)d more item", "and %(number)d more items", left)
        return self.settable(words % {"number": left})


def _facts(label: Label) -> list[tuple[str, list[str]]]:
    """Captions with their lines."""
    address = f"{label.region} {label.address}"
    facts = [
        (pgettext("label", "To"), [f"{label.contact} {label.contact_phone}", address, label.postcode]),
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
