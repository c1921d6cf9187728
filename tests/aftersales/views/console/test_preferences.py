"""How people want the console: kept with the login; their zone shows and reads times, and moves no promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.forms.console.preferences import zones
from aftersales.models import Case, Deadline, Outage, User
from aftersales.queries.refunds import authority
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import CaseType, Role
from orders.models import BusinessCalendar
from tests.aftersales.views.desk import address, seat, sent
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"
# In Shanghai it is 10:00 on 10 March, in New York 22:00 of the day before.
MORNING = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ALL = {"language": "zh-hans", "time_zone": NEW_YORK, "times": "absolute", "theme": "dark", "density": "compact"}


@pytest.fixture
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def choose(actor, **values):
    User.objects.filter(pk=actor.user_id).update(**values)


def save(client, **values):
    return client.post(reverse("settings"), {**ALL, **values})


@pytest.mark.parametrize("who", ["agent", "senior", "supervisor", "finance", "warehouse", "merchant", "admin"])
def test_everybody_has_the_page_and_keeps_what_they_choose(who, request):
    actor = request.getfixturevalue(who)
    client = seat(actor)

    page, saved = client.get(reverse("settings")), save(client)

    user = User.objects.get(pk=actor.user_id)
    assert (page.status_code, saved.status_code, saved.url) == (200, 302, "/settings/")
    assert {name: getattr(user, name) for name in ALL} == ALL
    assert user.single_keys is False


def test_what_was_chosen_is_seen_on_every_page_and_in_every_browser(agent, agent_user):
    save(seat(agent))
    elsewhere = Client()
    elsewhere.force_login(agent_user)

    page = elsewhere.get("/cases/").text

    assert '<html lang="zh-hans" dir="ltr" data-theme="dark" data-density="compact">' in page
    assert 'data-shortcuts="off"' in page


def test_saved_settings_are_confirmed_in_the_new_language(agent):
    client = seat(agent)

    save(client)

    assert "设置已保存。" in client.get(reverse("settings")).text


def test_strangers_are_asked_to_log_in(client):
    assert client.get(reverse("settings")).url.startswith("/login/")
    assert client.post(reverse("settings-keys")).url.startswith("/login/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"), ("time_zone", "../../etc/passwd"), ("time_zone", "EST5EDT"), ("time_zone", "\0"),
        ("language", "xx"), ("theme", "pink"), ("density", "tiny"), ("times", "never"),
    ],
)  # fmt: skip
def test_an_unknown_choice_is_refused_and_nothing_is_stored(field, value, agent, agent_user):
    response = save(seat(agent), **{field: value})

    agent_user.refresh_from_db()
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert (agent_user.language, agent_user.density, agent_user.time_zone) == ("", "", "")


def test_other_fields_of_a_login_can_not_be_sent_along(agent, agent_user):
    save(seat(agent), is_superuser="on", capacity="99", tour_seen_at="", username="boss", merchant="1")

    agent_user.refresh_from_db()
    assert (agent_user.is_superuser, agent_user.capacity, agent_user.username) == (False, 12, "agent")
    assert agent_user.tour_seen_at is not None


@pytest.mark.parametrize("field", ["density", "times"])
def test_the_database_knows_the_choices(field, agent):
    with pytest.raises(IntegrityError), transaction.atomic():
        choose(agent, **{field: "x"})


def test_every_offered_time_zone_exists():
    assert len(zones()) > 300
    assert NEW_YORK in zones() and "Asia/Shanghai" in zones() and "Factory" not in zones()


def test_a_zone_that_this_machine_does_not_know_any_more_leaves_the_shops(agent, case):
    choose(agent, time_zone="Europe/Atlantis")

    assert "CST" in seat(agent).get(address(case)).text


def test_single_keys_are_stored_with_the_login_and_before_it_in_a_cookie(agent, agent_user):
    client = seat(agent)
    client.cookies["shortcuts"] = "off"
    before = client.get("/cases/").text
    switched = client.post(reverse("settings-keys"), {"keys": "on"})
    elsewhere = Client()
    elsewhere.force_login(agent_user)
    elsewhere.cookies["shortcuts"] = "off"

    assert 'data-shortcuts="off"' in before
    assert (switched.status_code, switched.cookies["shortcuts"].value) == (204, "on")
    assert 'data-shortcuts="on"' in elsewhere.get("/cases/").text
    elsewhere.post(reverse("settings-keys"))
    assert 'data-shortcuts="off"' in client.get("/cases/").text


def test_times_are_shown_in_the_zone_of_who_looks(morning, case, agent, supervisor):
    choose(agent, time_zone=NEW_YORK)

    there, here = seat(agent).get(address(case)).text, seat(supervisor).get(address(case)).text

    assert "EDT" in there and "CST" not in there
    assert "CST" in here and "EDT" not in here


def test_who_works_for_a_shop_abroad_and_chose_nothing_is_in_its_zone(morning, case, merchant, agent):
    BusinessCalendar.objects.update(time_zone=NEW_YORK)

    there, here = seat(merchant).get(address(case)).text, seat(agent).get(address(case)).text
    choices = seat(merchant).get(reverse("settings")).text

    assert "EDT" in there and "in New York)" not in there
    assert "CST" in here and "in New York)" in here
    assert "As the shop: New York (UTC−04:00)" in choices


def test_who_wants_the_clock_first_reads_it_and_how_long_ago_in_the_tip(morning, agent, order, buyer):
    case = opened(order, by=buyer, at=MORNING - timedelta(hours=2))
    choose(agent, times="absolute")

    page = seat(agent).get(address(case)).text

    assert 'data-when="title" title="2 h ago">08:00</time>' in page
    assert ">2 h ago<" not in page


def test_moments_that_are_typed_are_read_in_the_zone_of_who_types(morning, supervisor):
    choose(supervisor, time_zone=NEW_YORK)

    response = seat(supervisor).post(
        reverse("aftersales:trouble-outage"),
        {"started_at": "2026-03-09T10:00", "ended_at": "2026-03-09T11:00", "reason": "The line was cut."},
    )

    assert response.status_code == 302
    assert Outage.objects.get().started_at == datetime(2026, 3, 9, 14, 0, tzinfo=UTC)


def test_the_zone_of_an_agent_moves_no_deadline(morning, shop, agent, agent2):
    """The clock of the refund counts the shop's business days: 10 March is Tuesday there, Monday evening here."""
    choose(agent, time_zone=NEW_YORK)
    cases_of = [opened(sold(merchant=shop, unshipped=True), by=agent2, at=MORNING, type=CaseType.REFUND_ONLY)
                for _each in range(2)]  # fmt: skip
    for by, case in zip((agent, agent2), cases_of, strict=True):
        assert seat(by).post(address(case, "approve"), sent(case)).status_code == 302

    of_agent, of_other = (dict(Deadline.objects.filter(case=case).values_list("kind", "due_at")) for case in cases_of)

    assert of_agent == of_other
    assert of_agent["refund"] > MORNING


