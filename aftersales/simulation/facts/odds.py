"""How likely which fact moves; numbers are weights against each other."""

from collections.abc import Callable
from datetime import datetime

from aftersales.simulation.behaviours.situation import Situation
from aftersales.simulation.facts import accounts, exports, parcels, people
from orders.models import Order

Fact = Callable[[Situation, Order, datetime], object]

# How often a fact moves before somebody looks at a case or asks for something.
SHARE = 0.4
FACTS: dict[Fact, int] = {
    parcels.on_the_way_out: 22, parcels.on_the_way_back: 14, parcels.told_again: 4,
    exports.read_again: 14, exports.refunded_elsewhere: 3,
    accounts.dispute: 3, accounts.decide: 4, accounts.owed: 8,
    people.tell_goods: 6, people.open_window: 2, people.goods_owed: 8, people.set_aside: 4, people.stray_parcel: 5,
}  # fmt: skip


def any_of(situation: Situation) -> Fact:
    """One of them."""
    return situation.random.choices(list(FACTS), weights=list(FACTS.values()))[0]
