"""Stock reserved for a case that sends something, and what the buyer owes when the case ends early."""

from datetime import datetime
from decimal import Decimal

from django.db.models import F

from aftersales.actions.refunds import receivables
from aftersales.models import Case, CaseLine, Receivable
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import Role
from logistics import stock

ZERO = Decimal(0)


def set_aside(case: Case, *, by: Actor, at: datetime) -> None:
    """Reserve a replacement for each unit; OutOfStock when there are too few, unless the clock agreed."""
    if not chains.of(case).sends_from_stock:
        return
    for line in case.all_lines:
        # Called again before the dispatch: when fewer units were accepted than were asked, the rest is released.
        missing = line.units_to_replace - line.units_sent - line.stock_held
        if missing < 0:
            stock.release(case.merchant_id, sku_of(line), -missing, reference=case.number, at=at)
        elif missing and not _reserved(case, line, missing, by=by, at=at):
            continue
        if missing:
            CaseLine.objects.filter(pk=line.pk).update(stock_held=F("stock_held") + missing)


def _reserved(case: Case, line: CaseLine, units: int, *, by: Actor, at: datetime) -> bool:
    try:
        return stock.reserve(case.merchant_id, sku_of(line), units, reference=case.number, at=at)
    except stock.OutOfStock:
        # Silence agrees whatever the stock; what can not be dispatched in time becomes money.
        if Role.CLOCK in by.roles:
            return False
        raise


def sku_of(line: CaseLine) -> str:
    """The SKU that is sent for a line: the wanted variant, else the same as before."""
    return line.wanted_sku or line.order_line.sku


def free(case: Case, *, at: datetime) -> None:
    """Nothing will be sent: release every reservation of the case."""
    set_aside = [line for line in case.all_lines if line.stock_held]
    for line in set_aside:
        stock.release(case.merchant_id, sku_of(line), line.stock_held, reference=case.number, at=at)
    if set_aside:
        case.lines.filter(stock_held__gt=0).update(stock_held=0)


def prepare(case: Case, *, by: Actor, at: datetime) -> None:
    """Before a dispatch: reserve the stock, and have the buyer pay the difference to a dearer variant."""
    set_aside(case, by=by, at=at)
    difference = -case.owed_difference
    # One that is paid counts: sent again after a loss, the buyer does not pay the difference twice.
    earlier = case.receivables.filter(kind=Receivable.Kind.DIFFERENCE).exclude(status=Receivable.Status.WAIVED)
    if difference > ZERO and not earlier.exists():
        _buyer_owes(case, Receivable.Kind.DIFFERENCE, difference, at=at, rule="difference")


def leave(case: Case, *, at: datetime) -> None:
    """A case ends early: release its stock, and have the buyer pay for a replacement sent for goods they kept."""
    free(case, at=at)
    receivables.waive(case, Receivable.Kind.DIFFERENCE, Receivable.Kind.REPAIR_FEE, at=at)
    worth = _unreturned(case)
    if worth:
        # A case that was opened again may have ended like this before: what is still owed of that comes on top.
        earlier = case.receivables.filter(kind=Receivable.Kind.UNRETURNED, status=Receivable.Status.OPEN)
        owed = sum(earlier.values_list("amount", flat=True), worth)
        receivables.waive(case, Receivable.Kind.UNRETURNED, at=at)
        _buyer_owes(case, Receivable.Kind.UNRETURNED, owed, at=at, rule="unreturned")


def _unreturned(case: Case) -> Decimal:
    """What the goods are worth that the buyer keeps although others were sent for them."""
    if not chains.exchanges(case) or case.goods_are_here:
        return ZERO
    return sum((line.amount_held for line in case.all_lines if line.units_sent), ZERO)


def _buyer_owes(case: Case, kind: Receivable.Kind, amount: Decimal, *, at: datetime, rule: str) -> None:
    receivables.owe(case, kind, amount, Receivable.Party.BUYER, Receivable.Party.MERCHANT, at=at, rule=rule)
