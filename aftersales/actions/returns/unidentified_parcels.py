"""Parcels that came without a case: recorded, matched to a case or an order, sent back, or put away unpaid."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate
from aftersales.actions.disputes import evidence
from aftersales.models import Case, ReturnParcel
from aftersales.queries.visibility import TAKING_IN
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import Disposition, Role
from logistics import stock
from logistics.models import Parcel, UnidentifiedParcel, UnidentifiedPhoto
from logistics.models.parcel import ParcelStatus
from logistics.models.unidentified import Outcome
from logistics.parcels import tracking as parcels
from logistics.parcels import unidentified
from orders.models import Order, OrderLine
from orders.refusals import Refused

MOST_PHOTOS = 10


@gate.transactional
def record(
    merchant_id: int,
    *,
    by: Actor,
    at: datetime,
    carrier: str,
    waybill: str,
    contents: str,
    note: str = "",
    photos: Sequence[Photo] = (),
) -> UnidentifiedParcel:
    """Record a parcel that belongs to no case; at most ten photos. Refused when its waybill is known."""
    role = _role("record_parcel", merchant_id, by)
    if len(photos) > MOST_PHOTOS:
        raise Refused(_("A parcel takes at most %(most)d photos.") % {"most": MOST_PHOTOS})
    parcel = unidentified.record(
        merchant_id,
        carrier=carrier.strip(),
        waybill=waybill.strip().upper(),
        contents=contents,
        note=note,
        at=at,
        recorded_by=role,
        by_id=by.user_id,
    )
    UnidentifiedPhoto.objects.bulk_create(
        UnidentifiedPhoto(unidentified=parcel, **evidence.written(photo)) for photo in photos
    )
    return parcel


@gate.transactional
def match_case(unidentified_id: int, case_id: int, *, by: Actor, at: datetime) -> Case:
    """Match the parcel to a case of the same merchant that takes goods in; it is then received like any other."""
    # The case before the parcel: the order in which whoever receives it locks them.
    case = gate.locked(case_id)
    found = unidentified.locked(unidentified_id)
    role = _role("settle_parcel", found.parcel.merchant_id, by)
    _refuse_unfit(case, found)
    ReturnParcel.objects.get_or_create(case=case, parcel=found.parcel, defaults={"is_announced": False})
    claim(case, found.parcel, by=by, role=role, at=at)
    details = {"waybill": found.parcel.waybill, "carrier": found.parcel.carrier}
    case_log.put(case, "match_parcel", role=role, by=by, at=at, data=details)
    return case


def _refuse_unfit(case: Case, found: UnidentifiedParcel) -> None:
    if case.merchant_id != found.parcel.merchant_id:
        raise Refused(_("That case belongs to another merchant."))
    if case.status not in TAKING_IN:
        raise Refused(
            _("%(number)s takes no goods in: it is “%(state)s”. Match the parcel to the order, or send it back.")
            % {"number": case.number, "state": case.get_status_display()}
        )


def claim(case: Case, parcel: Parcel, *, by: Actor, role: Role, at: datetime) -> None:
    """Settle the parcel if it lay here unidentified, and take its photos over as evidence; the case is locked."""
    found = UnidentifiedParcel.objects.select_for_update(of=("self",)).filter(parcel=parcel).first()
    if found is None or not found.is_waiting:
        return
    unidentified.belongs_to(found, case.order)
    unidentified.settle(found, Outcome.CASE, note=case.number, at=at, settled_by=role, by_id=by.user_id)
    evidence.adopt(case, list(found.photos.all()), role=role, user_id=by.user_id, at=at)


@gate.transactional
def match_order(unidentified_id: int, order: Order, *, by: Actor, at: datetime) -> UnidentifiedParcel:
    """Match the parcel to an order; it stays unsettled until a case is opened for it or somebody settles it."""
    found = unidentified.locked(unidentified_id)
    _role("settle_parcel", found.parcel.merchant_id, by)
    unidentified.belongs_to(found, order)
    return UnidentifiedParcel.objects.get(pk=unidentified_id)


@gate.transactional
def send_back(unidentified_id: int, *, by: Actor, at: datetime, note: str) -> UnidentifiedParcel:
    """Settle the parcel: it goes back to its sender, in the way that the note says."""
    found = unidentified.locked(unidentified_id)
    role = _role("settle_parcel", found.parcel.merchant_id, by)
    if not note.strip():
        raise Refused(_("Say how it goes back: carrier and waybill, or who takes it."))
    return _settle(found, Outcome.SENT_BACK, note, role=role, by=by, at=at)


@gate.transactional
def put_away(
    unidentified_id: int, *, by: Actor, at: datetime, units: Mapping[int, int], disposition: Disposition, note: str = ""
) -> UnidentifiedParcel:
    """Settle the parcel: its goods go into stock, and nobody is paid (id of an order line → units)."""
    found = unidentified.locked(unidentified_id)
    role = _role("settle_parcel", found.parcel.merchant_id, by)
    counted = {pk: number for pk, number in units.items() if number > 0}
    if not counted and not note.strip():
        raise Refused(_("Say how many units are put away, or write down what becomes of the goods."))
    # In the order in which the stock ledger locks its items.
    lines = OrderLine.objects.filter(pk__in=counted, order=found.parcel.order).order_by("sku", "pk")
    if len(lines) != len(counted):
        raise Refused(_("This item is not part of the order."))
    for line in lines:
        _refuse_more_than_sold(line, counted[line.pk])
        facts = stock.MovementFacts(at, role, by_id=by.user_id, note=str(found.parcel))
        stock.take_in(found.parcel.merchant_id, line.sku, counted[line.pk], disposition, facts, title=line.title)
    return _settle(found, Outcome.PUT_AWAY, note, role=role, by=by, at=at)


def _refuse_more_than_sold(line: OrderLine, units: int) -> None:
    if units > line.quantity:
        raise Refused(
            _("%(title)s: %(units)d units are more than the %(sold)d that were sold.")
            % {"title": line.title, "units": units, "sold": line.quantity}
        )


def _settle(
    found: UnidentifiedParcel, outcome: Outcome, note: str, *, role: Role, by: Actor, at: datetime
) -> UnidentifiedParcel:
    parcels.scan(found.parcel, ParcelStatus.RECEIVED, at=at, recorded_by=role, text=str(outcome.label))
    return unidentified.settle(found, outcome, note=note.strip(), at=at, settled_by=role, by_id=by.user_id)


def _role(action: str, merchant_id: int, by: Actor) -> Role:
    role = by.role_for(moves.EVERY[action])
    is_stranger = by.merchant_id not in (None, merchant_id) or (role == Role.MERCHANT and by.merchant_id is None)
    if role is None or is_stranger:
        raise gate.Forbidden(_("This parcel is not yours to deal with."))
    return role
