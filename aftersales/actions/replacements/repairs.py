"""Repairs: diagnosed, priced, sent to a repairer and back, done or failed, and the choice after that (三包)."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import on_enter
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import calculation, freight, receivables
from aftersales.models import Case, Offer, Receivable, Repair
from aftersales.queries.replacements import days_in_use, failed_repairs
from aftersales.rules.actor import Actor
from aftersales.rules.refunds.settlement import Draft
from aftersales.rules.vocabulary import CaseType
from logistics.models.parcel import Direction, ParcelStatus
from logistics.parcels import tracking as parcels
from orders import money
from orders.refusals import Refused

ZERO = Decimal(0)
OPEN = Repair.Outcome.OPEN


@gate.transactional
def diagnose(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    diagnosis: str,
    place: Repair.Place,
    service_point: str = "",
    serial: str = "",
    cause: str = "",
    version: int | None = None,
) -> Case:
    """Record what is broken, by its kind (`RepairCause`), and who repairs it; a second one corrects the open attempt.

    Where the same thing was repaired in vain before, as often as the policy says, the buyer may choose at once.
    """
    if not diagnosis.strip():
        raise Refused(_("Say what is broken."))
    if place != Repair.Place.OWN and not service_point.strip():
        raise Refused(_("Name the service point or the supplier."))
    fields = {"diagnosis": diagnosis, "place": place, "service_point": service_point, "cause": cause}
    finding = partial(_write_diagnosis, fields, serial)
    return gate.move(case_id, "diagnose", effect=finding, by=by, at=at, version=version, why=diagnosis)


def _write_diagnosis(fields: Mapping[str, str], serial: str, case: Case, context: MoveContext) -> None:
    row = {
        **fields,
        "serial": serial or _serial(case),
        "diagnosed_by_id": context.by.user_id,
        "diagnosed_at": context.at,
    }
    # A case has one open attempt at most; the database holds it to that.
    if not case.repairs.filter(outcome=OPEN).update(**row):
        Repair.objects.create(case=case, attempt=case.repairs.count() + 1, **row)
    _offer_after_failures(case, context)


def _serial(case: Case) -> str:
    """The serial number that the inspection read, or an empty text."""
    serials = case.lines.filter(inspected__serial__gt="").values_list("inspected__serial", flat=True)
    return serials.first() or ""


@gate.transactional
def quote(
    case_id: int, *, by: Actor, at: datetime, amount: Decimal, note: str = "", version: int | None = None
) -> Case:
    """Ask the buyer to pay for the repair, in the currency of the case; nothing is done before they agree."""
    price = partial(_offer_price, amount, note)
    details = {"amount": str(amount)}
    return gate.move(case_id, "quote_repair", effect=price, by=by, at=at, version=version, why=note, data=details)


def _offer_price(amount: Decimal, note: str, case: Case, context: MoveContext) -> None:
    if not (money.is_whole(amount, case.currency) and amount > ZERO):
        raise Refused(_("A price is above zero; a free repair needs no consent."))
    Repair.objects.filter(case=case, outcome=OPEN).update(quote_amount=amount, quote_accepted_at=None)
    Offer.objects.create(
        case=case,
        round_number=case.round_number,
        type=case.type,
        amount=amount,
        is_quote=True,
        note=note,
        made_by_id=context.by.user_id,
        made_role=context.role,
        made_at=context.at,
    )


def agree_to_quote(case: Case, terms: Offer, *, at: datetime) -> None:
    """The buyer agrees to the price: it becomes a receivable, which must be paid before the goods go back."""
    Repair.objects.filter(case=case, outcome=OPEN).update(quote_accepted_at=at)
    receivables.waive(case, Receivable.Kind.REPAIR_FEE, at=at)
    kind, party = Receivable.Kind.REPAIR_FEE, Receivable.Party
    receivables.owe(case, kind, terms.amount, party.BUYER, party.MERCHANT, at=at, rule="quote")


def leave_unrepaired(case: Case, *, at: datetime) -> None:
    """End the open attempt without a repair, because nobody pays for it or the case ends."""
    Repair.objects.filter(case=case, outcome=OPEN).update(outcome=Repair.Outcome.UNREPAIRED, ended_at=at)


@gate.transactional
def send_out(case_id: int, *, by: Actor, at: datetime, carrier: str, waybill: str, version: int | None = None) -> Case:
    """Send the goods to the service point or supplier, in a parcel of their own."""
    code = waybill.strip().upper()
    if not code:
        raise Refused(_("Enter the waybill number."))
    details = {"carrier": carrier.strip(), "waybill": code}
    sent = partial(_send_out, carrier.strip(), code)
    return gate.move(case_id, "send_to_repairer", effect=sent, by=by, at=at, version=version, data=details)


def _send_out(carrier: str, waybill: str, case: Case, context: MoveContext) -> None:
    parcel = parcels.announce(
        case.order, Direction.TO_REPAIRER, carrier=carrier, waybill=waybill, at=context.at, recorded_by=context.role
    )
    Repair.objects.filter(case=case, outcome=OPEN).update(parcel_out=parcel, sent_at=context.at, back_at=None)


@gate.transactional
def take_back(
    case_id: int, *, by: Actor, at: datetime, carrier: str = "", waybill: str = "", version: int | None = None
) -> Case:
    """The goods are back from the service point or supplier; the waybill is optional."""
    code = waybill.strip().upper()
    details = {"carrier": carrier.strip(), "waybill": code}
    back = partial(_take_back, carrier.strip(), code)
    return gate.move(case_id, "back_from_repairer", effect=back, by=by, at=at, version=version, data=details)


def _take_back(carrier: str, waybill: str, case: Case, context: MoveContext) -> None:
    repair = Repair.objects.get(case=case, outcome=OPEN)
    if waybill:
        repair.parcel_back = parcels.announce(
            case.order,
            Direction.FROM_REPAIRER,
            carrier=carrier,
            waybill=waybill,
            at=context.at,
            recorded_by=context.role,
        )
        parcels.scan(repair.parcel_back, ParcelStatus.RECEIVED, at=context.at, recorded_by=context.role)
    repair.back_at = context.at
    repair.save(update_fields=["parcel_back", "back_at"])


@gate.transactional
def finish(case_id: int, *, by: Actor, at: datetime, note: str, version: int | None = None) -> Case:
    """It works again; what was done goes on record, and the goods wait for their dispatch."""
    if not note.strip():
        raise Refused(_("Say what was done."))
    case = gate.move(case_id, "finish_repair", effect=partial(_finish, note), by=by, at=at, version=version, why=note)
    return on_enter.run(case, by=by, at=at)


def _finish(note: str, case: Case, context: MoveContext) -> None:
    _end_attempt(case, Repair.Outcome.REPAIRED, note, context)


@gate.transactional
def fail(case_id: int, *, by: Actor, at: datetime, note: str, version: int | None = None) -> Case:
    """Record a failed attempt; after as many as the policy says the buyer may choose an exchange or the money."""
    if not note.strip():
        raise Refused(_("Say why the repair failed."))
    return gate.move(case_id, "fail_repair", effect=partial(_fail, note), by=by, at=at, version=version, why=note)


def _fail(note: str, case: Case, context: MoveContext) -> None:
    _end_attempt(case, Repair.Outcome.FAILED, note, context)
    _offer_after_failures(case, context)


def _offer_after_failures(case: Case, context: MoveContext) -> None:
    if failed_repairs.number(case) >= failed_repairs.limit(case):
        _open_choice(case, context)


def _end_attempt(case: Case, outcome: Repair.Outcome, note: str, context: MoveContext) -> None:
    Repair.objects.filter(case=case, outcome=OPEN).update(outcome=outcome, note=note, ended_at=context.at)


@gate.transactional
def offer_choice(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The repair took too long: the buyer may choose an exchange or the money, and a supervisor is notified."""
    return gate.move(case_id, "offer_choice", effect=_open_choice, by=by, at=at)


