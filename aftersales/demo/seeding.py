"""Puts the demo together: shops, people, plain orders, and stories that end shop the present cuts them."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from aftersales.actions.console import assignment
from aftersales.actions.disputes import guarantee
from aftersales.actions.replacements import stock_counts
from aftersales.demo import canned_texts, gateway_faults, people, phrases, sales, saved_lists
from aftersales.demo.catalogue import APPAREL, DIGITAL, HOME, SHOPS, Shop
from aftersales.demo.fixtures import DAY, HOUR, Fixtures
from aftersales.demo.people import Actors
from aftersales.demo.sales import OrderTimes, Sales
from aftersales.demo.stories import player, timetable
from aftersales.demo.stories.player import Player
from aftersales.models import Case, Policy
from aftersales.models.cases.open_cases import OUR_TURN
from orders.gateways import sandbox
from orders.models import Merchant

# One seed for all: the pictures in docs/screens and the tests of the demo count on the same stories.
SEED = 20260422
PLAIN_ORDERS = 120
# What each shop has paid into its guarantee account, in its own currency.
GUARANTEE = Decimal(20_000)
# user name, key of the team, cases; the rest stays in the queue, so that there is something to claim.
SHARES = (("agent", "style", 8), ("agent", "digital", 4), ("agent2", "digital", 5), ("senior", "style", 4))


@transaction.atomic
def seed(now: datetime) -> None:
    """Create the whole demo or nothing; the same code tells the same stories, dated back from `now`."""
    random = Random(SEED)  # noqa: S311 -- a story, not a secret
    # The payments of the demo have the same references each time; a bank that remembers an earlier one would refuse.
    sandbox.reset()
    merchants = sales.open_shops(SHOPS, now)
    actors = people.hire(merchants, now)
    _policies(merchants, now)
    _count_stock(actors, merchants, now)
    _pay_in(actors, merchants, now)
    seller = Sales(random, merchants)
    _plain_orders(seller, random, now)
    _play_stories({shop.code: Fixtures(shop, seller, actors, random) for shop in SHOPS}, now)
    _assign_some(actors, now)
    # After the stories: they draw from the same random numbers, and would come out otherwise with each new text.
    canned_texts.fill(actors, random, now)
    player.settle_down(now)
    saved_lists.fill(actors, now)


def _play_stories(fixtures: dict[str, Fixtures], now: datetime) -> None:
    played = Player(now)
    for shop, age, story in timetable.ENTRIES:
        played.add(story(fixtures[shop.code], now - age))
    played.play()
    # Last: each sends refunds with a fault switched on, which would strike those of other stories too.
    gateway_faults.unknown_outcome(fixtures[APPAREL.code], now - 27 * HOUR)
    gateway_faults.accepted_for_later(fixtures[HOME.code], now - 3 * HOUR)
    gateway_faults.reversed_by_bank(fixtures[DIGITAL.code], now - 51 * HOUR)
    gateway_faults.disputed_at_bank(fixtures[DIGITAL.code], now - 30 * HOUR)


CROSS_BORDER = "Cross-border parcels take longer; what is decided alone is in dollars."


def _policies(merchants: dict[str, Merchant], now: datetime) -> None:
    bulky = "大件商品，非质量问题退货收取 10% 折旧费；退款较大时由两名财务人员放款"
    _policy(HOME, merchants, now, restocking_percent=Decimal(10), authority_finance=Decimal(500), note=bulky)
    _policy(DIGITAL, merchants, now, currency=DIGITAL.currency, quality_days=30, receipt_days=14, note=CROSS_BORDER)


def _policy(shop: Shop, merchants: dict[str, Merchant], now: datetime, **numbers: Any) -> None:
    Policy.objects.create(
        name=shop.name, version=1, effective_from=now - 120 * DAY, merchant=merchants[shop.code], **numbers
    )


def _pay_in(actors: Actors, merchants: dict[str, Merchant], now: datetime) -> None:
    """Each shop has put money aside for what the platform may pay in its place; one would have some of it back."""
    by, at = actors["finance"], now - 90 * DAY
    for number, shop in enumerate(SHOPS, start=1):
        reference, merchant_id = f"ICBC-2026-{number:04}", merchants[shop.code].pk
        guarantee.pay_in(merchant_id, GUARANTEE, shop.currency, by=by, at=at, reference=reference)
    asked = merchants[HOME.code].pk
    guarantee.ask_withdrawal(asked, GUARANTEE / 4, HOME.currency, by=by, at=now - DAY, reference="ICBC-2026-0107")


def _count_stock(actors: Actors, merchants: dict[str, Merchant], now: datetime) -> None:
    """Most products are counted, the dearest are nearly gone, and the last one of a shop is not kept here."""
    for shop in SHOPS:
        for number, product in enumerate(shop.products[:-1], start=1):
            left = number % 3 if product.price > sales.COSTLY else 24 + 7 * number
            why = phrases.COUNTED[0 if shop.is_chinese else 1]
            by, at = actors["warehouse"], now - 60 * DAY
            merchant_id = merchants[shop.code].pk
            stock_counts.correct(merchant_id, product.sku, left, by=by, at=at, why=why, title=product.title)


def _plain_orders(seller: Sales, random: Random, now: datetime) -> None:
    """Orders that nobody complains about, spread over forty days."""
    for number in range(PLAIN_ORDERS):
        shop = random.choice(SHOPS)
        ordered_at = now - timedelta(hours=random.uniform(1, 40 * 24))
        shipped_at = ordered_at + timedelta(hours=random.uniform(8, 60))
        signed_at = shipped_at + timedelta(hours=random.uniform(30, 110))
        times = OrderTimes(ordered_at, shipped_at if shipped_at < now else None, signed_at if signed_at < now else None)
        seller.sell(shop, seller.basket(shop, dear=number % 9 == 0, many=number % 11 == 0), times)


def _assign_some(actors: Actors, now: datetime) -> None:
    """Give the agents their cases, those due first."""
    for username, team, number in SHARES:
        free = Case.objects.filter(OUR_TURN, assignee__isnull=True, team__name=people.TEAMS[team][0]).order_by(
            "due_at", "pk"
        )
        for case in list(free[: number * 2 : 2]):
            assignment.assign(case.pk, actors.users[username], by=actors["supervisor"], at=now)
