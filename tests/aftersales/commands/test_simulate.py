"""A simulation plays through the verbs, the same for a seed, and leaves everything that must hold holding."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aftersales.actions.cases import decisions
from aftersales.models import Case, ClockBeat, Event, Policy, Receivable
from aftersales.rules.vocabulary import CaseType
from aftersales.simulation import applications
from orders.models import Merchant, Order
from tests import counts
from tests.factories import NOON, MerchantFactory, sold

pytestmark = pytest.mark.django_db
START = (NOON - timedelta(days=1)).date().isoformat()


@pytest.fixture
def shops():
    """Orders of two shops in every state of delivery; one shop has no address for returns yet."""
    for shop in (MerchantFactory(), MerchantFactory()):
        for _number in range(4):
            sold(merchant=shop, lines=[(3, 100), (1, "33.33")], payments=[("card", "100.00"), ("points", "43.33")])
        sold(merchant=shop, unshipped=True)
        sold(merchant=shop, unsigned=True)


REFUNDS = (CaseType.RETURN_REFUND, CaseType.RETURN_REFUND, CaseType.REFUND_ONLY)


def run(*arguments):
    out = StringIO()
    call_command("simulate", *arguments, stdout=out)
    return out.getvalue()


def test_five_days_break_nothing(shops):
    out = run("--days", "5", "--seed", "3", "--rate", "20", "--start", START)

    assert "0 bugs, 0 of" in out
    assert Case.objects.count() > 5
    assert Event.objects.exclude(action="apply").count() > 20
    assert not ClockBeat.objects.exists()


@pytest.mark.slow
def test_refunds_at_once_break_nothing(shops, monkeypatch):
    """Mostly returns, whose money goes out before the goods are here, faults of the bank included."""
    plain = applications.application
    monkeypatch.setattr(
        applications,
        "application",
        lambda order, random, at, **said: plain(order, random, at, **said | {"type": random.choice(REFUNDS)}),
    )
    Policy.objects.update(
        instant_below=Decimal(500),
        instant_buyer_level=0,
        instant_quota=Decimal(5000),
        risk_case_count=99,
        risk_refund_percent=100,
        risk_dispute_percent=100,
        authorise_below=Decimal(50),
    )
    for shop in Merchant.objects.all():
        for _number in range(6):
            sold(merchant=shop, lines=[(3, 100), (1, "33.33")], payments=[("card", "100.00"), ("wallet", "43.33")])

    out = run("--days", str(counts.of(sample=7, long=14)), "--seed", "11", "--rate", "30", "--start", START)

    assert "0 bugs, 0 of" in out
    assert Case.objects.filter(advanced_at__isnull=False).count() > 3
    assert Receivable.objects.filter(kind=Receivable.Kind.CLAWBACK).exists()


def test_a_seed_plays_the_same(shops, tmp_path, settings):
    from django.db import transaction

    played = []
    for turn in range(2):
        settings.SANDBOX_STORE = tmp_path / f"bank-{turn}.sqlite3"
        with transaction.atomic():
            run("--days", "3", "--seed", "7", "--rate", "12", "--start", START)
            first = Case.objects.order_by("pk").first().pk
            played.append(
                [
                    (case_id - first, action, role, str(happened_at))
                    for case_id, action, role, happened_at in Event.objects.order_by("pk").values_list(
                        "case_id", "action", "role", "happened_at"
                    )
                ]
            )
            transaction.set_rollback(True)

    assert played[0] == played[1]
    assert len(played[0]) > 20


def test_a_simulation_starts_where_most_orders_are(shops):
    out = run("--days", "2", "--seed", "1", "--quiet")

    assert out.startswith("2 days from 2026-03-0")


def test_a_bug_ends_the_simulation_which_says_where_and_when(shops, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("as planted")

    monkeypatch.setattr(decisions, "apply", broken)
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("simulate", "--days", "2", "--seed", "5", "--rate", "20", "--start", START, stdout=out)

    assert end.value.code == 1
    assert "BUG 2026-03-" in out.getvalue()
    assert "ZeroDivisionError: as planted" in out.getvalue()
    assert "--seed 5" in out.getvalue()


def test_a_broken_invariant_fails_the_simulation(shops):
    Order.objects.filter(pk=Order.objects.earliest("pk").pk).update(freight_reserved=1)
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("simulate", "--days", "1", "--rate", "0.01", "--start", START, stdout=out)

    assert end.value.code == 1
    assert "BROKEN 1 an order's freight" in out.getvalue()


def test_a_simulation_without_orders_says_what_to_do(db):
    with pytest.raises(CommandError, match="import some first"):
        run("--days", "1")


def test_a_simulation_refuses_production(shops, settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="no place in production"):
        run("--days", "1")

    assert not Case.objects.exists()
