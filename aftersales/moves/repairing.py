"""Repairing what came back: diagnosed, quoted, sent to a repairer, repaired, or given up."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import About, Move, Part
from aftersales.rules import event_data, event_goods, event_money, guards
from aftersales.rules.permissions import AGENTS_AND_BUYER, AGENTS_AND_MERCHANT, WAREHOUSE_STAFF
from aftersales.rules.refunds import second_person
from aftersales.rules.vocabulary import Role, Status

R, S = Role, Status

DIAGNOSE: Final = Move(
    name="diagnose",
    label=_("Record the diagnosis"),
    who=WAREHOUSE_STAFF | AGENTS_AND_MERCHANT,
    sources=(S.REPAIRING,),
    needs=(_("What is broken, who repairs it, and its price for the buyer."),),
    part=Part.REPAIRS,
    leads={S.REPAIRING: 3},
    done=_("The diagnosis is on record."),
    said=_("recorded the diagnosis"),
)

QUOTE_REPAIR: Final = Move(
    name="quote_repair",
    label=_("Quote the repair"),
    who=AGENTS_AND_MERCHANT,
    sources=(S.REPAIRING,),
    targets=(S.PENDING_BUYER,),
    guards=(guards.diagnosed,),
    needs=(_("A price; a paid repair needs the buyer's consent."),),
    part=Part.REPAIRS,
    done=_("The buyer is asked."),
    carries=event_money.Amount,
    said=_("asked the buyer to pay for the repair"),
    about=About.MONEY,
)

SEND_TO_REPAIRER: Final = Move(
    name="send_to_repairer",
    label=_("Send to the repairer"),
    who=WAREHOUSE_STAFF | AGENTS_AND_MERCHANT,
    sources=(S.REPAIRING,),
    guards=(guards.diagnosed,),
    part=Part.REPAIRS,
    done=_("Sent off."),
    carries=event_goods.ParcelSent,
    said=_("sent the goods to the repairer"),
    about=About.PARCELS,
)

BACK_FROM_REPAIRER: Final = Move(
    name="back_from_repairer",
    label=_("Back from the repairer"),
    who=WAREHOUSE_STAFF | AGENTS_AND_MERCHANT,
    sources=(S.REPAIRING,),
    guards=(guards.at_the_repairer,),
    part=Part.REPAIRS,
    leads={S.REPAIRING: 2},
    done=_("It is back."),
    carries=event_goods.ParcelSent,
    said=_("has the goods back from the repairer"),
    about=About.PARCELS,
)

FINISH_REPAIR: Final = Move(
    name="finish_repair",
    label=_("Repaired"),
    who=WAREHOUSE_STAFF | AGENTS_AND_MERCHANT,
    sources=(S.REPAIRING,),
    targets=(S.AWAITING_DISPATCH,),
    guards=(guards.diagnosed, guards.repair_is_here),
    needs=(_("What was done."),),
    part=Part.REPAIRS,
    leads={S.REPAIRING: 1},
    done=_("Repaired: now dispatch it."),
    said=_("finished the repair"),
)

FAIL_REPAIR: Final = Move(
    name="fail_repair",
    label=_("Repair failed"),
    who=WAREHOUSE_STAFF | AGENTS_AND_MERCHANT,
    sources=(S.REPAIRING,),
    guards=(guards.diagnosed, guards.repair_is_here),
    needs=(_("Why it failed."),),
    part=Part.REPAIRS,
    done=_("On record."),
    is_danger=True,
    said=_("could not repair it"),
)

OFFER_CHOICE: Final = Move(
    name="offer_choice",
    label=_("Offer exchange or refund"),
    who=frozenset({R.CLOCK}),
    sources=(S.REPAIRING,),
    part=Part.REPAIRS,
    said=_("the buyer may choose: exchange or refund"),
    said_by_clock=_("the repair took too long: the buyer may choose an exchange or the money"),
)

CHOOSE_EXCHANGE: Final = Move(
    name="choose_exchange",
    label=_("Take an exchange instead"),
    who=AGENTS_AND_BUYER,
    sources=(S.REPAIRING,),
    targets=(S.AWAITING_DISPATCH,),
    guards=(guards.choice_open, second_person.within_authority),
    decides_sum=True,
    part=Part.REPAIRS,
    done=_("It becomes an exchange."),
    carries=event_data.Decided,
    said=_("chose an exchange instead of the repair"),
)

CHOOSE_REFUND: Final = Move(
    name="choose_refund",
    label=_("Take the money instead"),
    who=AGENTS_AND_BUYER,
    sources=(S.REPAIRING,),
    targets=(S.REFUNDING,),
    guards=(guards.choice_open, second_person.within_authority),
    decides_sum=True,
    part=Part.REPAIRS,
    shows_outcome=True,
    done=_("The money goes back."),
    carries=event_data.Decided,
    said=_("chose the money instead of the repair"),
)
