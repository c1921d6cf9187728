"""Where the units of order lines are: which open cases hold them, or ask money for them; one query for any number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import Case, CaseLine
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import CaseType
from orders.models import OrderLine

ASKED = gettext_lazy("%(count)d in case %(number)s")
ASKED_FOR_MONEY = gettext_lazy("%(count)d in case %(number)s (%(type)s)")


@dataclass(frozen=True)
class InCase:
    """Units of an order line that an open case holds, or, where it is about money alone, asks money for."""

    number: str
    type: str
    units: int

    @property
    def is_held(self) -> bool:
        """Whether nobody else can have these units; what is about money alone leaves them free to come back."""
        return case_types.of(self.type).holds_units

    def __str__(self) -> str:
        words = {"count": self.units, "number": self.number, "type": CaseType(self.type).label}
        return str(ASKED if self.is_held else ASKED_FOR_MONEY) % words


def in_open_cases(lines: Collection[int]) -> dict[int, list[InCase]]:
    """For each order line its open cases, oldest first; a line that is in none is left out."""
    rows = CaseLine.objects.filter(order_line__in=lines, is_open=True).order_by("case_id")
    places: dict[int, list[InCase]] = {}
    for line, number, kind, held, asked in rows.values_list(
        "order_line", "case__number", "case_type", "units_held", "units"
    ):
        units = held if case_types.of(kind).holds_units else asked
        if units:
            places.setdefault(line, []).append(InCase(number, kind, units))
    return places


def of_type(places: Sequence[InCase], kind: str, *, but: str = "") -> list[InCase]:
    """Those of a type, without the case of that number."""
    return [each for each in places if each.type == kind and each.number != but]


def free(line: OrderLine, kind: str, places: Sequence[InCase]) -> int:
    """Units of a line that can be asked for as a type, where `places` are its cases of other people's asking.

    Those that nobody holds; about money alone those that the buyer keeps and no other open case of the type is about.
    """
    record = case_types.of(kind)
    if record.holds_units:
        return line.units_left
    kept = line.quantity - line.units_settled - line.units_elsewhere if record.compensates else line.units_left
    return max(kept - sum(each.units for each in of_type(places, kind)), 0)


def overlap(case: Case, kind: str) -> tuple[OrderLine, list[InCase]] | None:
    """A line of the case of which it and other open cases of a type about money alone would ask for more than was sold.

    A type that holds units needs no look at others: what the case holds, no other one can hold.
    """
    if case_types.of(kind).holds_units:
        return None
    lines = list(case.lines.select_related("order_line").order_by("order_line_id"))
    places = in_open_cases([line.order_line_id for line in lines])
    for line in lines:
        others = of_type(places.get(line.order_line_id, []), kind, but=case.number)
        if line.units + sum(each.units for each in others) > line.order_line.quantity:
            return line.order_line, others
    return None


def sentence(line: OrderLine, left: int, places: Sequence[InCase]) -> str:
    """How many can still be asked for, and where the others are."""
    facts = {"title": line.title, "left": left, "sold": line.quantity}
    said = _("%(title)s: %(left)d of %(sold)d can still be asked for.") % facts
    if not places:
        return said
    return _("%(said)s In cases: %(places)s.") % {"said": said, "places": listed(places)}


def listed(places: Sequence[InCase]) -> str:
    """The cases with their units, as one text."""
    return " · ".join(str(each) for each in places)


def where(line: OrderLine, places: Sequence[InCase]) -> str:
    """In which open cases the units of a line are, and how many nobody holds; nothing where it is in none."""
    if not places:
        return ""
    return _("%(places)s, %(free)d free") % {"places": listed(places), "free": line.units_left}
