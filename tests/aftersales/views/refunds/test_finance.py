"""The pages of finance: lists and their sums, release with a look first, retry, two people by hand, the books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, intents, worker
from aftersales.models import Case, Policy, Refund, User
from aftersales.rules.vocabulary import CaseType, RefundStatus, Role, Status
from aftersales.views import submissions
from orders.gateways import sandbox
from tests.factories import opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DESK = "/finance/"


@pytest.fixture
def at():
    """Half an hour before now: pages read the real clock."""
    return timezone.now() - HOUR / 2


@pytest.fixture
def make(shop, order, buyer, agent, at):
    """A refund of 110.00 that is ready to be sent."""

    def refund(**fields):
        sale = sold(merchant=shop, buyer=order.buyer, unshipped=True, **fields)
        case = decisions.approve(opened(sale, by=buyer, type=CaseType.REFUND_ONLY, at=at).pk, by=agent, at=at)
        return Refund.objects.get(case=case)

    return refund


@pytest.fixture
def careful(db):
    """A policy under which finance releases every refund."""
    Policy.objects.update(release_above=Decimal(1))


@pytest.fixture
def till(client, finance):
    client.force_login(User.objects.get(username="finance"))
    return client


@pytest.fixture
def failed(make, at):
    refund = make()
    sandbox.set_fault("decline", "always")
    worker.send_next(at)
    sandbox.clear_faults()
    return Refund.objects.get(pk=refund.pk)


def page_of(refund, act=""):
    address = reverse("aftersales:finance-refund", args=[refund.number])
    return f"{address}{act}/" if act else address


def once(**fields):
    return {"once": submissions.new_key(), **fields}


def test_each_tab_sums_up_exactly_its_list(till, make, careful):
    for _number in range(3):
        make()

    page = till.get(DESK)
    shown = till.get(DESK, {"list": "release"}).context["rows"].rows

    assert page.context["list"] == "release"
    assert [(each.currency, each.count, each.amount) for each in page.context["sums"]] == [("CNY", 3, Decimal(330))]
    assert sum(refund.amount for refund in shown) == Decimal(330)
    assert next(tab for tab in page.context["tabs"] if tab["current"])["count"] == "3"


def test_the_buyer_is_masked(till, make, careful):
    make()

    text = till.get(DESK).content.decode()

    assert "张**" in text
    assert "张小雨" not in text


def test_currencies_are_never_added_up(till, make, careful):
    make()
    make(currency="USD")

    both = till.get(DESK, {"list": "release"})
    dollars = till.get(DESK, {"list": "release", "currency": "USD"})

    assert [(each.currency, each.amount) for each in both.context["sums"]] == [("CNY", 110), ("USD", 110)]
    assert [refund.currency for refund in dollars.context["rows"].rows] == ["USD"]
    assert [each.currency for each in dollars.context["sums"]] == ["USD"]


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
    intents.release(third.pk, by=finance, at=timezone.now())
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
    worker.send_next(at)
    gateway_notices.apply_notices(at)
    sandbox.reverse(refund.number)
    gateway_notices.apply_notices(at)
    listed = till.get(DESK).context

    done = till.post(page_of(refund, "retry"), once())

    assert (listed["list"], [one.pk for one in listed["rows"].rows]) == ("reversed", [refund.pk])
    assert done.url != page_of(refund)
    assert till.get(done.url).context["refund"].status == RefundStatus.QUEUED


def test_the_page_of_a_refund_shows_postings_that_sum_to_zero(till, make, at):
    refund = make()
    worker.send_next(at)

    page = till.get(page_of(refund))

    assert page.context["life"].balance == 0
    assert [entry.kind for entry in page.context["life"].entries] == ["intended", "paid"]
    assert "Money at the gateway" in page.content.decode()


def test_paid_today_lists_what_was_paid_since_midnight(till, make, at):
    refund, old = make(), make()
    sweeps.send_refunds(timezone.now())
    Refund.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=2))

    page = till.get(DESK, {"list": "paid"})

    assert [one.pk for one in page.context["rows"].rows] == [refund.pk]
    assert page.context["sums"][0].amount == refund.amount


def test_a_late_merchant_is_charged_on_the_guarantee_account(till, make, careful, shop):
    refund = make()
    sweeps.fire_deadlines(Case.objects.get().due_at + HOUR)

    page = till.get(reverse("aftersales:finance-accounts"))
    moves = till.get(reverse("aftersales:finance-account", args=[shop.code]))

    balance = page.context["balances"][0]
    assert (balance.merchant, balance.charged, balance.charges, balance.left) == (
        shop,
        refund.amount,
        1,
        -refund.amount,
    )
    assert [move.change for move in moves.context["moves"].rows] == [-refund.amount]
    assert page_of(refund) in moves.content.decode()


def test_unknown_numbers_and_acts_are_not_there(till, failed):
    assert till.get("/finance/0123456789abcdef/").status_code == 404
    assert till.post(page_of(failed, "cancel"), once()).status_code == 404
    assert till.get(page_of(failed, "retry")).status_code == 405


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN])
def test_other_roles_do_not_have_the_pages(client, failed, shop, role):
    client.force_login(person("stranger", role, merchant=shop if role == Role.MERCHANT else None))

    for address in (
        DESK,
        page_of(failed),
        reverse("aftersales:finance-release"),
        reverse("aftersales:finance-accounts"),
    ):
        assert client.get(address).status_code == 403, address
    assert client.post(page_of(failed, "retry"), once()).status_code == 403
    assert Refund.objects.get().status == RefundStatus.FAILED


def test_the_lists_cost_the_same_for_one_and_for_many(till, make, careful):
    def load(address, **query):
        with CaptureQueriesContext(connection) as asked:
            till.get(address, query)
        return len(asked)

    make()
    load(DESK)
    one = load(DESK, list="release")
    for _number in range(4):
        make()

    assert load(DESK, list="release") == one <= 9
    assert load(page_of(Refund.objects.first())) <= 14
