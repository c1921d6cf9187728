"""What finance does on its pages: release after a look, retry, settle manually by two people."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.refunds import gateway_notices, refund_worker
from aftersales.actions.refunds.finance import releases
from aftersales.models import Case, Policy, Refund, User
from aftersales.rules.vocabulary import RefundStatus, Status
from aftersales.views import submissions
from orders.gateways import sandbox

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DESK = "/finance/"


def page_of(refund, act=""):
    address = reverse("aftersales:finance-refund", args=[refund.number])
    return f"{address}{act}/" if act else address


def once(**fields):
    return {"once": submissions.new_key(), **fields}


def test_one_refund_is_released_once(till, make, careful):
    refund = make()
    form = once()

    first, second = till.post(page_of(refund, "release"), form), till.post(page_of(refund, "release"), form)
    again = till.post(page_of(refund, "release"), once())

    assert first.url == second.url == page_of(refund)
    assert again.status_code == 422
    assert Refund.objects.get().status == RefundStatus.QUEUED
    assert Case.objects.get().events.filter(action="release_refund").count() == 1


def test_ticked_refunds_are_looked_at_before_they_are_released(till, make, careful, finance):
    first, second, third = make(), make(), make()
    releases.release(third.pk, by=finance, at=timezone.now())
    ticked = {"r": [first.pk, second.pk, third.pk, "x", "9" * 30]}

    preview = till.get(reverse("aftersales:finance-release"), ticked)
    still = Refund.objects.filter(status=RefundStatus.AWAITING_RELEASE).count()
    done = till.post(reverse("aftersales:finance-release"), once(**ticked))

    assert (preview.context["sums"], preview.context["gone"]) == ([("CNY", Decimal(220))], 1)
    assert still == 2
    assert done.status_code == 302
    assert not Refund.objects.filter(status=RefundStatus.AWAITING_RELEASE).exists()


def test_nothing_ticked_releases_nothing(till, make, careful):
    make()

    preview = till.get(reverse("aftersales:finance-release"))
    sent = till.post(reverse("aftersales:finance-release"), once())

    assert preview.status_code == 200
    assert sent.status_code == 422
    assert Refund.objects.get().status == RefundStatus.AWAITING_RELEASE


def test_a_failed_refund_is_sent_again(till, failed):
    page = till.get(page_of(failed))
    done = till.post(page_of(failed, "retry"), once())
    sweeps.send_refunds(timezone.now())

    assert page.context["may_retry"]
    assert done.status_code == 302
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    assert Case.objects.get().status == Status.COMPLETED


def test_a_retry_is_confirmed_as_it_was_read(till, failed):
    shown = till.get(page_of(failed)).context["outcome"]
    refused = till.post(page_of(failed, "retry"), once(outcome="Something else."))
    done = till.post(page_of(failed, "retry"), once(outcome=shown))

    assert 'name="outcome"' in refused.text
    assert "has changed since you opened it" in refused.text
    assert done.status_code == 302


def test_two_people_settle_by_hand_and_the_first_sees_why_not(till, client, failed, finance2):
    till.post(page_of(failed, "propose"), once(reference="BANK-1"))
    mine = till.get(page_of(failed))
    refused = till.post(page_of(failed, "confirm"), once())
    client.force_login(User.objects.get(username="finance2"))
    theirs = client.get(page_of(failed))
    done = client.post(page_of(failed, "confirm"), once())

    assert "a second person has to confirm it" in mine.content.decode()
    assert "confirm/" not in mine.content.decode()
    assert refused.status_code == 422
    assert "BANK-1" in theirs.content.decode()
    assert "Finance" in theirs.content.decode()
    assert done.status_code == 302
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED


def test_a_proposal_can_be_withdrawn(till, failed):
    till.post(page_of(failed, "propose"), once(reference="BANK-1"))
    till.post(page_of(failed, "drop"), once())

    assert Refund.objects.get().hand_proposed_by is None


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "x" * 129, "\x00"])
def test_a_proposal_needs_a_reference(till, failed, typed):
    answer = till.post(page_of(failed, "propose"), once(reference=typed))

    assert answer.status_code == 422
    assert Refund.objects.get().hand_proposed_by is None


def test_script_in_a_reference_is_text(till, failed):
    till.post(page_of(failed, "propose"), once(reference="<script>alert(1)</script>", status="succeeded"))

    assert "<script>alert" not in till.get(page_of(failed)).content.decode()
    assert Refund.objects.get().status == RefundStatus.FAILED


def test_a_reversed_refund_is_paid_again_and_its_page_says_so(till, make, at):
    refund = make()
    refund_worker.send_next(at)
    gateway_notices.apply_notices(at)
    sandbox.reverse(refund.number)
    gateway_notices.apply_notices(at)
    listed = till.get(DESK).context

    done = till.post(page_of(refund, "retry"), once())

    assert (listed["list"], [one.pk for one in listed["rows"].rows]) == ("reversed", [refund.pk])
    assert done.url != page_of(refund)
    assert till.get(done.url).context["refund"].status == RefundStatus.QUEUED


@pytest.fixture
def strict(careful):
    """A policy under which two of finance release whatever is above 100."""
    Policy.objects.update(authority_finance=Decimal(100))


def test_a_release_above_what_one_lets_go_waits_for_a_second_person(till, make, strict, finance2):
    refund = make()

    before = till.get(page_of(refund))
    done = till.post(page_of(refund, "release"), once(), follow=True)
    waiting = till.get(DESK, {"list": "second"})

    assert "Release as the first of two" in before.content.decode()
    assert "a second person of finance has to agree to it too" in before.context["needs_second"]
    assert "a second person of finance has to release it too" in done.content.decode()
    assert done.context["is_first"]
    assert "Release as" not in done.content.decode()
    assert [row.pk for row in waiting.context["rows"].rows] == [refund.pk]
    assert "released by Finance, a second person has to" in waiting.content.decode()

    till.force_login(User.objects.get(username="finance2"))
    sent = till.post(page_of(refund, "release"), once(), follow=True)

    assert "the worker sends it now" in sent.content.decode()
    assert "First released" in sent.content.decode()
    assert Refund.objects.get().status == RefundStatus.QUEUED


def test_ticked_refunds_above_what_one_lets_go_say_for_whom_they_wait(till, make, strict):
    refund = make()

    done = till.post(reverse("aftersales:finance-release"), once(r=[refund.pk]), follow=True)

    assert "0 refunds released" in done.content.decode()
    assert "a second person of finance has to release it too" in done.content.decode()
