"""What the database refuses of policies, the clock and outages, whatever the code believes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.models import Policy
from tests.aftersales.models.test_constraints import refused
from tests.aftersales.stages import HOUR
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def test_one_clock(db):
    refused("INSERT INTO aftersales_clockbeat (id, beat_at) VALUES (2, now())", by="one_clock")


def test_an_outage_ends_after_it_starts(db):
    refused(
        "INSERT INTO aftersales_outage (started_at, ended_at, reason, moved_count) VALUES (now(), now(), '', 0)",
        by="outage_ends_after_start",
    )


def policy(**fields):
    return Policy.objects.create(**{"name": "Shoes", "version": 1, "effective_from": NOON, **fields})


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ({}, True),
        ({"effective_from": NOON + timedelta(days=9)}, True),
        ({"effective_from": NOON + timedelta(days=10)}, False),
        ({"effective_from": NOON - timedelta(days=9), "effective_until": NOON}, False),
        ({"effective_from": NOON - timedelta(days=9), "effective_until": NOON + HOUR}, True),
        ({"category": "boots"}, False),
        ({"amount_from": 100}, False),
        ({"category": "shoes", "case_type": "refund_only"}, False),
    ],
)
def test_periods_of_policies_of_one_scope_never_overlap(other, overlaps, db):
    policy(category="shoes", effective_until=NOON + timedelta(days=10))
    fields = {"category": "shoes", "version": 2, **other}

    if overlaps:
        with pytest.raises(IntegrityError, match="policy_periods_never_overlap"), transaction.atomic():
            policy(**fields)
    else:
        policy(**fields)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("effective_until = effective_from", "policy_ends_after_start"),
        ("restocking_percent = 51", "policy_restocking_at_most_half"),
        ("restocking_percent = -1", "policy_restocking_at_most_half"),
    ],
)
def test_a_policy(change, rule, db):
    refused(f"UPDATE aftersales_policy SET {change}", by=rule)


def test_a_policy_version_stands_once(db):
    policy(category="shoes")

    refused("UPDATE aftersales_policy SET name = 'Shoes', version = 1 WHERE name = 'General'", by="policy_version_once")
