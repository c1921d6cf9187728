"""Couriers at the door: booked for a case, rescheduled, cancelled."""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.actions import gate
from aftersales.actions.effects import MoveContext
from aftersales.models import Case
from aftersales.queries.returns import return_addresses
from aftersales.rules.actor import Actor
from logistics.models.parcel import UNDER_WAY
from logistics.parcels import tracking as parcels
from logistics.pickups import pickup_requests
from logistics.pickups.pickup_requests import Contact, Visit
from orders.refusals import Refused

Window = tuple[datetime, datetime]


@gate.transactional
def book(
    case_id: int, *, by: Actor, at: datetime, carrier: str, window: Window, at_door: Contact, version: int | None = None
) -> Case:
    """Book a courier for the goods; fields of the contact that are empty are taken from the order."""
    details = {"carrier": carrier.strip(), "window": [each.isoformat() for each in window]}
    request = partial(_request, carrier.strip(), window, at_door)
    return gate.move(case_id, "book_pickup", effect=request, by=by, at=at, version=version, data=details)


def _request(carrier: str, window: Window, at_door: Contact, case: Case, context: MoveContext) -> None:
    _refuse_window(case, window, context.at)
    case.return_address = return_addresses.address_for(case)
    visit = Visit(case.number, carrier, _sender(case, at_door), _receiver(case), window)
    pickup_requests.request(case.order, visit, at=context.at, recorded_by=context.role)


@gate.transactional
def reschedule(case_id: int, *, by: Actor, at: datetime, window: Window, version: int | None = None) -> Case:
    """Have the courier come at another time; the deadline of the return stays."""
    details = {"window": [each.isoformat() for each in window]}
    later = partial(_put_off, window)
    return gate.move(case_id, "reschedule_pickup", effect=later, by=by, at=at, version=version, data=details)


def _put_off(window: Window, case: Case, context: MoveContext) -> None:
    _refuse_window(case, window, context.at)
    row = pickup_requests.expected(case.number)
    if row is None:
        raise Refused(_("No courier is expected: there is no pickup to reschedule."))
    pickup_requests.reschedule(row, window, at=context.at, recorded_by=context.role)


def _refuse_window(case: Case, window: Window, at: datetime) -> None:
    start, end = window
    if not (start < end and end > at):
        raise Refused(_("The courier comes from a time until a later one that is not over."))
    days = case.policy.ship_return_days
    if end > at + timedelta(days=days):
        raise Refused(_too_late(days))


def _too_late(days: int) -> str:
    sentence = ngettext(
        "The courier comes within %(days)d day, as the policy says.",
        "The courier comes within %(days)d days, as the policy says.",
        days,
    )
    return sentence % {"days": days}


def _sender(case: Case, at_door: Contact) -> Contact:
    order = case.order
    contact = Contact(
        name=at_door.name or order.receiver_name,
        phone=at_door.phone or order.receiver_phone,
        # Another address has its own region in its text; that of the order would send the courier elsewhere.
        region="" if at_door.address else order.receiver_region,
        address=at_door.address or order.receiver_address,
    )
    if not (contact.name and contact.phone and contact.address):
        raise Refused(_("Say who is at the door, with phone and address: the order does not."))
    return contact


def _receiver(case: Case) -> Contact:
    address = case.return_address
    if address is None:
        raise Refused(_("%(merchant)s has no return address: add one first.") % {"merchant": case.merchant.name})
    return Contact(address.contact, address.phone, address.region, address.address)


@gate.transactional
def cancel_pickup(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The courier did not take the parcel: the buyer ships again in the time that was left."""
    return gate.move(case_id, "cancel_pickup", effect=_call_off, by=by, at=at, version=version)


def _call_off(case: Case, context: MoveContext) -> None:
    pickup_requests.call_off(case.number, at=context.at)
    for link in case.return_parcels.select_related("parcel").filter(parcel__status__in=UNDER_WAY):
        parcels.cancel(link.parcel, at=context.at, recorded_by=context.role)
