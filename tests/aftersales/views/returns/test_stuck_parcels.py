"""Parcels of which nobody hears: listed with their cases, counted once, shown as stale on the case."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.models import Team, User
from aftersales.queries.cases import case_page, case_tracking
from aftersales.queries.returns import stuck_parcels
from aftersales.rules.vocabulary import Role
from logistics.carriers.base import ReportedScan
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus
from logistics.parcels import tracking as parcels
from tests.aftersales.stages import DAY, HOUR, again, stage
from tests.factories import NOON, MerchantFactory
from tests.people import person

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * HOUR + timedelta(hours=72)


@pytest.fixture
def shipped(order, people):
    return stage("return_in_transit", order, people)


def back():
    return Parcel.objects.get(direction="return")


def hear(status, at, heard_at=None, *, is_problem=False, text=""):
    told = ReportedScan(back().waybill, ParcelStatus(status), at, text=text, is_problem=is_problem)
    parcels.record_reported(back().pk, [told], at=heard_at or at, recorded_by="kuaidi100")


def test_a_parcel_is_stuck_once_the_hours_are_over(shipped):
    assert stuck_parcels.parcels(LATER - timedelta(seconds=1)).count() == 0
    assert list(stuck_parcels.parcels(LATER)) == [back()]


def test_how_long_is_a_setting(shipped, settings):
    settings.PARCEL_QUIET_AFTER = timedelta(hours=1)

    assert stuck_parcels.parcels(NOON + 4 * HOUR).count() == 1


def test_a_scan_frees_it_and_an_old_one_told_late_does_not(shipped):
    hear("in_transit", NOON + 3 * HOUR, LATER)
    assert stuck_parcels.parcels(LATER + HOUR).count() == 1

    hear("in_transit", LATER)
    assert stuck_parcels.parcels(LATER + HOUR).count() == 0


@pytest.mark.parametrize("status", ["signed", "returned", "lost", "refused"])
def test_a_parcel_that_is_nowhere_under_way_is_not_stuck(status, shipped):
    hear(status, NOON + 3 * HOUR)

    assert stuck_parcels.parcels(LATER + DAY).count() == 0


@pytest.mark.parametrize("who", ["agent", "supervisor"])
def test_the_list_names_the_cases_behind(who, shipped, client):
    client.force_login(User.objects.get(username=who))

    with time_machine.travel(LATER, tick=False):
        page = client.get("/parcels/stuck/")

    assert page.status_code == 200
    assert back().waybill in page.content.decode()
    assert shipped.number in page.content.decode()


def test_nobody_sees_parcels_of_merchants_that_another_team_serves(shipped, client):
    Team.objects.create(name="Others").merchants.add(shipped.merchant)
    Team.objects.get(name="Desk").merchants.add(MerchantFactory(code="elsewhere"))
    client.force_login(User.objects.get(username="agent"))

    with time_machine.travel(LATER, tick=False):
        page = client.get("/parcels/stuck/").content.decode()

    assert back().waybill not in page


def test_the_number_of_now_opens_the_list(shipped, client):
    client.force_login(person("who", Role.SUPERVISOR))

    with time_machine.travel(LATER, tick=False):
        tiles = client.get("/now/").context["tiles"]

    (tile,) = [each for each in tiles if each["url"] == "/parcels/stuck/"]
    assert tile["value"] == 1


def test_the_list_asks_as_often_for_many_as_for_one(shipped, client):
    client.force_login(person("who", Role.AGENT))

    def asked():
        with (
            time_machine.travel(LATER, tick=False),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            client.get("/parcels/stuck/")
        return len(queries)

    asked()
    one = asked()
    for number in range(30):
        Parcel.objects.create(
            merchant=shipped.merchant,
            order=shipped.order,
            direction="outbound",
            waybill=f"W{number}",
            heard_at=NOON,
        )
    assert asked() == one


def test_the_case_shows_every_scan_newest_first_with_who_told_it(shipped, people):
    hear("in_transit", NOON + 5 * HOUR, text="Hangzhou")
    hear("in_transit", NOON + 4 * HOUR, is_problem=True, text="Torn")
    case = again(shipped)

    tracking = case_tracking.of(case, case_page._parcels(case), NOON + 6 * HOUR)

    (track,) = [each for each in tracking.tracks if each.parcel.direction == "return"]
    assert [(scan.event.text, scan.event.is_problem, scan.told_by) for scan in track.newest[:2]] == [
        ("Hangzhou", False, "Kuaidi100"),
        ("Torn", True, "Kuaidi100"),
    ]
    assert track.quiet_since is None


def test_the_case_says_since_when_nothing_was_heard(shipped):
    case = again(shipped)

    (track,) = case_tracking.of(case, case_page._parcels(case), LATER).tracks

    assert track.quiet_since == NOON + 2 * HOUR


def test_the_page_of_the_case_marks_the_problem_and_the_silence(shipped, client, agent_user):
    hear("in_transit", NOON + 4 * HOUR, is_problem=True, text="Torn")
    client.force_login(agent_user)

    with time_machine.travel(LATER + DAY, tick=False):
        page = client.get(f"/cases/{shipped.number}/").content.decode()

    assert "Torn" in page
    assert "Last heard" in page
