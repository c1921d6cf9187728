"""The facts around a simulation: orders to complain about, addresses, parcels that move on."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from aftersales.simulation.facts import parcels
from logistics import stock
from logistics.models import ReturnAddress
from orders.models import Merchant, Order, OrderLine
from orders.models.order import OrderStatus
from orders.refusals import Refused

DAY = timedelta(days=1)
REACH = 45 * DAY  # how old an order may be that somebody complains about
WINDOW = timedelta(days=8)  # while most return windows are open
TRIES = 4  # to find an order whose window is open
STOCKED = 400  # orders whose goods may have a stock count

# The stretch in which most orders were signed for, with the week before it in which windows open.
BUSIEST = """
WITH days AS (
    SELECT date_trunc('day', coalesce(signed_at, shipped_at, ordered_at)) AS day, count(*) AS number
    FROM orders_order GROUP BY 1
)
SELECT first.day FROM days first
JOIN days other ON other.day >= first.day AND other.day < first.day + %s * interval '1 day'
GROUP BY first.day ORDER BY sum(other.number) DESC, first.day LIMIT 1
"""


class NoOrders(LookupError):
    """There is nothing to complain about."""


def busiest_start(days: int) -> datetime:
    """Midnight of the day from which the most orders fall into the time played; NoOrders."""
    with connection.cursor() as cursor:
        cursor.execute(BUSIEST, [days])
        row = cursor.fetchone()
    if row is None:
        raise NoOrders
    return midnight(timezone.localdate(row[0]))


def midnight(day: date) -> datetime:
    """The beginning of a day where the shop is."""
    return datetime.combine(day, time(0), timezone.get_default_timezone())


@dataclass
class World:
    """Orders by the time they were made; those of the last weeks are complained about."""

    random: Random
    times: list[datetime] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    complained: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, start: datetime, days: int, random: Random) -> "World":
        """The orders that matter between start and end; every merchant gets an address for returns."""
        world = cls(random)
        for ordered_at, pk in _orders_between(start - REACH, start + days * DAY):
            world.times.append(ordered_at)
            world.ids.append(pk)
        _give_addresses()
        world._count_stock(start)
        return world

    def _count_stock(self, at: datetime) -> None:
        """Of some goods there is a count, and it is small: exchanges meet an empty shelf."""
        lines = OrderLine.objects.filter(order__in=self.ids[:STOCKED], sku__gt="").order_by("pk")
        for merchant_id, sku in lines.values_list("order__merchant_id", "sku").distinct():
            if self.random.random() < 0.3:
                name = f"{sku}-OTHER" if self.random.random() < 0.6 else sku
                # What cases have reserved is counted as it is.
                with suppress(Refused):
                    stock.correct(merchant_id, name, self.random.randint(0, 3), why="as simulated", by_id=None, at=at)

    def recent_order(self, at: datetime) -> Order | None:
        """An order of the last weeks, mostly one whose window is still open; some are complained about again."""
        if self.complained and self.random.random() < 0.3:
            return _order(self.random.choice(self.complained[-60:]))
        first, last = bisect_left(self.times, at - REACH), bisect_right(self.times, at)
        if first == last:
            return None
        for _try in range(TRIES):
            place = first + int((last - first) * self.random.betavariate(2, 1.2))
            order = _order(self.ids[min(place, last - 1)])
            if order.signed_at is None or order.signed_at > at - WINDOW:
                break
        self.complained.append(order.pk)
        return order

    def move_parcels(self, at: datetime) -> int:
        """Ship some of what was paid days ago, deliver some of what is under way."""
        late = Order.objects.filter(ordered_at__gt=at - REACH, cancelled_at__isnull=True)
        unshipped = late.filter(status=OrderStatus.PAID, shipped_at__isnull=True, ordered_at__lt=at - 2 * DAY)
        unsigned = late.filter(Q(status=OrderStatus.SHIPPED), signed_at__isnull=True, shipped_at__lt=at - 3 * DAY)
        # Drawn before anything moves: what is shipped today is not signed for today.
        shipped, signed = self._some(unshipped), self._some(unsigned)
        for order in shipped:
            parcels.depart(order, at)
        for order in signed:
            parcels.arrive(order, at)
        return len(shipped) + len(signed)

    def _some(self, orders: QuerySet[Order]) -> list[Order]:
        return [order for order in orders.select_related("merchant").order_by("pk") if self.random.random() < 0.3]


def _orders_between(since: datetime, until: datetime) -> Iterable[tuple[datetime, int]]:
    orders = Order.objects.filter(
        ordered_at__gt=since, ordered_at__lt=until, cancelled_at__isnull=True, lines__isnull=False
    )
    return orders.distinct().order_by("ordered_at", "pk").values_list("ordered_at", "pk")


def _order(pk: int) -> Order:
    return Order.objects.select_related("buyer", "merchant").get(pk=pk)


def _give_addresses() -> None:
    # Without one no return can be agreed to.
    without = Merchant.objects.filter(return_addresses__isnull=True).order_by("pk")
    ReturnAddress.objects.bulk_create(map(_address, without))


def _address(merchant: Merchant) -> ReturnAddress:
    return ReturnAddress(
        merchant=merchant,
        label=f"Returns {merchant.code}"[:100],
        contact="Returns desk",
        phone="13800000000",
        region="-",
        address="-",
        is_default=True,
    )
