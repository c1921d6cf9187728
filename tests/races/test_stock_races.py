"""The last unit on the shelf: however many ask for it at one moment, one gets it. With its control without locks."""

import pytest

from logistics import stock
from logistics.models import StockItem, StockMovement
from orders.refusals import Refused
from tests.factories import NOON
from tests.races.together import at_once, nothing_broken, pausing, refusals, unlock, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SKUS = [f"DRESS-{number}" for number in range(8)]


@pytest.fixture
def single(shop):
    """One unit of each of eight things."""
    for sku in SKUS:
        stock.correct(shop.pk, sku, 1, why="First count", by_id=None, at=NOON)
    return shop.pk


def two_want(merchant_id, sku):
    return at_once(
        *[lambda n=n: stock.reserve(merchant_id, sku, 1, reference=f"AS-26-00000{n}", at=NOON) for n in (1, 2)]
    )


def test_peer_27_two_people_ask_for_the_last_unit_and_one_wins(single, monkeypatch):
    pausing(monkeypatch, stock, "_move")

    for sku in SKUS:
        answers = two_want(single, sku)
        assert len(refusals(answers)) == 1
        assert [answer for answer in answers if answer is True] == [True]

    assert set(StockItem.objects.values_list("on_hand", "reserved")) == {(1, 1)}
    nothing_broken()


def test_control_without_locks_the_last_unit_is_promised_twice(single, monkeypatch):
    pausing(monkeypatch, stock, "_move")
    unlock(monkeypatch)

    with without("logistics_stockitem", "stock_reserved_is_on_hand"):
        for sku in SKUS:
            two_want(single, sku)
        reserved = set(StockItem.objects.values_list("reserved", flat=True))

    assert 2 in reserved


def test_the_databases_own_rule_holds_without_locks(single, monkeypatch):
    """Whatever the code forgets, the database promises the unit once."""
    pausing(monkeypatch, stock, "_move")
    unlock(monkeypatch)

    for sku in SKUS:
        two_want(single, sku)

    assert set(StockItem.objects.values_list("reserved", flat=True)) == {1}
    assert StockMovement.objects.filter(kind="reserve").count() == len(SKUS)


def test_goods_that_come_back_together_are_all_counted(shop):
    at_once(
        *[
            lambda n=n: stock.take_in(
                shop.pk, "NEW", 1, "restock", stock.MovementFacts(NOON, "warehouse", f"AS-26-00000{n}")
            )
            for n in range(8)
        ]
    )

    assert StockItem.objects.get().on_hand == 8
    nothing_broken()


def test_a_unit_is_sent_or_kept_but_not_both(single, monkeypatch):
    pausing(monkeypatch, stock, "_move")

    for sku in SKUS:
        stock.reserve(single, sku, 1, reference="AS-26-000001", at=NOON)
        fields = {"reference": "AS-26-000001", "at": NOON}
        answers = at_once(
            lambda sku=sku, fields=fields: stock.release(single, sku, 1, **fields),
            lambda sku=sku, fields=fields: stock.dispatch(single, sku, 1, **fields),
        )
        assert sorted(answers) == [False, True]

    assert not any(isinstance(answer, Refused) for answer in answers)
    nothing_broken()
