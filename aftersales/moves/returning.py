"""Returning the goods: stopped on their way to the buyer, sent back, collected, received, inspected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import About, Move, Part, Place
from aftersales.rules import event_data, event_goods, guards
from aftersales.rules.cases import chains
from aftersales.rules.permissions import (
    AGENTS_AND_BUYER,
    AGENTS_AND_MERCHANT,
    AGENTS_AND_PARTIES,
    WAREHOUSE_STAFF,
)
from aftersales.rules.returns.arrivals import return_agreed
from aftersales.rules.vocabulary import Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case

R, S = Role, Status
# A parcel that comes after an inspection failed still belongs to the case: nobody has decided about the money.
UNDER_DISPUTE: Final = (S.REJECTED, S.ARBITRATION, S.SUSPENDED)
INSPECTED: Final = (S.REFUNDING, S.AWAITING_DISPATCH, S.REPAIRING, S.COMPLETED)


def _after_arrival(case: Case) -> Status:
    """Goods that come while the platform or the buyer has to answer change nothing about whose turn it is."""
    return Status(case.status) if case.status in UNDER_DISPUTE else S.INSPECTING


def _after_interception(case: Case) -> Status:
    """The carrier stopped the parcel: the money goes back, or the goods go to another address."""
    return S.AWAITING_DISPATCH if chains.changes_address(case) else S.REFUNDING


def _after_delivery(case: Case) -> Status:
    """The parcel went on: the buyer sends it back; an address can not be changed any more."""
    return S.CLOSED if chains.changes_address(case) else S.AWAITING_RETURN


INTERCEPTED: Final = Move(
    name="intercepted",
    label=_("Parcel stopped"),
    who=AGENTS_AND_MERCHANT | {R.CARRIER},
    sources=(S.INTERCEPTING,),
    targets=(S.REFUNDING, S.AWAITING_DISPATCH),
    decide=_after_interception,
    leads={S.INTERCEPTING: 1},
    done=_("The parcel was stopped."),
    said=_("said that the parcel was stopped"),
    about=About.PARCELS,
)

MISS_INTERCEPTION: Final = Move(
    name="miss_interception",
    label=_("Parcel not stopped"),
    who=AGENTS_AND_MERCHANT | {R.CARRIER, R.CLOCK},
    sources=(S.INTERCEPTING,),
    targets=(S.AWAITING_RETURN, S.CLOSED),
    decide=_after_delivery,
    guards=(guards.arrival_proved, guards.return_address_known),
    done=_("It becomes a return."),
    said=_("said that the parcel was not stopped: it becomes a return"),
    said_by_clock=_("the parcel was not stopped in time: it becomes a return"),
    about=About.PARCELS,
)

LOSE_PARCEL: Final = Move(
    name="lose_parcel",
    label=_("Parcel lost"),
    who=frozenset({R.CARRIER, R.CLOCK}),
    sources=(S.INTERCEPTING, S.AWAITING_RETURN),
    targets=(S.REFUNDING, S.AWAITING_DISPATCH),
    decide=_after_interception,
    guards=(guards.not_signed_for,),
    needs=(_("A scan that says so, or no movement until the interception lapsed; it is claimed on the carrier."),),
    said=_("reported the parcel as lost: nothing need come back"),
    said_by_clock=_("the parcel was not stopped, and nothing shows that it arrives: it counts as lost"),
    about=About.PARCELS,
)

SHIP_RETURN: Final = Move(
    name="ship_return",
    label=_("Hand in the waybill"),
    who=AGENTS_AND_PARTIES | {R.CARRIER},
    sources=(S.AWAITING_RETURN,),
    targets=(S.RETURN_IN_TRANSIT,),
    needs=(_("A waybill."),),
    is_cut_off=True,
    part=Part.RETURNS,
    leads={S.AWAITING_RETURN: 1},
    done=_("The return is on its way."),
    carries=event_goods.ReturnSent,
    said=_("sent the goods back"),
    about=About.PARCELS,
)

BOOK_PICKUP: Final = Move(
    name="book_pickup",
    label=_("Book a pickup"),
    who=AGENTS_AND_BUYER,
    sources=(S.AWAITING_RETURN,),
    targets=(S.RETURN_IN_TRANSIT,),
    guards=(guards.return_address_known,),
    needs=(_("A time that is not over, within the days of the policy; who is at the door."),),
    is_cut_off=True,
    part=Part.RETURNS,
    done=_("A courier comes for the goods."),
    carries=event_goods.PickupBooked,
    said=_("booked a courier"),
    about=About.PARCELS,
)

RESCHEDULE_PICKUP: Final = Move(
    name="reschedule_pickup",
    label=_("Reschedule the pickup"),
    who=AGENTS_AND_BUYER,
    sources=(S.RETURN_IN_TRANSIT,),
    guards=(guards.courier_expected,),
    needs=(_("A time that is not over, within the days of the policy."),),
    part=Part.RETURNS,
    done=_("The courier comes at another time."),
    carries=event_goods.PickupBooked,
    said=_("moved the courier to another time"),
    about=About.PARCELS,
)

CANCEL_PICKUP: Final = Move(
    name="cancel_pickup",
    label=_("Pickup cancelled"),
    who=AGENTS_AND_BUYER | {R.CARRIER},
    sources=(S.RETURN_IN_TRANSIT,),
    targets=(S.AWAITING_RETURN,),
    guards=(guards.nothing_received, guards.nothing_collected),
    part=Part.RETURNS,
    done=_("The buyer ships again."),
    said=_("reported that the pickup was cancelled"),
    about=About.PARCELS,
)

RECEIVE: Final = Move(
    name="receive",
    label=_("Receive"),
    who=WAREHOUSE_STAFF,
    sources=(S.AWAITING_RETURN, S.RETURN_IN_TRANSIT, S.INSPECTING, *UNDER_DISPUTE),
    targets=(S.INSPECTING, *UNDER_DISPUTE),
    decide=_after_arrival,
    guards=(return_agreed,),
    needs=(_("Units per line, no more than belong to the case."),),
    part=Part.RETURNS,
    leads={S.AWAITING_RETURN: 2, S.RETURN_IN_TRANSIT: 1},
    place=Place.WAREHOUSE,
    carries=event_goods.Received,
    said=_("received goods"),
    about=About.PARCELS,
)

REPORT_GOODS: Final = Move(
    name="report_goods",
    label=_("Report a problem with the goods"),
    who=WAREHOUSE_STAFF,
    sources=(S.INSPECTING,),
    needs=(_("What was found, and a description."),),
    is_cut_off=True,
    part=Part.RETURNS,
    done=_("It is on record: if nobody inspects in time, a supervisor decides."),
    carries=event_data.Reported,
    said=_("reported a problem with the goods"),
    about=About.PARCELS,
    has_photos=True,
)

PRESUME_RECEIVED: Final = Move(
    name="presume_received",
    label=_("Accept as received"),
    who=frozenset({R.CLOCK}),
    sources=(S.RETURN_IN_TRANSIT,),
    targets=INSPECTED,
    decide=chains.after_inspection,
    part=Part.RETURNS,
    said=_("taken as received and good: nobody looked in time"),
    about=About.PARCELS,
)

PASS_INSPECTION: Final = Move(
    name="pass_inspection",
    label=_("Pass the inspection"),
    label_of_clock=_("Accept as good"),
    who=WAREHOUSE_STAFF | {R.CLOCK},
    sources=(S.INSPECTING,),
    targets=INSPECTED,
    decide=chains.after_inspection,
    guards=(guards.nothing_against_the_goods, guards.something_received),
    needs=(_("Every received unit is judged, at least one is accepted; the clock accepts all of them."),),
    part=Part.RETURNS,
    leads={S.INSPECTING: 1},
    place=Place.WAREHOUSE,
    carries=event_data.Found,
    said=_("passed the inspection"),
    said_by_clock=_("nobody inspected in time: taken as good"),
    about=About.PARCELS,
    has_photos=True,
)

REFER_INSPECTION: Final = Move(
    name="refer_inspection",
    label=_("Leave the goods to the platform"),
    who=frozenset({R.CLOCK}),
    sources=(S.INSPECTING,),
    targets=(S.ARBITRATION,),
    guards=(guards.something_against_the_goods,),
    part=Part.RETURNS,
    carries=event_goods.Referred,
    said=_("nobody inspected in time, and something speaks against the goods: the platform decides"),
    about=About.PARCELS,
)

FAIL_INSPECTION: Final = Move(
    name="fail_inspection",
    label=_("Fail the inspection"),
    who=WAREHOUSE_STAFF,
    sources=(S.INSPECTING,),
    targets=(S.REJECTED,),
    needs=(_("Every received unit is judged, none accepted; a reason from the list, text and proof where it asks."),),
    is_cut_off=True,
    part=Part.RETURNS,
    place=Place.WAREHOUSE,
    carries=event_data.NotAccepted,
    said=_("failed the inspection"),
    about=About.PARCELS,
    has_photos=True,
)
