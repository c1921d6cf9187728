"""Where a returned unit goes follows from how it was found: what is presumed, and what contradicts itself. Pure."""

from typing import Final

from django.utils.translation import gettext as _

from aftersales.rules.vocabulary import Condition, Disposition

# Only these can be sold as new again.
SELLABLE: Final = (Condition.AS_NEW, Condition.OPENED)
# Found worse than good goods: what the reason asks as proof is asked for again. In an empty parcel nothing is to see.
PROVED: Final = (Condition.DAMAGED, Condition.WRONG_ITEM, Condition.SWAPPED)
# Seen at the door already: silence does not take such goods as good.
ADVERSE: Final = (*PROVED, Condition.EMPTY)
# Of what is none of the goods sold nobody can presume where it belongs: a person says it.
USUAL: Final = {
    Condition.AS_NEW: Disposition.RESTOCK,
    Condition.OPENED: Disposition.RESTOCK,
    Condition.USED: Disposition.REPAIR,
    Condition.DAMAGED: Disposition.SCRAP,
}


def usual(condition: str, *, is_accepted: bool, repairs: bool = False) -> Disposition | None:
    """Where a unit goes when nobody says otherwise: a refused one back to the buyer, others by their condition."""
    if condition == Condition.EMPTY:
        return Disposition.SCRAP
    if not is_accepted:
        return Disposition.TO_BUYER
    return Disposition.REPAIR if repairs else USUAL.get(Condition(condition))


def contradiction(condition: str, disposition: str, *, is_accepted: bool, repairs: bool = False) -> str | None:
    """The sentence against a finding that contradicts itself."""
    if condition == Condition.EMPTY:
        return _empty(disposition, is_accepted)
    return _restocked(condition, is_accepted, repairs) if disposition == Disposition.RESTOCK else None


def _empty(disposition: str, is_accepted: bool) -> str | None:
    if is_accepted:
        return _("An empty parcel can not be accepted.")
    if disposition != Disposition.SCRAP:
        return _("An empty parcel holds nothing that could go anywhere: choose “%(scrap)s”.") % {
            "scrap": Disposition.SCRAP.label
        }
    return None


def _restocked(condition: str, is_accepted: bool, repairs: bool) -> str | None:
    if not is_accepted:
        return _("A unit that is not accepted can not be restocked.")
    if repairs:
        return _("What is to be repaired is the buyer's: it can not be restocked.")
    if condition not in SELLABLE:
        return _("What was found as “%(condition)s” can not be restocked: it can not be sold as new.") % {
            "condition": Condition(condition).label
        }
    return None
