"""What a person may do only so often is refused with a sentence, a moment and a line in the log."""

import logging

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from redis import RedisError

from aftersales import rate_limits
from config import settings as shipped
from tests.aftersales.views.desk import address, picture, seat, upload
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limited(settings):
    settings.RATELIMIT_ENABLE, settings.RATE_LIMITS = True, dict.fromkeys(shipped.RATE_LIMITS, "3/10m")
    cache.clear()


def answers(client, ask, times=5):
    return [ask(client) for _time in range(times)]


def test_showing_masked_fields_again_and_again_is_refused_and_logged(agent, caplog):
    case, client = opened(sold(), by=agent), seat(agent)

    with caplog.at_level(logging.WARNING, "aftersales.rate_limits"):
        found = answers(client, lambda client: client.post(address(case, "reveal"), {"what": "phone"}))

    assert [each.status_code for each in found] == [200] * 3 + [429] * 2
    assert "You have shown many masked" in found[-1].text and "possible again in" in found[-1].text
    assert int(found[-1]["Retry-After"]) <= 600
    assert f"reveal: user {agent.user_id} has asked 5 times, 3 are allowed" in caplog.text
    assert case.events.filter(action="reveal").count() == 3


@pytest.mark.parametrize("place", ["/cases/?q=mug", "/orders/?q=mug", "/palette/?q=mug", "/cases/?q=other&view=mine"])
def test_every_search_is_counted_together(place, agent):
    client = seat(agent)
    answers(client, lambda client: client.get("/cases/?q=one"), 3)

    assert client.get(place).status_code == 429
    assert client.get("/cases/").status_code == 200


def test_what_one_person_does_is_not_counted_for_another(agent, agent2):
    answers(seat(agent), lambda client: client.get("/cases/?q=one"))

    assert seat(agent2).get("/cases/?q=one").status_code == 200


def test_a_cache_that_is_away_stops_nobody(agent, monkeypatch):
    def away(*_args, **_options):
        raise RedisError

    monkeypatch.setattr(rate_limits, "get_usage", away)

    assert seat(agent).get("/cases/?q=one").status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/cases/bulk/jobs/1/result.csv", "export"), ("/warehouse/stock/export/", "export"),
        ("/imports/1/rejected.csv", "export"), ("/cases/?q=", None), ("/cases/AS1/reveal/", "reveal"),
        ("/admin/aftersales/case/?q=AS", "search"), ("/live/", None),
    ],
)  # fmt: skip
def test_what_is_counted_as_what(path, kind):
    assert rate_limits.kind_of(RequestFactory().get(path)) == kind


def test_files_are_counted_wherever_they_are_sent(agent):
    assert rate_limits.kind_of(RequestFactory().post("/anywhere/", {"file": upload(picture())})) == "upload"
    assert rate_limits.kind_of(RequestFactory().post("/anywhere/", {"text": "x"})) is None
