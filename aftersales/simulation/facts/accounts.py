"""Money that moves without a case: empty accounts, payments disputed at the buyer's bank, what is owed and is paid."""

from datetime import datetime, timedelta
from decimal import Decimal

from aftersales.actions.disputes import payment_disputes
from aftersales.actions.refunds import receivables
from aftersales.models import PaymentDispute, Receivable
from aftersales.models.disputes.payment_dispute import DisputeKind
from aftersales.rules.vocabulary import Role
from aftersales.simulation.behaviours.situation import Situation
from orders.gateways.base import PLATFORM_ACCOUNT
from orders.gateways.sandbox import books
from orders.models import Merchant, Order

ZERO = Decimal(0)


def dispute(situation: Situation, order: Order, at: datetime) -> None:
    """The buyer's bank asks for a payment back, or has taken it."""
    payments = list(order.payments.filter(captured__gt=0).order_by("pk"))
    if not payments:
        return
    payment = situation.random.choice(payments)
    amount = payment.captured if situation.happens(0.6) else situation.part_of(payment.captured, order.currency)
    payment_disputes.begin(
        payment.pk,
        situation.random.choice(list(DisputeKind)),
        max(amount, Decimal("0.01")),
        by=situation.actors.one(Role.FINANCE),
        at=at,
        reference=f"CB-{payment.pk}-{payment.disputes.count()}",
    )


def decide(situation: Situation, order: Order, at: datetime) -> None:
    """The bank has decided a dispute: of this order's, else the oldest."""
    waiting = PaymentDispute.objects.filter(ended_at__isnull=True).order_by("pk")
    found = waiting.filter(payment__order=order).first() or waiting.first()
    if found is not None:
        end = situation.random.choice((payment_disputes.win, payment_disputes.lose))
        end(found.pk, by=situation.actors.one(Role.FINANCE), at=at)


def owed(situation: Situation, order: Order, at: datetime) -> None:
    """What a case of the order is owed is paid, or given up by finance."""
    waiting = Receivable.objects.filter(case__order=order, status=Receivable.Status.OPEN).order_by("pk").first()
    if waiting is None:
        return
    by = situation.actors.one(Role.FINANCE)
    if situation.happens(0.7):
        receivables.settle(waiting.pk, by=by, at=at, reference=f"R-{waiting.pk}-{waiting.kind}")
    else:
        receivables.waive_one(waiting.pk, by=by, at=at, why="as simulated")


def another_day(situation: Situation, at: datetime) -> None:
    """Accounts run dry for days, and finance does not come for some; what was dry long enough is filled again."""
    random = situation.random
    for key, until in list(situation.dry_until.items()):
        if until <= at:
            books.set_balance(key[0], None, key[1])
            del situation.dry_until[key]
    if situation.happens(0.15):
        shops = list(Merchant.objects.order_by("pk")[:20])
        code = PLATFORM_ACCOUNT if situation.happens(0.25) else random.choice(shops).code
        for currency in ("CNY", "USD"):
            books.set_balance(code, ZERO, currency)
            situation.dry_until[code, currency] = at + timedelta(days=random.randint(1, 6))
    if situation.happens(0.08):
        situation.away_until[Role.FINANCE] = at + timedelta(days=random.randint(1, 5))


def fill_again(situation: Situation) -> None:
    """What this play has emptied is filled: the bank's books outlive it."""
    for code, currency in situation.dry_until:
        books.set_balance(code, None, currency)
    situation.dry_until.clear()
