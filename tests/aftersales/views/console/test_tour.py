"""The tour: once for everybody who works on cases, again for who asks, and to read without scripts."""

import pytest
from django.urls import reverse

from aftersales.models import User
from tests.aftersales.views.desk import address, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(agent):
    User.objects.filter(pk=agent.user_id).update(tour_seen_at=None)
    return seat(agent)


def test_the_tour_comes_by_itself_once(newcomer, case, agent_user):
    first = newcomer.get(address(case)).text

    seen = newcomer.post(reverse("tour-seen"))

    agent_user.refresh_from_db()
    assert 'data-tour="/tour/"' in first
    assert seen.status_code == 204 and agent_user.tour_seen_at is not None
    assert "data-tour" not in newcomer.get(address(case)).text


def test_the_tour_asked_for_again_begins_on_a_case(agent, case):
    client = seat(agent)

    answer = client.post(reverse("tour-again"))

    assert answer.url == address(case)
    assert 'data-tour="/tour/"' in client.get(answer.url).text


def test_the_tour_waits_for_the_next_case_where_none_is_open(agent):
    assert seat(agent).post(reverse("tour-again")).url == "/cases/"


def test_the_six_steps_of_the_tour_can_be_read_as_a_page(newcomer):
    page, box = newcomer.get(reverse("tour")), newcomer.get(reverse("tour"), headers={"HX-Request": "true"})

    for text in (page.text, box.text):
        assert text.count("data-at=") == 6
    assert "<html" in page.text and "<html" not in box.text
    assert "HX-Request" in page.headers["Vary"]


def test_people_without_cases_have_no_tour(warehouse, finance):
    for actor in (warehouse, finance):
        User.objects.filter(pk=actor.user_id).update(tour_seen_at=None)
        client = seat(actor)
        assert "data-tour" not in client.get("/cases/").text
        assert client.get(reverse("tour")).status_code == 403


def test_opening_an_address_does_not_mark_the_tour_as_seen(newcomer, agent_user):
    assert newcomer.get(reverse("tour-seen")).status_code == 405
    assert newcomer.get(reverse("tour-again")).status_code == 405
    agent_user.refresh_from_db()
    assert agent_user.tour_seen_at is None
