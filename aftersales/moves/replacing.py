"""Sending something to the buyer: dispatched, sent once more, received, or money instead."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import About, Move, Part
from aftersales.rules import event_data, event_goods, guards
from aftersales.rules.cases import chains
from aftersales.rules.permissions import AGENTS_AND_BUYER, AGENTS_AND_MERCHANT, WAREHOUSE_STAFF
from aftersales.rules.refunds import second_person
from aftersales.rules.vocabulary import Role, Status

R, S = Role, Status

DISPATCH: Final = Move(
    name="dispatch",
    label=_("Dispatch"),
    who=WAREHOUSE_STAFF,
    sources=(S.AWAITING_DISPATCH,),
    targets=(S.AWAITING_RECEIPT,),
    guards=(guards.difference_settled,),
    needs=(_("A waybill."),),
    part=Part.SENDS,
    leads={S.AWAITING_DISPATCH: 1},
    done=_("It is on its way."),
    carries=event_goods.ParcelSent,
    said=_("dispatched the goods"),
    about=About.PARCELS,
)

GIVE_MONEY_INSTEAD: Final = Move(
    name="give_money_instead",
    label=_("Give the money instead"),
    who=AGENTS_AND_MERCHANT | {R.WAREHOUSE, R.CLOCK},
    sources=(S.AWAITING_DISPATCH,),
    targets=(S.REFUNDING, S.AWAITING_RETURN),
    decide=chains.after_failed_replacement,
    guards=(guards.return_address_known, second_person.within_authority),
    decides_sum=True,
    part=Part.SENDS,
    leads={S.AWAITING_DISPATCH: 2},
    done=_("The money goes back."),
    is_danger=True,
    carries=event_data.Decided,
    said=_("gives the money instead"),
    said_by_clock=_("nothing was dispatched in time: the paid price goes back"),
    about=About.MONEY,
)

SEND_AGAIN: Final = Move(
    name="send_again",
    label=_("Send again"),
    who=WAREHOUSE_STAFF | AGENTS_AND_MERCHANT | {R.CARRIER},
    sources=(S.AWAITING_RECEIPT,),
    targets=(S.AWAITING_DISPATCH,),
    part=Part.SENDS,
    done=_("It is dispatched once more."),
    said=_("has to send the goods again"),
    about=About.PARCELS,
)

CONFIRM_RECEIPT: Final = Move(
    name="confirm_receipt",
    label=_("Confirm the receipt"),
    who=AGENTS_AND_BUYER | {R.CLOCK},
    sources=(S.AWAITING_RECEIPT,),
    targets=(S.COMPLETED, S.REFUNDING, S.AWAITING_RETURN),
    decide=chains.after_receipt,
    guards=(guards.signed_before_the_clock,),
    part=Part.SENDS,
    leads={S.AWAITING_RECEIPT: 1},
    done=_("Received."),
    said=_("confirmed the receipt"),
    said_by_clock=_("signed for and not objected to: taken as received"),
    about=About.PARCELS,
)
