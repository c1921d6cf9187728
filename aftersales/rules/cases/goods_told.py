"""What a person may say of goods, and what follows where nobody has said for long where they are. Pure.

Who tells is believed by the precedence of `orders.models.goods`: a carrier's scan before a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aftersales.rules.guards import guard
from aftersales.rules.phrases import moment_text
from aftersales.rules.vocabulary import GoodsState, GoodsWord, Role

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts
    from orders.models import Order


def unknown(order: Order, at: datetime) -> str:
    """The sentence where nobody has said for too long where the goods are; nothing where that is known."""
    if not order.is_silent(at):
        return ""
    days: int = settings.GOODS_SILENT_AFTER.days
    return ngettext(
        "Where the goods are is not known: nobody has told for %(days)d day. Mark them as dispatched or delivered.",
        "Where the goods are is not known: nobody has told for %(days)d days. Mark them as dispatched or delivered.",
        days,
    ) % {"days": days}


@guard(gettext_lazy("Silence agrees only while it is known where the goods are."))
def whereabouts_known(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """A person who agrees is told of it and decides; who says nothing can not know."""
    if role not in (Role.CLOCK, Role.POLICY) or case.goods_state == GoodsState.SIGNED:
        return None
    return facts.goods_unknown or None


def refusal(order: Order, said: GoodsWord, happened_at: datetime | None, at: datetime) -> str:
    """The sentence against such a word of a person; nothing when it can be recorded."""
    if order.is_cancelled:
        return _("This order was cancelled.")
    if said == GoodsWord.WAITING:
        return _("The goods have arrived, as far as is told.") if order.delivered else ""
    if happened_at is None:
        return _("Say when.")
    if happened_at > at:
        return _("This lies in the future.")
    if happened_at < order.ordered_at:
        return _("The order was made later: %(moment)s.") % {"moment": moment_text(order.ordered_at)}
    return _scanned(order, said) or _wrong_order(order, said, happened_at)


def _scanned(order: Order, said: GoodsWord) -> str:
    known = order.dispatched if said == GoodsWord.LEFT else order.delivered
    if known is None or not known.is_scanned:
        return ""
    return _("The carrier has scanned it at %(moment)s; that is believed first.") % {"moment": moment_text(known.at)}


def _wrong_order(order: Order, said: GoodsWord, happened_at: datetime) -> str:
    left, arrived = order.dispatched, order.delivered
    if said == GoodsWord.ARRIVED and left and left.is_dated and happened_at < left.at:
        return _("Goods arrive after they have left: %(moment)s.") % {"moment": moment_text(left.at)}
    if said == GoodsWord.LEFT and arrived and arrived.is_dated and happened_at > arrived.at:
        return _("Goods leave before they arrive: %(moment)s.") % {"moment": moment_text(arrived.at)}
    return ""
