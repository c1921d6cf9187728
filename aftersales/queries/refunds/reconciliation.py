"""The test bank's own books beside ours: the same refunds, or a difference that somebody must see."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _

from aftersales.models import Refund
from aftersales.models.refunds.refund import AT_GATEWAY
from aftersales.rules.vocabulary import RefundStatus
from orders.gateways import sandbox
from orders.gateways.sandbox import RefundRow

SHOWN: Final = 50
ZERO: Final = Decimal(0)
R = RefundStatus

# What the bank says → what we may say without a difference.
AGREES: Final[dict[str, tuple[RefundStatus, ...]]] = {
    "succeeded": (R.SUCCEEDED,),
    "accepted": (R.ACCEPTED,),
    # Cancelled once a new refund has taken its place.
    "failed": (R.FAILED, R.CANCELLED),
    "declined": (R.FAILED, R.CANCELLED),
    "reversed": (R.REVERSED, R.CANCELLED),
}


@dataclass(frozen=True)
class Pair:
    """One refund in both books; `difference` in words, `meaning` bad when it will not go away by itself."""

    number: str
    theirs: RefundRow | None
    ours: Refund | None
    difference: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Sums:
    """What went to buyers in one currency, in both books."""

    currency: str
    theirs: Decimal
    ours: Decimal

    @property
    def difference(self) -> Decimal:
        """Theirs less ours: zero once every notice has been applied."""
        return self.theirs - self.ours


def pairs() -> list[Pair]:
    """Each of the newest refunds as both books have it, the newest first."""
    theirs = {row.number: row for row in sandbox.latest_rows(SHOWN)}
    # A refund that was never sent is missing in the books of the bank with good reason.
    sent = Refund.objects.filter(gateway=sandbox.Sandbox.name, tries__gt=0).select_related("case").order_by("-pk")
    ours = {refund.number: refund for refund in sent[:SHOWN]}
    theirs |= {row.number: row for row in sandbox.refund_rows(ours.keys() - theirs.keys())}
    ours |= {refund.number: refund for refund in sent.filter(number__in=theirs.keys() - ours.keys())}
    return [_pair(number, theirs.get(number), ours.get(number)) for number in _newest_first(theirs.values(), ours)]


def sums() -> list[Sums]:
    """Totals by currency; what was paid past it is left out."""
    paid = Refund.objects.filter(gateway=sandbox.Sandbox.name, status=R.SUCCEEDED, hand_confirmed_by__isnull=True)
    paid = paid.filter(chargeback__isnull=True)
    ours = dict(paid.order_by().values_list("currency").annotate(total=Sum("amount")))
    theirs = sandbox.ledger_totals()
    return [
        Sums(currency, theirs.get(currency, ZERO), ours.get(currency, ZERO)) for currency in sorted({*ours, *theirs})
    ]


def _newest_first(theirs: Iterable[RefundRow], ours: dict[str, Refund]) -> list[str]:
    made = {row.number: row.created for row in theirs}
    made = {number: refund.created_at for number, refund in ours.items()} | made
    return sorted(made, key=lambda number: (made[number], number), reverse=True)[:SHOWN]


def _pair(number: str, theirs: RefundRow | None, ours: Refund | None) -> Pair:
    difference, meaning = _difference(theirs, ours)
    return Pair(number, theirs, ours, difference, meaning)


def _difference(theirs: RefundRow | None, ours: Refund | None) -> tuple[str, str]:
    if ours is None:
        return _("not ours"), "bad"
    if ours.hand_confirmed_by_id is not None:
        is_paid_twice = theirs is not None and theirs.status in (R.SUCCEEDED, R.ACCEPTED)
        return (_("paid by hand, and by the bank as well"), "bad") if is_paid_twice else (_("paid by hand"), "")
    if ours.chargeback_id is not None:
        return _("charged back"), ""
    if theirs is None:
        return (_("the bank has no such refund"), "bad") if ours.status == R.SUCCEEDED else (_("not sent"), "")
    if (theirs.amount, theirs.currency) != (ours.amount, ours.currency):
        return _("another sum"), "bad"
    if ours.status in AGREES[theirs.status]:
        return "", ""
    is_open = ours.status in (*AT_GATEWAY, R.QUEUED)
    return (_("not told yet"), "warn") if is_open else (_("another outcome"), "bad")
