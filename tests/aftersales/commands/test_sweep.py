"""The sweep as a command: what is due is done, or only told."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.models import Case, ClockBeat, Deadline, Event, Outage
from aftersales.rules.vocabulary import DeadlineKind, Status
from orders.refusals import Refused
from tests.aftersales.actions.returns.scans import reported
from tests.aftersales.stages import stage
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


def test_a_dry_run_tells_and_writes_nothing(order, buyer):
    case = opened(order, by=buyer)
    later = case.due_at + timedelta(minutes=2)
    before = list(Deadline.objects.order_by("pk").values())

    told = run("--dry-run", "--at", later.isoformat())
    rows = json.loads(run("--dry-run", "--json", "--at", later.isoformat()))

    assert f"{case.number}  merchant_response → approve" in told
    assert "2 deadlines are due; nothing was changed." in told
    assert [(row["case"], row["kind"], row["action"]) for row in rows] == [
        (case.number, "first_reply", "miss"),
        (case.number, "merchant_response", "approve"),
    ]
    assert list(Deadline.objects.order_by("pk").values()) == before
    assert Event.objects.filter(case=case).count() == 1
    assert not ClockBeat.objects.exists()


def test_a_sweep_does_what_the_dry_run_told(order, buyer):
    case = opened(order, by=buyer)
    later = case.due_at + timedelta(minutes=2)

    done = json.loads(run("--json", "--at", later.isoformat()))

    assert (done["first_reply"], done["merchant_response"]) == (1, 1)
    assert Case.objects.get(pk=case.pk).status == Status.AWAITING_RETURN


def test_a_dry_run_tells_the_outage_that_the_sweep_would_declare(order, buyer):
    sweeps.run(NOON)
    case = opened(order, by=buyer)
    later = (case.due_at + timedelta(hours=6)).isoformat()

    told, rows = run("--dry-run", "--at", later), json.loads(run("--dry-run", "--json", "--at", later))

    assert "outage until" in told
    assert [(row["kind"], row.get("moves")) for row in rows] == [("outage", "1"), ("first_reply", None)]
    assert not Outage.objects.exists()
    assert Case.objects.get(pk=case.pk).due_at == case.due_at
    run("--at", later)
    assert [str(outage.moved_count) for outage in Outage.objects.all()] == ["1"]
    assert Case.objects.get(pk=case.pk).status == Status.PENDING_MERCHANT


def test_a_dry_run_tells_what_would_fail(order, buyer, monkeypatch):
    case = opened(order, by=buyer)
    later = case.due_at + timedelta(minutes=2)

    def no_address(*_args, **_kwargs):
        raise Refused("There is no return address.")

    monkeypatch.setitem(clock.VERBS, "approve", no_address)
    monkeypatch.setattr(clock, "FOR_MANY", {})

    (row,) = [row for row in json.loads(run("--dry-run", "--json", "--at", later.isoformat())) if row["case"]][1:]

    assert (row["action"], row["fails"]) == ("approve", "There is no return address.")
    assert not Deadline.objects.exclude(tries=0).exists()


def test_a_dry_run_knows_what_a_carrier_told_and_nobody_has_read(order, people):
    case = stage("return_in_transit", order, people)
    signed_at = NOON + timedelta(hours=6)
    reported(case.return_parcels.get().parcel, "signed", signed_at)
    later = signed_at + timedelta(hours=48, minutes=2)

    told = json.loads(run("--dry-run", "--json", "--at", later.isoformat()))
    done = json.loads(run("--json", "--at", later.isoformat()))

    assert [row["kind"] for row in told] == [kind for kind in done if kind in DeadlineKind.values]
    assert ("receipt", "presume_received") in [(row["kind"], row["action"]) for row in told]
    assert Case.objects.get(pk=case.pk).refunds.exists()


def test_a_sweep_with_nothing_due_says_so(db):
    assert "Nothing was due." in run("--at", NOON.isoformat())


def test_a_text_that_is_no_moment_is_refused():
    with pytest.raises(CommandError, match="is no moment"):
        run("--at", "tomorrow")
