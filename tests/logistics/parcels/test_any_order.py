"""Scans told three times, shuffled, before and after the carrier answered our wish: the same end as in order."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.returns import scan_processing, shipments
from aftersales.models import Case, Deadline
from aftersales.rules.vocabulary import CaseType
from logistics.messages import parsing, subscriptions
from logistics.models import CarrierMessage, Parcel, ParcelEvent, Subscription
from logistics.parcels import tracking
from tests import counts
from tests.factories import NOON, opened, sold
from tests.logistics.telling import kuaidi100, push, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("carriers")]
PARCELS = counts.of(sample=50, long=500)  # of ten scans each
FEWER = counts.of(sample=20, long=40)
AT = NOON + timedelta(days=3)
CUTS = (((0, 3), (3, 10)), ((0, 8), (8, 10)), ((0, 1), (1, 5), (5, 10)))
ON_THE_WAY = ["揽收", "在途", "在途", "在途", "疑难", "在途", "派件"]
LIVES = {
    "signed": [*ON_THE_WAY, "疑难", "派件", "签收"],
    "refused": [*ON_THE_WAY, "拒签", "退回", "退签"],
    "returned later": [*ON_THE_WAY, "派件", "签收", "退签"],
    "twice signed": [*ON_THE_WAY, "派件", "签收", "签收"],
}


def waybills(count, mark, agent):
    """So many parcels of a shop, out and back, some with a case that waits for them; none signed for."""
    base = sold(unsigned=True)
    for number in range(count):
        order = sold(merchant=base.merchant, buyer=base.buyer, unsigned=True) if number % 5 == 0 else base
        waybill, kind = f"{mark}{number}", number % 10
        if kind == 5 and number < 50:
            shipped_back(order, waybill, agent)
            continue
        if kind == 0:
            case = opened(order, by=agent, type=CaseType.REFUND_ONLY)
            decisions.approve(case.pk, by=agent, at=NOON)
        way = "return" if kind % 2 else "outbound"
        parcel = Parcel.objects.create(
            merchant=base.merchant, order=order, direction=way, carrier="SF", waybill=waybill
        )
        subscriptions.request(parcel, at=NOON)
    return [f"{mark}{number}" for number in range(count)]


def shipped_back(order, waybill, agent):
    """A case whose goods are on their way back."""
    case = opened(order, by=agent)
    decisions.approve(case.pk, by=agent, at=NOON)
    shipments.ship(case.pk, by=agent, at=NOON, carrier="SF", waybill=waybill)


def scans(numbers):
    """Each parcel lives one of the lives, a scan every two hours, told in two or three messages."""
    lives = list(LIVES.values())
    for index, number in enumerate(numbers):
        told = [
            (word, f"{timezone.localtime(NOON + timedelta(hours=2 * step)):%Y-%m-%d %H:%M:%S}", f"{word} {step}")
            for step, word in enumerate(lives[index % len(lives)])
        ]
        for first, last in CUTS[index % len(CUTS)]:
            yield push(number, *reversed(told[first:last]))


def sweep():
    while parsing.read_due(AT) or scan_processing.process_due(AT):
        pass


def end(numbers):
    """All that scans could have changed, in the order in which it was made."""
    parcels = Parcel.objects.filter(waybill__in=numbers).order_by("pk")
    shop = parcels.first().merchant
    scans = ParcelEvent.objects.filter(parcel__in=parcels).values_list("parcel__waybill", "digest")
    deadlines = Deadline.objects.filter(case__merchant=shop).order_by("case_id", "kind", "pk")
    return {
        "parcels": list(parcels.values_list("status", "shipped_at", "signed_at")),
        "scans": sorted((numbers.index(number), digest) for number, digest in scans),
        "orders": list(shop.orders.order_by("pk").values_list("status", "shipped_at", "signed_at")),
        "cases": list(Case.objects.filter(merchant=shop).order_by("pk").values_list("status", "due_at", "version")),
        "deadlines": list(deadlines.values_list("kind", "status", "due_at")),
    }


def told_in_order(client, numbers):
    """Everything comes once, in order."""
    subscriptions.perform_due(AT, limit=10_000)
    for message in scans(numbers):
        send(client, "kuaidi100", kuaidi100(message))
    sweep()
    return end(numbers)


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
    return end(numbers)


def told_both_ways(client, agent, count, seed=1):
    """Two shops that are alike: one is told in order, the other is not."""
    numbers = waybills(count, "A", agent)
    in_order = told_in_order(client, numbers)
    numbers = waybills(count, "B", agent)
    return in_order, told_shuffled(client, numbers, random.Random(seed))


@pytest.mark.slow
def test_scans_three_times_in_any_order(client, agent):
    in_order, shuffled = told_both_ways(client, agent, PARCELS)

    assert sum(1 for _number, _digest in in_order["scans"]) >= 10 * PARCELS
    assert shuffled == in_order
    assert {status for status, *_dates in in_order["parcels"]} == {"signed", "returned"}
    assert {"refunding", "awaiting_return", "return_in_transit"} <= {status for status, *_rest in in_order["cases"]}
    assert not CarrierMessage.objects.exclude(status="done").exists()
    assert set(Subscription.objects.values_list("status", flat=True)) == {"active"}


@pytest.mark.parametrize("seed", range(counts.of(sample=1, long=3)))
def test_fewer_parcels_in_other_orders(client, agent, seed):
    in_order, shuffled = told_both_ways(client, agent, FEWER, seed)

    assert shuffled == in_order


def test_control_when_the_last_word_counts_the_end_depends_on_the_order(client, agent, monkeypatch):
    monkeypatch.setattr(tracking, "_earlier", lambda known, told: told)

    in_order, shuffled = told_both_ways(client, agent, FEWER)

    assert shuffled["parcels"] != in_order["parcels"]


def test_control_without_digests_scans_are_doubled(client, agent, monkeypatch):
    serial = iter(range(1_000_000))
    monkeypatch.setattr(tracking, "digest_of", lambda *_words: str(next(serial)))

    in_order, shuffled = told_both_ways(client, agent, 5)

    assert len(shuffled["scans"]) == 2 * len(in_order["scans"])
