"""Goods that go to the buyer: dispatched, confirmed, sent again, or replaced by money."""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import on_enter
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import receivables
from aftersales.actions.replacements import reservations
from aftersales.actions.returns.goods import goods_owed
from aftersales.models import Case, CaseLine, Receivable, SentParcel
from aftersales.queries.returns import return_addresses
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Status
from logistics import stock
from logistics.models import Parcel
from logistics.models.parcel import UNDER_WAY, ParcelStatus
from logistics.parcels import tracking as parcels
from orders.refusals import Refused


@gate.transactional
def dispatch(case_id: int, *, by: Actor, at: datetime, carrier: str, waybill: str, version: int | None = None) -> Case:
    """Send the replacement, the missing part or the repaired goods; the units reserved for them leave the stock."""
    code = waybill.strip().upper()
    if not code:
        raise Refused(_("Enter the waybill number."))
    details = {"carrier": carrier.strip(), "waybill": code}
    sent = partial(_send, carrier.strip(), code)
    return gate.move(case_id, "dispatch", effect=sent, by=by, at=at, version=version, data=details)


def _send(carrier: str, waybill: str, case: Case, context: MoveContext) -> None:
    parcel = parcels.announce_outbound(
        case.order, carrier=carrier, waybill=waybill, at=context.at, recorded_by=context.role
    )
    SentParcel.objects.get_or_create(case=case, parcel=parcel, defaults={"sent_at": context.at})
    for line in case.lines.select_related("order_line").order_by("order_line_id"):
        if line.stock_held:
            stock.dispatch(
                case.merchant_id, reservations.sku_of(line), line.stock_held, reference=case.number, at=context.at
            )
        # Without a reservation too: repaired goods have none, nor do SKUs whose stock is not kept here.
        CaseLine.objects.filter(pk=line.pk).update(stock_held=0, units_sent=line.units_to_replace)
        goods_owed.sent_out(case, line, line.units_to_replace)


@gate.transactional
def confirm(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The buyer has the goods: the case ends, pays a difference back, or waits for the old goods."""
    case = gate.move(case_id, "confirm_receipt", effect=_sign, by=by, at=at, version=version)
    return on_enter.run(case, by=by, at=at)


def _sign(case: Case, context: MoveContext) -> None:
    for sent in case.sent_parcels.select_related("parcel").filter(parcel__status__in=UNDER_WAY):
        parcels.scan(
            sent.parcel, ParcelStatus.SIGNED, at=context.at, recorded_by=context.role, text=_("Receipt confirmed")
        )


@gate.transactional
def carrier_signed(parcel_id: int, *, at: datetime) -> None:
    """A replacement was handed over: the buyer has the policy's days from then to confirm, never longer than before."""
    parcel = Parcel.objects.get(pk=parcel_id)
    for case_id in SentParcel.objects.filter(parcel=parcel).order_by("case_id").values_list("case_id", flat=True):
        case = gate.locked(case_id)
        if case.status == Status.AWAITING_RECEIPT:
            _confirm_sooner(case, (parcel.signed_at or at) + timedelta(days=case.policy.confirm_days))


def _confirm_sooner(case: Case, due_at: datetime) -> None:
    waiting = case.deadlines.filter(kind=DeadlineKind.REPLACEMENT, status=DeadlineStatus.PENDING)
    if waiting.filter(due_at__gt=due_at).update(due_at=due_at):
        # The case holds a copy of its next deadline for lists; no move writes it here, so it is set by hand.
        Case.objects.filter(pk=case.pk, due_kind=DeadlineKind.REPLACEMENT).update(due_at=due_at)


@gate.transactional
def send_again(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """The replacement was lost, refused or came back: it is to be dispatched once more."""
    case = gate.move(case_id, "send_again", effect=_unsend, by=by, at=at, version=version, why=why)
    return on_enter.run(case, by=by, at=at)


def _unsend(case: Case, _context: MoveContext) -> None:
    for line in case.lines.all():
        goods_owed.sent_out(case, line, -line.units_sent)
    case.lines.update(units_sent=0)


@gate.transactional
def give_money(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """Nothing can be sent, or nobody sent it in time: the paid price goes back, as soon as the goods are here."""
    case = gate.move(case_id, "give_money_instead", effect=leave_unsent, by=by, at=at, version=version, why=why)
    return on_enter.run(case, by=by, at=at)


def leave_unsent(case: Case, context: MoveContext) -> None:
    """The effect of giving the money instead: nothing is set aside or owed for the replacement any more."""
    case.replacement_failed_at = context.at
    case.agreed_amount = None
    if case.goods_must_return and not case.goods_are_here:
        case.return_address = return_addresses.address_for(case)
    receivables.waive(case, Receivable.Kind.DIFFERENCE, at=context.at)
    receivables.return_fee(case, at=context.at)
    reservations.free(case, at=context.at)
