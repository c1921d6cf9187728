"""Two people and the same goods that go back: one parcel. With its control without locks."""

from functools import partial

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.returns import receipts
from aftersales.actions.returns.goods import goods_back
from aftersales.models import Event, GoodsOwed, Notice
from logistics.parcels import tracking
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened, sold
from tests.races.together import at_once, locks, nothing_broken, patiently, pausing, refusals, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def lying_here(shop, people):
    """Two units of a return that was withdrawn after they had arrived."""
    case = opened(sold(merchant=shop), by=people.agent, reason="agreed")
    decisions.approve(case.pk, by=people.agent, at=NOON)
    receipts.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 2})
    decisions.withdraw(case.pk, by=people.agent, at=NOON + HOUR)
    return GoodsOwed.objects.get(case=case)


@locks
def test_two_people_send_the_same_goods(locked, shop, people, monkeypatch):
    rows = [lying_here(shop, people) for _row in range(10 if locked else 5)]
    pausing(monkeypatch, tracking, "announce_outbound")
    if not locked:
        unlock(monkeypatch)

    def sending(row, by, waybill):
        send = partial(goods_back.send, row.pk, by=by, at=NOON + 2 * HOUR, carrier="SF")
        return patiently(partial(send, waybill=f"{waybill}{row.pk}"))

    answers = [
        at_once(partial(sending, row, people.warehouse, "A"), partial(sending, row, people.supervisor, "B"))
        for row in rows
    ]

    sent = Event.objects.filter(action="send_goods_back").count()
    if not locked:
        assert sent > len(rows), "without locks somebody must have sent them twice, or this race proves nothing"
        return
    assert [len(refusals(pair)) for pair in answers] == [1] * len(rows)
    assert sent == len(rows) == Notice.objects.filter(action="send_goods_back", recipient="buyer").count()
    assert GoodsOwed.objects.filter(outcome="sent", parcel__isnull=False).count() == len(rows)
    nothing_broken()