def _open_choice(case: Case, context: MoveContext) -> None:
    case.choice_offered_at = case.choice_offered_at or context.at


@gate.transactional
def choose_exchange(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The buyer chooses an exchange in place of the repair."""
    case = gate.move(case_id, "choose_exchange", effect=leave_for_exchange, by=by, at=at, version=version)
    return on_enter.run(case, by=by, at=at)


@gate.transactional
def choose_refund(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The buyer chooses the money in place of the repair; where the model is in stock, use may be charged (三包)."""
    case = gate.move(case_id, "choose_refund", effect=leave_for_money, by=by, at=at, version=version)
    return on_enter.run(case, by=by, at=at)


def leave_for_exchange(case: Case, context: MoveContext) -> None:
    """The effect of choosing an exchange: the repair ends, and the case is one."""
    _leave_repair(CaseType.EXCHANGE, case, context)


def leave_for_money(case: Case, context: MoveContext) -> None:
    """The effect of choosing the money: the repair ends, and the case is a return whose goods are here."""
    for line_id, days in days_in_use.charged(case, context.at).items():
        case.lines.filter(order_line=line_id).update(use_days=days)
    _leave_repair(CaseType.RETURN_REFUND, case, context)
    case.agreed_amount = None


def money_instead(case: Case, at: datetime) -> list[Draft]:
    """What the money in place of the repair would come to, line by line; nothing is written."""
    supposed = copy(case)
    supposed.type, supposed.agreed_amount = CaseType.RETURN_REFUND, None
    freight.renew(supposed)
    return calculation.trial(supposed, use_days=days_in_use.charged(case, at))


def _leave_repair(type: CaseType, case: Case, context: MoveContext) -> None:
    freight.renew(case, type)
    leave_unrepaired(case, at=context.at)
    receivables.return_fee(case, at=context.at)
    case.type = type