def test_a_case_opened_from_another_zone_is_of_the_shops_day(morning, agent, order):
    choose(agent, time_zone=NEW_YORK)
    line = order.lines.first()
    typed = {"type": "return_refund", "reason": "changed_mind", f"units_{line.pk}": "1", f"amount_{line.pk}": "10"}

    response = seat(agent).post(reverse("aftersales:order-apply", args=[order.number]), typed)

    assert response.status_code == 302
    assert Case.objects.get().opened_on == date(2026, 3, 10)


def test_the_days_of_the_dashboard_and_of_its_lists_are_the_shops(morning, supervisor, supervisor2, shop, order, buyer):
    late = opened(order, by=buyer, at=datetime(2026, 3, 9, 15, 0, tzinfo=UTC))  # 23:00 there, still the 9th
    early = opened(
        sold(merchant=shop, buyer=order.buyer), by=buyer, at=datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
    )  # 01:00 of the 10th
    choose(supervisor, time_zone=NEW_YORK)
    away, here = seat(supervisor), seat(supervisor2)

    there, ours = away.get("/now/").context, here.get("/now/").context

    assert "/cases/?view=all&clock_approved=2026-03-10" in [tile["url"] for tile in there["tiles"]]
    assert {row.closed_today.params["ended"] for row in [*there["agents"], *ours["agents"]]} <= {"2026-03-10"}
    assert [tile["value"] for tile in there["tiles"]] == [tile["value"] for tile in ours["tiles"]]
    assert [tile["url"] for tile in there["tiles"]] == [tile["url"] for tile in ours["tiles"]]
    assert [row["parts"] for row in there["backlog"]] == [row["parts"] for row in ours["backlog"]]
    for client in (away, here):
        for day, case in (("2026-03-09", late), ("2026-03-10", early)):
            listed = client.get("/cases/", {"view": "all", "opened": day}).context["rows"]
            assert [row.cells.number for row in listed] == [case.number]


def test_the_limit_of_a_day_is_of_the_shops_day(morning, shop, agent, merchant):
    case = opened(sold(merchant=shop, unshipped=True), by=agent, at=MORNING, type=CaseType.REFUND_ONLY)
    yesterday = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)  # 23:00 there, 11:00 of the same day in New York
    other = opened(sold(merchant=shop, unshipped=True), by=agent, at=yesterday, type=CaseType.REFUND_ONLY)
    decisions.approve(other.pk, by=agent, at=yesterday)

    with timezone.override(NEW_YORK):
        assert authority.decided(case, agent, Role.AGENT, MORNING).today == 0
        assert shop_day.of(MORNING) == date(2026, 3, 10)
        assert shop_day.start(date(2026, 3, 10)) == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
