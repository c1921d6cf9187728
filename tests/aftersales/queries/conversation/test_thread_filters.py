"""One thing of a case's thread and record alone: every event has its place, pages keep the choice, the cost stays."""

import ast
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales import moves
from aftersales.models import Event, Message
from aftersales.queries.cases import timeline, wording
from aftersales.queries.conversation import thread_filters
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON, opened

ONE_THING = [show for show in thread_filters.LABELS if show]
EVENTS = (thread_filters.SYSTEM, thread_filters.MONEY, thread_filters.PARCELS)
# Calls that write an event, with the place of its name among their arguments.
WRITERS = {"move": 1, "put": 1, "log": 1, "_log": 1, "give": 2, "_give": 2, "Step": 1}


def written():
    """Every name of an event that the actions put on record, read from their source."""
    for path in sorted((settings.BASE_DIR / "aftersales" / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = WRITERS.get(name)
            named = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
            for each in named + ([node.args[place]] if place is not None and len(node.args) > place else []):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def test_every_event_is_about_something():
    recorded = moves.where(lambda act: act.said)

    assert {"claim", "reveal", "release_refund", "approve", "match_parcel"} <= set(written())
    assert set(written()) - recorded == set()
    assert frozenset().union(*(thread_filters.actions_of(show) for show in EVENTS)) >= recorded


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def thousand(case, agent):
    """A thousand entries: five kinds in turn, many of them at one instant."""
    actions = {
        thread_filters.SYSTEM: "extend",
        thread_filters.MONEY: "settle_receivable",
        thread_filters.PARCELS: "receive",
    }
    Message.objects.bulk_create(
        Message(case=case, role=Role.AGENT, user_id=agent.user_id, body=f"No. {number}", is_note=number % 2 == 1,
                sent_at=NOON + timedelta(minutes=number // 7))
        for number in range(400)
    )  # fmt: skip
    Event.objects.bulk_create(
        Event(case=case, role=Role.AGENT, user_id=agent.user_id, action=actions[EVENTS[number % 3]], version=1,
              from_status=case.status, to_status=case.status, happened_at=NOON + timedelta(minutes=number // 7))
        for number in range(600)
    )  # fmt: skip
    return case


def shown(case, show, *, is_insider=True):
    """Page after page to the end."""
    found, before = [], None
    while True:
        entries, before = timeline.page(case, is_insider=is_insider, evidence=[], rounds=[], before=before, show=show)
        found += entries
        if before is None:
            return found


@pytest.mark.django_db
def test_each_choice_shows_its_own_to_the_end_and_together_they_are_everything(thousand):
    parts = {show: shown(thousand, show) for show in ONE_THING}
    everything = shown(thousand, thread_filters.ALL)

    assert {show: len(found) for show, found in parts.items()} == {
        "messages": 200, "notes": 200, "system": 201, "money": 200, "parcels": 200,
    }  # fmt: skip
    assert sorted(map(str, (entry.place for found in parts.values() for entry in found))) == sorted(
        str(entry.place) for entry in everything
    )
    for found in parts.values():
        assert found == sorted(found, key=lambda entry: (entry.at, entry.place.rank, entry.place.pk), reverse=True)


@pytest.mark.django_db
def test_what_this_version_has_no_word_for_is_of_the_system(case):
    Event.objects.create(
        case=case, happened_at=NOON, action="of_next_year", role=Role.CLOCK, to_status=case.status, version=1
    )

    assert "of_next_year" in [entry.event for entry in shown(case, thread_filters.SYSTEM)]


@pytest.mark.django_db
@pytest.mark.parametrize("show", ["", *ONE_THING])
def test_merchants_see_no_inner_affairs_whatever_they_choose(show, thousand, agent):
    for action in wording.INTERNAL:
        Event.objects.create(
            case=thousand, happened_at=NOON, action=action, role=Role.AGENT, user_id=agent.user_id,
            to_status=thousand.status, version=1,
        )  # fmt: skip

    seen = shown(thousand, show, is_insider=False)

    assert not [entry for entry in seen if entry.kind == "note"]
    assert not {entry.event for entry in seen} & {str(moves.EVERY[action].said) for action in wording.INTERNAL}


@pytest.mark.django_db
def test_a_merchant_who_asks_for_notes_sees_what_there_is_without(thousand, merchant):
    page = seat(merchant).get(address(thousand), {"show": "notes"})

    assert page.context["show"] == thread_filters.ALL
    assert 'href="/cases/' in page.text and "show=notes#thread" not in page.text
    assert "No. 1<" not in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("show", ["", *ONE_THING])
def test_a_page_of_a_thousand_entries_costs_as_many_queries_as_one_of_few(show, order, buyer, agent, thousand, shop):
    from tests.factories import sold

    few = sold(merchant=shop, buyer=order.buyer)
    small = opened(few, by=buyer)
    client = seat(agent)

    def cost(case, **params):
        url, said = address(case), {"show": show, **params}
        client.get(url, said)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url, said)
        assert len(response.content) <= 60 * 1024
        return len(queries), response

    (of_small, _page), (of_many, page) = cost(small), cost(thousand)
    of_older, older = cost(thousand, before=str(page.context["older"]))

    assert of_many == of_small
    assert len(older.context["entries"]) == timeline.PAGE
    assert of_older <= of_small + 2  # the hand-over still tells the newest
    assert page.text.count('aria-current="true">') >= 1
    assert f'href="?{f"show={show}&amp;" if show else ""}before=' in older.text


@pytest.mark.django_db
@pytest.mark.parametrize("show", ["nonsense", "NOTES", "\0", "messages;"])
def test_an_unknown_filter_of_the_thread_shows_everything(show, case, agent):
    assert seat(agent).get(address(case), {"show": show}).context["show"] == thread_filters.ALL


@pytest.mark.django_db
def test_a_choice_swaps_the_entries_and_leaves_the_composer_alone(thousand, agent):
    headers = {"HX-Request": "true", "HX-Target": "timeline"}

    part = seat(agent).get(address(thousand), {"show": "money"}, headers=headers)

    assert part.text.strip().startswith("<section") and 'id="timeline"' in part.text
    assert 'id="composer"' not in part.text and "<html" not in part.text
    assert 'show=money" aria-current="true"' in part.text
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.django_db
def test_the_hand_over_tells_of_everything_whatever_is_shown(case, agent, buyer):
    from aftersales.actions.conversation import messages

    messages.note(case.pk, "The buyer is right.", by=agent, at=NOON)

    page = seat(agent).get(address(case), {"show": "money"})

    assert "The buyer is right." in page.text
    assert page.context["entries"] == []
