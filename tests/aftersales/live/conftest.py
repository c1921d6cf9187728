"""A hub that is turned by hand, and ears that keep what they heard."""

import json

import pytest

from aftersales.live import presence
from aftersales.live.hub import Hub
from aftersales.queries.people.actors import with_rights
from tests.aftersales.views.desk import seat


class Ear:
    """Somebody's open stream."""

    def __init__(self):
        self.heard, self.is_open, self.has_left = [], True, False

    def send(self, data):
        self.heard.append(data.decode())
        return not self.has_left

    def is_gone(self):
        return self.has_left

    def close(self):
        self.is_open = False

    def told(self, event="changes"):
        """The data of the events of a kind, oldest first."""
        parts = [dict(line.split(": ", 1) for line in text.strip().splitlines()) for text in self.heard]
        return [json.loads(part["data"]) for part in parts if part.get("event") == event]


@pytest.fixture
def hub(monkeypatch):
    """Nothing happens in it but by `hub.turn(at, seconds)`."""
    made = Hub()
    monkeypatch.setattr(made, "_begin", lambda: None)
    return made


@pytest.fixture
def listening(hub):
    """Opens a stream of somebody: `listening(agent)`."""

    def listen(actor, client=None):
        client = client or seat(actor)
        stream = hub.open(with_rights([actor.user_id])[0], client.session.session_key, most=9)
        ear = Ear()
        stream.attach(ear)
        return ear

    return listen


@pytest.fixture(autouse=True)
def nobody_here(monkeypatch):
    """Each test has a place of its own in Redis, which is asked again at once."""
    monkeypatch.setattr(presence, "KEY", "desk:present:test")
    monkeypatch.setattr(presence.REST, "until", 0.0)
    presence._ask(lambda client: client.delete(presence.KEY))
