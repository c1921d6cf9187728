"""What becomes of goods that are owed back: sent, brought back by the carrier, left by the buyer, overdue."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.refunds import receivables
from aftersales.actions.returns.goods import goods_owed
from aftersales.actions.returns.goods.goods_owed import Share
from aftersales.models import Case, GoodsOwed, Receivable
from aftersales.models.policies.reason import FreightPayer
from aftersales.rules.actor import CLOCK, Actor
from aftersales.rules.vocabulary import Disposition, Role
from logistics import stock
from logistics.models import Parcel
from logistics.models.parcel import Direction
from logistics.parcels import tracking as parcels
from orders import money
from orders.refusals import Refused

ZERO = Decimal(0)
Cause, Outcome = GoodsOwed.Cause, GoodsOwed.Outcome


@gate.transactional
def send(
    goods_id: int, *, by: Actor, at: datetime, carrier: str, waybill: str, freight: Decimal = ZERO, note: str = ""
) -> GoodsOwed:
    """Send the goods to the buyer in a parcel of their own; `freight` that we paid in the buyer's place is owed to us.

    Refused when somebody has dealt with them meanwhile, or the waybill is that of another parcel.
    """
    row, case, role = _waiting("send_goods_back", goods_id, by)
    code = waybill.strip().upper()
    if not code:
        raise Refused(_("Enter the waybill number."))
    _refuse_used(case, code)
    _refuse_freight(row, case, freight)
    row.parcel = parcels.announce_outbound(case.order, carrier=carrier.strip(), waybill=code, at=at, recorded_by=role)
    goods_owed.end(row, Outcome.SENT, at=at, note=note, user_id=by.user_id)
    if freight:
        _owe_freight(row, case, freight, at)
    told = goods_owed.facts(row, carrier=carrier.strip(), waybill=code)
    case_log.put(case, "send_goods_back", role=role, by=by, at=at, why=note, data=told)
    return row


def _refuse_used(case: Case, waybill: str) -> None:
    """Goods of two cases of one order may share a parcel; one that the order was shipped in is over."""
    same = Parcel.objects.filter(merchant=case.merchant_id, waybill=waybill, direction=Direction.OUTBOUND)
    if same.exclude(order=case.order_id, goods_owed__outcome=Outcome.SENT).exists():
        raise Refused(_("Waybill %(waybill)s is that of another parcel.") % {"waybill": waybill})


def _refuse_freight(row: GoodsOwed, case: Case, freight: Decimal) -> None:
    if not freight:
        return
    if row.payer != FreightPayer.BUYER:
        raise Refused(_("The merchant pays this way: nothing is asked of the buyer."))
    if freight < 0 or not money.is_whole(freight, case.currency):
        raise Refused(_("Enter what the carrier was paid."))


def _owe_freight(row: GoodsOwed, case: Case, freight: Decimal, at: datetime) -> None:
    kind, party = Receivable.Kind.GOODS_BACK, Receivable.Party
    same = case.receivables.filter(kind=kind, status=Receivable.Status.OPEN)
    if not same.update(amount=F("amount") + freight):
        receivables.owe(case, kind, freight, party.BUYER, party.MERCHANT, at=at, rule="goods_back", parcel=row.parcel)


@gate.transactional
def give_up(goods_id: int, *, by: Actor, at: datetime, disposition: Disposition, note: str) -> GoodsOwed:
    """The buyer leaves the goods to us, as the note says how; they go where `disposition` says, and nobody is paid."""
    row, case, role = _waiting("give_up_goods", goods_id, by)
    if not note.strip():
        raise Refused(_("Say how the buyer agreed to it: a message, a call."))
    if disposition == Disposition.TO_BUYER:
        raise Refused(_("The buyer leaves them: choose where else they go."))
    goods_owed.end(row, Outcome.GIVEN_UP, at=at, note=note, user_id=by.user_id)
    told = goods_owed.facts(row)
    case_log.put(case, "give_up_goods", role=role, by=by, at=at, why=note, data=told)
    movement = stock.MovementFacts(at, role, case.number, by_id=by.user_id, note=note.strip()[:200])
    # In the order in which the stock ledger locks its items.
    for each in row.lines.select_related("order_line").order_by("order_line__sku", "pk"):
        sku = each.order_line.sku if each.order_line else ""
        stock.take_in(case.merchant_id, sku, each.units, disposition, movement, title=each.title)
    return row


@gate.transactional
def come_back(parcel_id: int, *, at: datetime) -> None:
    """The carrier brought goods back that were sent to the buyer: they are owed once more, in a task of its own."""
    sent = GoodsOwed.objects.filter(parcel=parcel_id, outcome=Outcome.SENT)
    for case_id in sorted(set(sent.values_list("case_id", flat=True))):
        case = gate.locked(case_id)
        for row in sent.select_for_update(of=("self",)).filter(case=case_id).order_by("pk"):
            goods_owed.end(row, Outcome.CAME_BACK, at=at, note=row.note, user_id=row.ended_by_id)
            shares = [Share(each.units, each.title, each.order_line) for each in row.lines.select_related("order_line")]
            owed = goods_owed.put(case, Cause(row.cause), shares, at=at)
            case_log.put(case, "owe_goods", role=Role.CARRIER, at=at, data=goods_owed.facts(owed, shares))


def _waiting(action: str, goods_id: int, by: Actor) -> tuple[GoodsOwed, Case, Role]:
    """The task, locked after its case, and the role to act in; Refused when somebody has dealt with it."""
    case = gate.locked(GoodsOwed.objects.values_list("case_id", flat=True).get(pk=goods_id))
    row = GoodsOwed.objects.select_for_update(of=("self",)).get(pk=goods_id)
    row.case = case
    role = gate.role_to(action, by, case)
    if not row.is_waiting:
        outcome = row.get_outcome_display()
        raise Refused(_("Somebody has dealt with these goods meanwhile: %(outcome)s.") % {"outcome": outcome})
    return row, case, role


def note_overdue(at: datetime, limit: int = 200) -> int:
    """Say once of each task that its time has passed: on the record, to the merchant, in the supervisor's numbers."""
    due = GoodsOwed.objects.filter(outcome=Outcome.WAITING, breached_at=None, due_at__lt=at)
    return sum(_note_overdue(pk, at) for pk in due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def _note_overdue(goods_id: int, at: datetime) -> int:
    case = gate.locked(GoodsOwed.objects.values_list("case_id", flat=True).get(pk=goods_id))
    row = GoodsOwed.objects.select_for_update(of=("self",)).get(pk=goods_id)
    if not row.is_overdue(at) or row.breached_at is not None:
        return 0
    row.breached_at = at
    row.save(update_fields=["breached_at"])
    case_log.put(case, "miss_goods", role=Role.CLOCK, by=CLOCK, at=at, data=goods_owed.facts(row))
    return 1
