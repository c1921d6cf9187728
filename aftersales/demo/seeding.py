"""Puts the demo together: shops, people, plain orders, and stories that end where the present cuts them."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from aftersales.actions.console import assignment
from aftersales.actions.replacements import stock_counts
from aftersales.demo import canned_texts, finale, lists, people, phrases, script, shop
from aftersales.demo.catalogue import APPAREL, DIGITAL, HOME, SHOPS
from aftersales.demo.fixtures import DAY, HOUR, Fixtures
from aftersales.demo.people import Actors
from aftersales.demo.shop import Fate, Till
from aftersales.demo.stage import Stage, settle_down
from aftersales.models import Case, Policy
from aftersales.models.cases.open_cases import OUR_TURN
from orders.gateways import sandbox
from orders.models import Merchant

SEED = 20260422
PLAIN_ORDERS = 120
SHARES = (("agent", "style", 8), ("agent", "digital", 4), ("agent2", "digital", 5), ("senior", "style", 4))


@transaction.atomic
def seed(now: datetime) -> None:
    """Create the whole demo or nothing; the same code tells the same stories, dated back from `now`."""
    random = Random(SEED)  # noqa: S311 -- a story, not a secret
    # The payments of the demo have the same references each time; a bank that remembers an earlier one would refuse.
    sandbox.reset()
    merchants = shop.open_shops(SHOPS)
    actors = people.hire(merchants, now)
    _policies(merchants, now)
    _count_stock(actors, merchants, now)
    till = Till(random, merchants)
    _plain_orders(till, random, now)
    scenes = {each.code: Fixtures(each, till, actors, random) for each in SHOPS}
    stage = Stage(now)
    for where, age, tell in script.parts():
        stage.enter(tell(scenes[where.code], now - age))
    stage.play()
    finale.doubtful(scenes[APPAREL.code], now - 27 * HOUR)
    finale.promised(scenes[HOME.code], now - 3 * HOUR)
    finale.taken_back(scenes[DIGITAL.code], now - 51 * HOUR)
    _share_out(actors, now)
    # After the stories, which the same numbers tell each time.
    canned_texts.fill(actors, random, now)
    settle_down(now)
    lists.keep(actors, now)


def _policies(merchants: dict[str, Merchant], now: datetime) -> None:
    since = now - 120 * DAY
    Policy.objects.create(
        name=HOME.name,
        version=1,
        effective_from=since,
        merchant=merchants[HOME.code],
        restocking_percent=Decimal(10),
        note="大件商品，非质量问题退货收取 10% 折旧费",
    )
    Policy.objects.create(
        name=DIGITAL.name,
        version=1,
        effective_from=since,
        merchant=merchants[DIGITAL.code],
        quality_days=30,
        receipt_days=14,
        note="Cross-border parcels take longer.",
    )


def _count_stock(actors: Actors, merchants: dict[str, Merchant], now: datetime) -> None:
    """Most products are counted, the dearest are nearly gone, and the last one of a shop is not kept here."""
    for where in SHOPS:
        for number, product in enumerate(where.products[:-1], start=1):
            left = number % 3 if product.price > shop.COSTLY else 24 + 7 * number
            why = phrases.COUNTED[0 if where.is_chinese else 1]
            by, at = actors["warehouse"], now - 60 * DAY
            merchant_id = merchants[where.code].pk
            stock_counts.correct(merchant_id, product.sku, left, by=by, at=at, why=why, title=product.title)


def _plain_orders(till: Till, random: Random, now: datetime) -> None:
    """Orders that nobody complains about, spread over forty days."""
    for number in range(PLAIN_ORDERS):
        where = random.choice(SHOPS)
        ordered_at = now - timedelta(hours=random.uniform(1, 40 * 24))
        shipped_at = ordered_at + timedelta(hours=random.uniform(8, 60))
        signed_at = shipped_at + timedelta(hours=random.uniform(30, 110))
        fate = Fate(ordered_at, shipped_at if shipped_at < now else None, signed_at if signed_at < now else None)
        till.sell(where, till.basket(where, dear=number % 9 == 0, many=number % 11 == 0), fate)


def _share_out(actors: Actors, now: datetime) -> None:
    """Give the agents their cases, those due first."""
    for username, team, number in SHARES:
        free = Case.objects.filter(OUR_TURN, assignee__isnull=True, team__name=people.TEAMS[team][0]).order_by(
            "due_at", "pk"
        )
        for case in list(free[: number * 2 : 2]):
            assignment.assign(case.pk, actors.users[username], by=actors["supervisor"], at=now)
