"""The supervisor's page of what is stuck, and outages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.models import Case, Deadline, Notice, Outage, Refund, User
from aftersales.queries.oversight import failed_jobs
from aftersales.rules.vocabulary import CaseType, DeadlineStatus, RefundStatus, Role
from aftersales.views import submissions
from logistics.models import CarrierMessage, Parcel, ParcelEvent, Pickup, Subscription
from tests.factories import opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db
DESK = "/trouble/"
OUTAGE = "/trouble/outage/"
HOUR = timedelta(hours=1)


@pytest.fixture
def at():
    return timezone.now() - HOUR / 2


@pytest.fixture
def chief(client, supervisor):
    client.force_login(User.objects.get(username="supervisor"))
    return client


@pytest.fixture
def make(shop, order, buyer, at):
    def case():
        sale = sold(merchant=shop, buyer=order.buyer, unshipped=True)
        return opened(sale, by=buyer, type=CaseType.REFUND_ONLY, at=at)

    return case


@pytest.fixture
def stuck(make):
    make()
    Deadline.objects.filter(kind="merchant_response").update(
        status=DeadlineStatus.QUARANTINED, tries=5, last_error="<b>boom</b>"
    )
    return Deadline.objects.get(kind="merchant_response")


def again(kind, row):
    return reverse("aftersales:trouble-again", args=[kind, row.pk])


def local(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def test_failed_jobs_are_counted_as_they_are_listed(chief, stuck, make, at):
    case = make()
    cases_notice = Notice.objects.filter(case=case).first()
    Notice.objects.filter(pk=cases_notice.pk).update(status=Notice.Status.QUARANTINED)

    counts = failed_jobs.counts(timezone.now())
    listed = {kind: len(chief.get(DESK, {"list": kind}).context["rows"]) for kind in ("deadline", "notice", "refund")}

    carriers = {"message": 0, "scan": 0, "subscription": 0, "pickup": 0}
    assert counts == {"deadline": 1, "notice": 1, "refund": 0, "outage": 0, **carriers}
    assert listed == {"deadline": 1, "notice": 1, "refund": 0}


def test_the_error_of_a_failed_job_is_shown_as_text(chief, stuck):
    text = chief.get(DESK).content.decode()

    assert "&lt;b&gt;boom" in text
    assert stuck.case.number in text


def test_a_click_tries_a_failed_job_again_once(chief, stuck):
    form = {"once": submissions.new_key()}

    first, second = chief.post(again("deadline", stuck), form), chief.post(again("deadline", stuck), form)
    third = chief.post(again("deadline", stuck), {"once": submissions.new_key()})

    assert first.url == second.url
    assert third.status_code == 422
    assert Deadline.objects.get(pk=stuck.pk).status == DeadlineStatus.PENDING
    assert Case.objects.get().events.filter(action="try_again").count() == 1


def test_a_refund_that_came_back_is_left_to_finance(chief, make, agent, at):
    decisions.approve(make().pk, by=agent, at=at)
    Refund.objects.update(status=RefundStatus.REVERSED, needs_person=True)

    page = chief.get(DESK, {"list": "refund"}).content.decode()
    answer = chief.post(again("refund", Refund.objects.get()), {"once": submissions.new_key()})

    assert "Finance decides" in page
    assert answer.status_code == 422


def test_a_failed_job_of_an_unknown_kind_or_number_is_not_found(chief, stuck):
    assert chief.post("/trouble/deadline/999999/", {"once": submissions.new_key()}).status_code == 404
    assert chief.post(f"/trouble/user/{stuck.pk}/", {"once": submissions.new_key()}).status_code == 404
    assert chief.get(again("deadline", stuck)).status_code == 405


def test_an_outage_says_first_how_many_deadlines_it_moves(chief, make, supervisor):
    case = make()
    due = case.due_at
    now = timezone.now()
    asked = {"started_at": local(now - 3 * HOUR), "ended_at": local(now - timedelta(minutes=1)), "reason": "网络中断"}

    preview = chief.get(OUTAGE, asked)
    nothing = Outage.objects.count()
    done = chief.post(OUTAGE, {**asked, "once": submissions.new_key()})
    sweeps.apply_outages(timezone.now())

    assert preview.context["count"] == failed_jobs.would_move(now - 3 * HOUR, now) == 1
    assert nothing == 0
    assert done.status_code == 302
    outage = Outage.objects.get()
    assert (outage.declared_by_id, outage.moved_count) == (supervisor.user_id, 1)
    assert Case.objects.get().due_at > due


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (-1, -2, "backwards"),
        (-1, 5, "not over"),
        (-2, -1, ""),
        (-2, -1, "x" * 301),
        (None, -1, "no start"),
    ],
)
def test_an_outage_that_makes_no_sense_is_refused(chief, start, end, reason):
    now = timezone.now()
    data = {"started_at": local(now + start * HOUR) if start else "<x>", "ended_at": local(now + end * HOUR)}

    answer = chief.post(OUTAGE, {**data, "reason": reason, "once": submissions.new_key()})
    shown = chief.get(OUTAGE, {**data, "reason": reason})

    assert answer.status_code == 422
    assert shown.context["count"] is None
    assert not Outage.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.FINANCE, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN])
def test_only_supervisors_see_failed_jobs(client, stuck, shop, role):
    client.force_login(person("stranger", role, merchant=shop if role == Role.MERCHANT else None))

    assert client.get(DESK).status_code == 403
    assert client.get(OUTAGE).status_code == 403
    assert client.post(OUTAGE, {}).status_code == 403
    assert client.post(again("deadline", stuck), {}).status_code == 403


def test_the_page_costs_the_same_for_one_and_for_many(chief, stuck, make):
    def load():
        with CaptureQueriesContext(connection) as asked:
            chief.get(DESK, {"list": "deadline"})
        return len(asked)

    load()
    one = load()
    for _number in range(3):
        make()
    Deadline.objects.update(status=DeadlineStatus.QUARANTINED)

    assert load() == one <= 10


@pytest.fixture
def unheard(order):
    """A message, a subscription, a scan and a courier that failed five times."""
    now = timezone.now()
    parcel = Parcel.objects.create(
        merchant=order.merchant, order=order, direction="return", carrier="SF", waybill="SF1"
    )
    failed = {"tries": 5, "last_error": "<b>boom</b>"}
    return {
        "message": CarrierMessage.objects.create(
            source="sf", account="default", event_id="e1", digest="d", raw=b"{", received_at=now, status="quarantined",
            **failed,
        ),
        "subscription": Subscription.objects.create(
            parcel=parcel, source="sf", account="default", status="quarantined", created_at=now, **failed
        ),
        "pickup": Pickup.objects.create(
            merchant=order.merchant, order=order, reference="AS-1", source="kuaidi100", account="default", todo="book",
            sender_name="x", sender_phone="1", sender_address="x", receiver_name="x", receiver_phone="1",
            receiver_address="x", window_from=now, window_until=now + timedelta(hours=2), requested_at=now,
            recorded_by="agent", **failed,
        ),
        "scan": ParcelEvent.objects.create(
            parcel=parcel, happened_at=now, status="lost", recorded_by="sf", recorded_at=now, **failed
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["message", "subscription", "scan", "pickup"])
def test_failed_messages_of_carriers_are_shown_and_tried_again_once(chief, unheard, kind, supervisor):
    page = chief.get(DESK, {"list": kind})

    first = chief.post(again(kind, unheard[kind]), {"once": submissions.new_key()})
    second = chief.post(again(kind, unheard[kind]), {"once": submissions.new_key()})

    row = type(unheard[kind]).objects.get()
    assert len(page.context["rows"]) == 1
    assert "&lt;b&gt;boom" in page.content.decode()
    assert (first.status_code, second.status_code) == (302, 422)
    assert (row.tries, row.hold_until, row.again_by) == (0, None, f"supervisor:{supervisor.user_id}")
    assert failed_jobs.counts(timezone.now())[kind] == 0
