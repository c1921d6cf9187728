"""5,000 scans told three times, shuffled, before and after the carrier answered our wish: the same end as in order."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from aftersales.actions import cases, judging
from aftersales.models import Case, Deadline
from aftersales.rules.vocabulary import CaseType
from logistics import actions, hearing, subscriptions
from logistics.models import CarrierMessage, Parcel, ParcelEvent, Subscription
from orders.models import Buyer, Order
from tests.aftersales.conftest import people  # noqa: F401 - a fixture
from tests.aftersales.stages import stage
from tests.factories import NOON, opened, sold
from tests.logistics.telling import kuaidi100, push, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carriers")]
AT = NOON + timedelta(days=3)
ON_THE_WAY = ["揽收", "在途", "在途", "在途", "疑难", "在途", "派件"]
LIVES = {
    "signed": [*ON_THE_WAY, "疑难", "派件", "签收"],
    "refused": [*ON_THE_WAY, "拒签", "退回", "退签"],
    "returned later": [*ON_THE_WAY, "派件", "签收", "退签"],
    "twice signed": [*ON_THE_WAY, "派件", "签收", "签收"],
}


def waybills(count, shop, people):  # noqa: F811
    """So many parcels, out and back, some with a case that waits for them; none signed for."""
    base = sold(merchant=shop, buyer=Buyer.objects.get(pk=people.buyer.buyer_id), unsigned=True)
    for number in range(count):
        order = sold(merchant=shop, buyer=base.buyer, unsigned=True) if number % 5 == 0 else base
        kind = number % 10
        if kind == 0:
            case = opened(order, by=people.agent, type=CaseType.REFUND_ONLY)
            cases.approve(case.pk, by=people.merchant, at=NOON)
        way = "return" if kind % 2 else "outbound"
        parcel = Parcel.objects.create(merchant=shop, order=order, direction=way, carrier="SF", waybill=f"W{number}")
        subscriptions.ask_for(parcel, at=NOON)
    stage("return_in_transit", sold(merchant=shop, buyer=base.buyer), people)
    linked = Parcel.objects.filter(return_cases__isnull=False)
    return [*(f"W{number}" for number in range(count)), *linked.values_list("waybill", flat=True)]


def scans(numbers):
    """Each parcel lives one of the lives, a scan every two hours."""
    lives = list(LIVES.values())
    for index, number in enumerate(numbers):
        for step, word in enumerate(lives[index % len(lives)]):
            at = f"{timezone.localtime(NOON + timedelta(hours=2 * step)):%Y-%m-%d %H:%M:%S}"
            yield push(number, (word, at, f"{word} {step}"))


def sweep():
    while hearing.read_due(AT) or judging.judge_due(AT):
        pass


def end():
    """All that scans could have changed."""
    return {
        "parcels": list(Parcel.objects.order_by("pk").values_list("waybill", "status", "shipped_at", "signed_at")),
        "scans": sorted(ParcelEvent.objects.values_list("parcel__waybill", "digest")),
        "orders": list(Order.objects.order_by("pk").values_list("status", "shipped_at", "signed_at")),
        "cases": list(Case.objects.order_by("pk").values_list("status", "due_at", "version")),
        "deadlines": sorted(Deadline.objects.values_list("case_id", "kind", "status", "due_at")),
    }


def told_in_order(client, numbers):
    """The end when everything comes once, in order; then as if it had never been."""
    with transaction.atomic():
        subscriptions.perform_due(AT, limit=10_000)
        for message in scans(numbers):
            send(client, "kuaidi100", kuaidi100(message))
        sweep()
        found = end()
        transaction.set_rollback(True)
    return found


def told_shuffled(client, numbers, rng, reads=6):
    """Three times each: twice the very same bytes, once in another envelope; read now and then in between."""
    first = list(scans(numbers))
    every = [*first, *first, *({**message, "message": "again"} for message in first)]
    rng.shuffle(every)
    for number, message in enumerate(every):
        assert send(client, "kuaidi100", kuaidi100(message)).status_code == 200
        if number % (len(every) // reads) == 0:
            sweep()
        if number == len(every) // 2:
            subscriptions.perform_due(AT, limit=10_000)
    sweep()
    return end()


def told_both_ways(client, numbers, seed=1):
    return told_in_order(client, numbers), told_shuffled(client, numbers, random.Random(seed))


@pytest.mark.slow
def test_five_thousand_scans_three_times_in_any_order(client, shop, people, carriers):  # noqa: F811
    numbers = waybills(499, shop, people)

    in_order, shuffled = told_both_ways(client, numbers)

    assert len(list(scans(numbers))) == 5_000
    assert shuffled == in_order
    assert {status for _number, status, *_dates in in_order["parcels"]} == {"signed", "returned"}
    assert {"refunding", "intercepting"} <= {status for status, *_rest in in_order["cases"]}
    assert not CarrierMessage.objects.exclude(status="done").exists()
    assert set(Subscription.objects.values_list("status", flat=True)) == {"active"}


@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_parcels_in_other_orders(client, shop, people, seed):  # noqa: F811
    numbers = waybills(39, shop, people)

    in_order, shuffled = told_both_ways(client, numbers, seed)

    assert shuffled == in_order


def test_control_when_the_last_word_counts_the_end_depends_on_the_order(client, shop, people, monkeypatch):  # noqa: F811
    numbers = waybills(39, shop, people)
    monkeypatch.setattr(actions, "_earlier", lambda known, told: told)

    in_order, shuffled = told_both_ways(client, numbers)

    assert shuffled["parcels"] != in_order["parcels"]


def test_control_without_digests_scans_are_doubled(client, shop, people, monkeypatch):  # noqa: F811
    numbers = waybills(7, shop, people)
    serial = iter(range(1_000_000))
    monkeypatch.setattr(actions, "digest_of", lambda *_words: str(next(serial)))

    in_order, shuffled = told_both_ways(client, numbers)

    assert len(shuffled["scans"]) == 2 * len(in_order["scans"])
