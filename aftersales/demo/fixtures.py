"""What every story needs: an order that fits, and people who speak the shop's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.conversation import messages
from aftersales.demo import phrases, pictures
from aftersales.demo.catalogue import Shop
from aftersales.demo.people import Actors
from aftersales.demo.sales import OrderTimes, Sales
from aftersales.models import Case, Reason
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import CaseType
from orders.models import Order, OrderLine

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Fixtures:
    """What the stories of one shop share: its orders, its people and its language."""

    shop: Shop
    sales: Sales
    actors: Actors
    random: Random

    def say(self, pair: tuple[str, str]) -> str:
        """The sentence in the shop's language."""
        return pair[0] if self.shop.is_chinese else pair[1]

    def any_of(self, pairs: Sequence[tuple[str, str]]) -> str:
        """One of the sentences in the shop's language."""
        return self.say(self.random.choice(pairs))

    @property
    def agent(self) -> Actor:
        """The agent who serves this shop."""
        return self.actors["agent" if self.shop.is_chinese else "agent2"]

    @property
    def decider(self) -> Actor:
        """Somebody who may agree to any sum: the merchant's own staff, or a supervisor where they have no login."""
        # The merchant of the third shop has no login: there a supervisor decides.
        logins = {"qinghe": "merchant", "northshore": "merchant2"}
        return self.actors[logins.get(self.shop.code, "supervisor")]

    def order(
        self, goods: str, start: datetime, *, dear: bool = False, many: bool = False, pair: bool = False
    ) -> Order:
        """An order whose goods are unshipped, shipped or signed when the story starts; late ones left too late."""
        times = _times(start, self.random.uniform)[goods]
        return self.sales.sell(self.shop, self.sales.basket(self.shop, dear=dear, many=many, pair=pair), times)

    def apply(
        self,
        order: Order,
        at: datetime,
        *,
        type: CaseType,
        reason: str,
        units: int | None = None,
        share: Decimal | None = None,
        by: Actor | None = None,
        position: int = 1,
        wanted: Callable[[OrderLine], Wanted] | None = None,
        **more: Any,
    ) -> Case:
        """The buyer asks for one line, all its units and money unless told otherwise; `more` is what a type needs."""
        why = Reason.objects.get(code=reason)
        line = order.lines.get(position=position)
        amount = (line.paid_amount * share).quantize(Decimal("0.01")) if share is not None else None
        asked = Application(
            order_id=order.pk,
            type=type,
            reason=why,
            lines={line.pk: wanted(line) if wanted else Wanted(units or line.quantity, amount)},
            description=self.say(phrases.WISHES[reason]),
            photos=self.photos(line.sku, 2) if why.needs_photo else (),
            **more,
        )
        return decisions.apply(asked, by=by or actor.buyer(order.buyer_id), at=at)

    def photos(self, sku: str, count: int, *, has_fault: bool = True) -> list[Photo]:
        """Photos of a product of this shop."""
        shape = next((product.shape for product in self.shop.products if product.sku == sku), "square")
        return [pictures.shot(shape, self.random, has_fault=has_fault and not number) for number in range(count)]

    def buyer(self, case: Case) -> Actor:
        """Who asked."""
        return actor.buyer(case.buyer_id)

    def greet(self, case: Case, at: datetime) -> None:
        """The agent answers within the promised minutes."""
        messages.send(case.pk, self.any_of(phrases.GREETING), by=self.agent, at=at)

    def chat(self, case: Case, pair: tuple[str, str] | str, at: datetime, *, by: Actor | None = None) -> None:
        """Somebody writes into the thread; the buyer unless told otherwise."""
        messages.send(case.pk, pair if isinstance(pair, str) else self.say(pair), by=by or self.buyer(case), at=at)


def _times(start: datetime, hours: Callable[[float, float], float]) -> dict[str, OrderTimes]:
    # All are drawn, whichever is taken: so each order takes as many random numbers as the next.
    return {
        "unshipped": OrderTimes(start - hours(5, 60) * HOUR),
        "shipped": OrderTimes(start - hours(60, 90) * HOUR, start - hours(20, 44) * HOUR),
        "signed": OrderTimes(
            start - hours(120, 170) * HOUR, start - hours(80, 110) * HOUR, start - hours(6, 70) * HOUR
        ),
        "late": OrderTimes(start - 170 * HOUR, start - hours(90, 110) * HOUR, start - hours(6, 70) * HOUR),
    }
