"""Goods of the buyer that nobody keeps, and what their ways cost: acts that wait for no state of the case."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import PARTIES, About, Act
from aftersales.rules import event_goods, event_money
from aftersales.rules.permissions import AGENTS, AGENTS_AND_PARTIES, WAREHOUSE_STAFF
from aftersales.rules.vocabulary import Role

R = Role

SET_ASIDE: Final = Act(
    name="set_aside_goods",
    label=_("Set goods aside"),
    who=WAREHOUSE_STAFF,
    carries=event_goods.OfGoods,
    said=_("set goods aside that the case does not take"),
    about=About.PARCELS,
    has_photos=True,
    needs=(_("Units of the order that the case does not take any more, or what else was in the parcel."),),
)
OWE_GOODS: Final = Act(
    name="owe_goods",
    label=_("Goods go back to the buyer"),
    carries=event_goods.OfGoods,
    said=_("goods of the buyer are with us: they go back"),
    said_by_clock=_("goods of the buyer are still with us: they go back"),
    about=About.PARCELS,
    tells=PARTIES,
)
SEND_GOODS_BACK: Final = Act(
    name="send_goods_back",
    label=_("Send the goods back"),
    who=WAREHOUSE_STAFF,
    carries=event_goods.OfGoods,
    said=_("sent goods back to the buyer"),
    about=About.PARCELS,
    tells=PARTIES,
    needs=(_("A waybill of its own; nobody has sent them yet."),),
)
GIVE_UP_GOODS: Final = Act(
    name="give_up_goods",
    label=_("Left by the buyer"),
    who=AGENTS,
    carries=event_goods.OfGoods,
    said=_("recorded that the buyer leaves the goods to us"),
    about=About.PARCELS,
    tells=PARTIES,
    needs=(_("How the buyer said so."),),
)
CLAIM_RETURN_FREIGHT: Final = Act(
    name="claim_return_freight",
    label=_("Return freight paid by the buyer"),
    who=AGENTS_AND_PARTIES,
    carries=event_money.Amount,
    said=_("put on record what the buyer paid for the way back"),
    about=About.MONEY,
    has_photos=True,
    tells=(R.MERCHANT,),
    needs=(_("The merchant pays the way back; the carrier's receipt; up to the ceiling of the policy, once."),),
)
MISS_GOODS: Final = Act(
    name="miss_goods",
    label=_("Goods to send back are overdue"),
    who=frozenset({R.CLOCK}),
    carries=event_goods.OfGoods,
    said=_("goods of the buyer were not sent back in time"),
    said_by_clock=_("goods of the buyer were not sent back in time: a supervisor sees it"),
    about=About.PARCELS,
    tells=(R.MERCHANT,),
)
