"""The sweep as a command: what is due is done, or only told."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aftersales.models import Case, ClockBeat, Deadline, Event
from aftersales.rules.vocabulary import Status
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


def test_a_sweep_with_nothing_due_says_so(db):
    assert "Nothing was due." in run("--at", NOON.isoformat())


def test_a_text_that_is_no_moment_is_refused():
    with pytest.raises(CommandError, match="is no moment"):
        run("--at", "tomorrow")
