"""Who is at a case: seen by colleagues, forgotten by itself, never a fault without Redis."""

from datetime import timedelta

import pytest
from redis import Redis

from aftersales.live import presence
from aftersales.models import User
from aftersales.rules.vocabulary import Role
from tests.factories import NOON, MerchantFactory
from tests.people import person

pytestmark = pytest.mark.django_db
CASE = "AS-26-000001"


def user_of(actor):
    return User.objects.get(pk=actor.user_id)


def seen_by(actor, at=NOON):
    return [(here.user_id, here.is_writing) for here in presence.at_cases([CASE], user_of(actor), at).get(CASE, [])]


def test_a_colleague_sees_who_looks_and_who_writes(agent, agent2, senior):
    presence.note(CASE, user_of(agent), is_writing=False, at=NOON)
    presence.note(CASE, user_of(senior), is_writing=True, at=NOON)

    assert seen_by(agent2) == [(senior.user_id, True), (agent.user_id, False)]
    assert seen_by(agent) == [(senior.user_id, True)]


def test_presence_by_writing_replaces_that_by_looking(agent, agent2):
    for is_writing in (False, True, False, True):
        presence.note(CASE, user_of(agent), is_writing=is_writing, at=NOON)

    assert seen_by(agent2) == [(agent.user_id, True)]


def test_presence_ends_after_a_while_and_at_once_when_somebody_leaves(agent, agent2, senior):
    presence.note(CASE, user_of(agent), is_writing=False, at=NOON)
    presence.note(CASE, user_of(senior), is_writing=False, at=NOON)
    presence.forget(CASE, user_of(senior))

    assert seen_by(agent2, NOON + presence.FORGOTTEN_AFTER - timedelta(seconds=1)) == [(agent.user_id, False)]
    assert seen_by(agent2, NOON + presence.FORGOTTEN_AFTER) == []


def test_merchants_see_the_presence_of_their_own_people_only(agent, merchant, shop):
    partner = person("partner", Role.MERCHANT, merchant=shop)
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())
    presence.note(CASE, user_of(agent), is_writing=False, at=NOON)
    presence.note(CASE, partner, is_writing=True, at=NOON)
    presence.note(CASE, stranger, is_writing=False, at=NOON)

    assert seen_by(merchant) == [(partner.pk, True)]
    assert len(seen_by(agent)) == 2


def test_without_redis_nobody_is_seen_and_it_is_left_alone_for_a_while(agent, agent2, settings, monkeypatch):
    asked = []
    monkeypatch.setattr(
        presence, "_client", lambda url: asked.append(url) or Redis.from_url(url, socket_connect_timeout=0.2)
    )
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    presence.note(CASE, user_of(agent), is_writing=False, at=NOON)

    assert seen_by(agent2) == []
    assert presence.everybody(NOON) is None
    assert len(asked) == 1


def test_a_broken_member_in_redis_is_left_out(agent2):
    presence._ask(
        lambda client: client.zadd(presence.KEY, {"nonsense": NOON.timestamp() + 9, "a:b:c:d": NOON.timestamp() + 9})
    )

    assert presence.everybody(NOON) == frozenset()
