"""What is set aside in stock for a case that sends something, and what is owed when it ends before its chain does."""

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
    """Keep a replacement for each unit; Refused when the stock is short, unless the clock agreed."""
    if not chains.of(case).sends_from_stock:
        return
    for line in case.lines.select_related("order_line").order_by("order_line_id"):
        missing = line.units_to_replace - line.units_sent - line.stock_held
        if missing < 0:
            stock.release(case.merchant_id, sku_of(line), -missing, reference=case.number, at=at)
        elif missing and not _reserved(case, line, missing, by=by, at=at):
            continue
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
    """What is sent for a line: the variant wanted, else the same again."""
    return line.wanted_sku or line.order_line.sku


def free(case: Case, *, at: datetime) -> None:
    """Nothing will be sent: what was set aside is free again."""
    for line in case.lines.select_related("order_line").filter(stock_held__gt=0).order_by("order_line_id"):
        stock.release(case.merchant_id, sku_of(line), line.stock_held, reference=case.number, at=at)
    case.lines.filter(stock_held__gt=0).update(stock_held=0)


def prepare(case: Case, *, by: Actor, at: datetime) -> None:
    """Before something is dispatched: stock is set aside, a dearer one is to be paid for."""
    set_aside(case, by=by, at=at)
    owed = -case.owed_difference
    asked = case.receivables.filter(kind=Receivable.Kind.DIFFERENCE).exclude(status=Receivable.Status.WAIVED)
    if owed > ZERO and not asked.exists():
        receivables.owe(
            case,
            Receivable.Kind.DIFFERENCE,
            owed,
            Receivable.Party.BUYER,
            Receivable.Party.MERCHANT,
            at=at,
            rule="difference",
        )


def leave(case: Case, *, at: datetime) -> None:
    """A case ends before its chain does: stock is free; a replacement that was sent for goods kept is owed."""
    free(case, at=at)
    receivables.waive(case, Receivable.Kind.DIFFERENCE, Receivable.Kind.REPAIR_FEE, at=at)
    sent = [line for line in case.lines.all() if line.units_sent]
    if sent and chains.exchanges(case) and not case.goods_are_here:
        worth = sum((line.amount_held for line in sent), ZERO)
        if worth:
            receivables.owe(
                case,
                Receivable.Kind.UNRETURNED,
                worth,
                Receivable.Party.BUYER,
                Receivable.Party.MERCHANT,
                at=at,
                rule="unreturned",
            )
