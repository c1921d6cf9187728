"""What sending an ended refund again leads to, by the facts of this moment; it is read before it is confirmed. Pure.

The sum was decided when the money was intended, and stays (domain 6); what has moved since is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aftersales.rules.cases import goods_moved, return_window
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import GoodsState

if TYPE_CHECKING:
    from aftersales.models import Refund
    from orders.models import Order


def sentence(refund: Refund, order: Order, at: datetime) -> str:
    """How much goes back, where the goods went meanwhile, and whether the payment still holds the sum."""
    return " ".join(_parts(refund, order, at))


def goods(refund: Refund, order: Order, at: datetime) -> tuple[GoodsState, GoodsState]:
    """Where the goods were when the money was decided on, and where they are."""
    case = refund.case
    return GoodsState(case.goods_state), goods_moved.by_now(case, return_window.goods_state(order, at))


def _parts(refund: Refund, order: Order, at: datetime) -> Iterator[str]:
    case, currency = refund.case, refund.currency
    yield _("%(amount)s goes back to the buyer.") % {"amount": money_text(refund.amount, currency)}
    before, now = goods(refund, order, at)
    if before != now:
        words = {"before": before.label, "now": now.label}
        yield _("When it was decided the goods were: %(before)s; now they are: %(now)s.") % words
        yield _("The money does not stop them, nor ask them back: settle that with the merchant first.")
        if case.freight_held:
            freight = {"freight": money_text(case.freight_held, currency)}
            yield _("%(freight)s of the case is freight, which is due only where nothing was shipped.") % freight
    if not refund.may_be_asked_again and refund.payment.left < refund.amount:
        left = {"left": money_text(refund.payment.left, currency)}
        yield _("The payment has only %(left)s left, so it can not be sent.") % left
