"""Reasons to reject that the system can verify: refused where the facts known now say otherwise. The only copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from aftersales.rules.phrases import moment_text
from aftersales.rules.vocabulary import GoodsState

if TYPE_CHECKING:
    from aftersales.models import Case, RejectReason
    from aftersales.rules.facts import Facts

Verify = Callable[["Case", GoodsState, "Facts"], "str | None"]


def _window_over(case: Case, goods: GoodsState, facts: Facts) -> str | None:
    if facts.window_end is None:
        return _("no delivery is known, so the time to ask has not begun to end")
    if case.opened_at < facts.window_end:
        return _("it was asked at %(asked)s, and the time to ask ends at %(end)s") % {
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


def untrue(case: Case, reason: RejectReason, goods: GoodsState, facts: Facts) -> str | None:
    """Why a case can not be rejected for this reason; nothing where the facts bear it out, or can not tell."""
    verify = VERIFIED.get(reason.code)
    found = verify(case, goods, facts) if verify else None
    return _("“%(reason)s” is not so: %(fact)s.") % {"reason": reason.name, "fact": found} if found else None
