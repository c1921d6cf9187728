"""Each fact of the simulation moves something on a desk at work, and leaves everything that must hold holding."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction

from aftersales.actions.returns import scan_processing
from aftersales.models import OpenedWindow, PaymentDispute
from aftersales.rules.vocabulary import Role, Status
from aftersales.simulation import actors
from aftersales.simulation.behaviours.situation import Situation
from aftersales.simulation.facts import accounts, exports, odds, parcels
from logistics.models import Parcel, ParcelEvent, UnidentifiedParcel
from orders.gateways.sandbox import books
from orders.models import Order, OrderLine
from orders.refusals import Refused
from tests.aftersales.stages import DAY, broken, stage
from tests.factories import NOON, sold

pytestmark = pytest.mark.django_db
STAGED = (Status.PENDING_MERCHANT, Status.RETURN_IN_TRANSIT, Status.INSPECTING, Status.CLOSED, Status.COMPLETED)


@pytest.fixture
def situation(people):
    random = Random(5)
    return Situation(actors.gather(random), random)


@pytest.fixture
def orders(shop, people, buyer, order):
    """Of each state one, an unshipped one, and one on its way."""
    found = [sold(merchant=shop, buyer=order.buyer, payments=[("card", 60), ("balance", 50)]) for _stage in STAGED]
    for one, state in zip(found, STAGED, strict=True):
        stage(state, one, people)
    fresh = [sold(merchant=shop, buyer=order.buyer, unshipped=True) for _number in range(2)]
    parcels.depart(fresh[0], NOON)
    return [*found, *fresh]


def test_each_fact_moves_something_and_breaks_nothing(situation, orders):
    done, at = Counter(), NOON + DAY
    for number in range(25):
        for fact in odds.FACTS:
            at += timedelta(minutes=5)
            try:
                with transaction.atomic():
                    fact(situation, Order.objects.get(pk=orders[number % len(orders)].pk), at)
                done[fact.__name__] += 1
            except Refused as refused:
                assert refused.sentence
        scan_processing.process_due(at)

    assert set(done) == {fact.__name__ for fact in odds.FACTS}
    assert len(set(ParcelEvent.objects.filter(recorded_by="SIM").values_list("status", flat=True))) > 5
    assert OrderLine.objects.filter(amount_elsewhere__gt=0).exists()
    assert Order.objects.filter(facts_as_of__gt=NOON).exists()
    assert OpenedWindow.objects.exists()
    assert UnidentifiedParcel.objects.exists()
    assert PaymentDispute.objects.filter(ended_at__isnull=False).exists()
    assert broken() == []


def test_an_export_read_again_as_it_was_changes_nothing(orders):
    before = Order.objects.values().get(pk=orders[0].pk)

    exports.store_again(Order.objects.get(pk=orders[0].pk), NOON + DAY)

    now = Order.objects.values().get(pk=orders[0].pk)
    changed = {name for name in now if now[name] != before[name]}
    assert changed == {"facts_as_of", "facts_digest"}


def test_a_departure_is_a_parcel_and_a_scan(orders):
    scan_processing.process_due(NOON + DAY)

    on_its_way = Order.objects.get(pk=orders[-2].pk)
    assert (on_its_way.status, on_its_way.shipped_at, on_its_way.shipped_told_by) == ("shipped", NOON, "scan")
    assert Parcel.objects.get(order=on_its_way).status == "in_transit"


def test_accounts_run_dry_and_are_filled_again(situation, shop):
    dry = 0
    for day in range(40):
        accounts.another_day(situation, NOON + day * DAY)
        dry += bool(books.balances())
        assert books.balances().keys() == situation.dry_until.keys()

    assert 0 < dry < 40
    assert Role.FINANCE in situation.away_until
    assert situation.is_away(Role.FINANCE, situation.away_until[Role.FINANCE] - timedelta(hours=1))
    assert not situation.is_away(Role.FINANCE, situation.away_until[Role.FINANCE])
    accounts.fill_again(situation)
    assert books.balances() == {}
