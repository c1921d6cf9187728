"""Where goods are: every status word of every source, with and without its dates."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from aftersales.rules.cases.return_window import goods_state
from aftersales.rules.vocabulary import GoodsState
from orders.importers import SOURCES
from orders.importers.sources import statuses
from orders.models import Order
from orders.models.goods import DATING, Moments, Told, ToldBy, delivered, dispatched, gives_way
from orders.models.order import OrderStatus

ORDERED = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
SHIPPED, SIGNED, COMPLETED = (ORDERED + timedelta(days=days) for days in (1, 4, 5))
NOW = ORDERED + timedelta(days=20)
# By hand, and not from the tables of the importers: what each word says to who reads it.
ARRIVED = {"完成", "已完成", "交易成功", "已收货", "已签收", "delivered"}
ON_THE_WAY = {
    "等待确认收货", "等待收货", "已出库", "已发货", "配送", "部分发货", "卖家已发货", "等待买家确认", "待收货",
    "待签收", "已发货退款成功", "shipped",
}  # fmt: skip
WORDS = [(name, word) for name, source in SOURCES.items() for word in getattr(source, "words", {})]


def order(status, **dates):
    return Order(status=status, ordered_at=ORDERED, facts_as_of=max([ORDERED, *dates.values()]), **dates)


def expected(word, dates):
    if word in ARRIVED or "signed_at" in dates:
        return GoodsState.SIGNED
    return GoodsState.SHIPPED if word in ON_THE_WAY or "shipped_at" in dates else GoodsState.UNSHIPPED


@pytest.mark.parametrize(("source", "word"), WORDS)
def test_every_status_word_places_the_goods_whatever_dates_are_told(source, word):
    status = statuses.found(word, SOURCES[source].words)
    told = {"shipped_at": SHIPPED, "signed_at": SIGNED, "completed_at": COMPLETED}

    for kept in product((False, True), repeat=len(told)):
        dates = {name: at for (name, at), is_kept in zip(told.items(), kept, strict=True) if is_kept}
        assert goods_state(order(status, **dates), NOW) == expected(word, dates), dates


def test_there_are_words_to_try():
    assert len({name for name, _ in WORDS}) >= 4


@pytest.mark.parametrize(
    ("status", "dates", "at", "by"),
    [
        ("completed", {"signed_at": SIGNED, "completed_at": COMPLETED}, SIGNED, ToldBy.IMPORT),
        ("paid", {"signed_at": SIGNED}, SIGNED, ToldBy.IMPORT),
        ("completed", {"completed_at": COMPLETED}, COMPLETED, ToldBy.COMPLETION),
        ("signed", {"shipped_at": SHIPPED}, SHIPPED, ToldBy.STATUS),
        ("completed", {}, ORDERED, ToldBy.STATUS),
    ],
)
def test_a_delivery_is_dated_by_the_best_that_is_told(status, dates, at, by):
    fact = order(status, **dates).delivered

    assert (fact.at, fact.by) == (at, by)


@pytest.mark.parametrize("status", [OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.CANCELLED, OrderStatus.SHIPPED])
def test_completion_is_no_delivery_where_the_status_tells_of_none(status):
    assert order(status, completed_at=COMPLETED).delivered is None


@pytest.mark.parametrize("by", DATING)
def test_a_date_names_who_told_it_whatever_else_is_told(by):
    told = order("completed", shipped_at=SHIPPED, signed_at=SIGNED, completed_at=COMPLETED)
    told.shipped_told_by = told.signed_told_by = by

    assert (told.dispatched, told.delivered) == (Told(SHIPPED, by), Told(SIGNED, by))


def test_who_stands_above_is_believed_and_the_same_one_may_correct():
    ranked = list(enumerate(DATING))

    assert {(known, to): gives_way(known, to) for _, known in ranked for _, to in ranked} == {
        (known, to): rank_to <= rank for rank, known in ranked for rank_to, to in ranked
    }
    assert all(gives_way("", to) for to in DATING)


@pytest.mark.parametrize(("status", "is_silent"), [("paid", True), ("shipped", True), ("cancelled", False)])
def test_where_goods_are_is_unknown_when_nobody_has_said_for_long(status, is_silent):
    told = order(status, shipped_at=SHIPPED)

    assert not told.is_silent(SHIPPED + timedelta(days=30))
    assert told.is_silent(SHIPPED + timedelta(days=30, minutes=1)) is is_silent


def test_goods_that_somebody_has_heard_of_or_that_have_arrived_are_known():
    heard, arrived = order("shipped", shipped_at=SHIPPED), order("completed", shipped_at=SHIPPED)
    heard.goods_told_at = NOW

    assert not heard.is_silent(NOW + timedelta(days=30))
    assert not arrived.is_silent(NOW + timedelta(days=3000))


def test_what_has_arrived_has_left():
    for status, dates in product(OrderStatus.values, product((None, SHIPPED), (None, SIGNED), (None, COMPLETED))):
        told = Moments(status, *dates, last=ORDERED)
        assert delivered(told) is None or dispatched(told) is not None
