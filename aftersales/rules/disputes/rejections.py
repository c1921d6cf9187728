"""Reasons to reject that the system can verify: refused where the facts known now say otherwise. The only copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.rules.phrases import moment_text
from aftersales.rules.vocabulary import Condition, GoodsState

if TYPE_CHECKING:
    from aftersales.models import Case, RejectReason
    from aftersales.rules.facts import Facts

Verify = Callable[["Case", GoodsState, "Facts"], "str | None"]


def _window_over(case: Case, goods: GoodsState, facts: Facts) -> str | None:
    if facts.window_end is None:
        return _("no delivery is known, so the request window has not begun to run")
    if case.opened_at < facts.window_end:
        return _("the buyer applied on %(asked)s, and the request window runs until %(end)s") % {
            "asked": moment_text(case.opened_at),
            "end": facts.window_end_text,
        }
    return None


def _shipped(case: Case, goods: GoodsState, facts: Facts) -> str | None:
    return _("the goods have not left yet") if goods == GoodsState.UNSHIPPED else None


def _had_by_the_buyer(case: Case, goods: GoodsState, facts: Facts) -> str | None:
    return None if goods == GoodsState.SIGNED else _("the goods have not reached the buyer yet")


# By the code of the reason. What stands here in no row is a person's judgement: whether goods are as described, what
# was agreed. That somebody signed is proved by a photo, which the reason asks for.
VERIFIED: Final[Mapping[str, Verify]] = {
    "window_over": _window_over,
    "already_shipped": _shipped,
    "signed_for": _shipped,
    "used_or_incomplete": _had_by_the_buyer,
}


@dataclass(frozen=True)
class Inspected:
    """What an inspection put on record: conditions, whether tags were cut, and whether anything but emptiness came.

    `serials` were read on units that count as swapped, `known` on goods of the order at an earlier time.
    """

    conditions: frozenset[str]
    tags_cut: bool
    came: bool
    serials: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


def _found(*conditions: Condition) -> Callable[[Inspected], str | None]:
    """At least one unit was found in one of these conditions."""

    def verify(seen: Inspected) -> str | None:
        if seen.conditions & set(conditions):
            return None
        names = pgettext("between states", ", ").join(f"“{condition.label}”" for condition in conditions)
        return _("no unit was found as %(conditions)s") % {"conditions": names}

    return verify


def _swapped(seen: Inspected) -> str | None:
    same = seen.serials & seen.known
    if same:
        said = _("%(serial)s was read on the goods of this order before: it is theirs")
        return said % {"serial": min(same)}
    return _found(Condition.SWAPPED)(seen)


def _worn(seen: Inspected) -> str | None:
    return None if seen.tags_cut else _found(Condition.USED, Condition.DAMAGED)(seen)


def _nothing_came(seen: Inspected) -> str | None:
    return _("goods came with this return") if seen.came else None


# Reasons of the inspection, by the code: what the unit was found to be has to bear them out.
VERIFIED_AT_INSPECTION: Final[Mapping[str, Callable[[Inspected], str | None]]] = {
    "empty_return": _found(Condition.EMPTY),
    "wrong_return": _found(Condition.WRONG_ITEM),
    "swapped_serial": _swapped,
    "unsaleable": _worn,
    "fake_waybill": _nothing_came,
}


def untrue_of_goods(reason: RejectReason, seen: Inspected) -> str | None:
    """Why goods can not be refused for this reason, by what was found; nothing where the findings bear it out."""
    verify = VERIFIED_AT_INSPECTION.get(reason.code)
    return _said(reason, verify(seen) if verify else None)


def untrue(case: Case, reason: RejectReason, goods: GoodsState, facts: Facts) -> str | None:
    """Why a case can not be rejected for this reason; nothing where the facts bear it out, or can not tell."""
    verify = VERIFIED.get(reason.code)
    found = verify(case, goods, facts) if verify else None
    return _said(reason, found)


def _said(reason: RejectReason, found: str | None) -> str | None:
    return _("“%(reason)s” does not apply: %(fact)s.") % {"reason": reason.name, "fact": found} if found else None
