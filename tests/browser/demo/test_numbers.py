"""Peer 40: a number on Now and the list behind it never disagree (chatwoot#14141). Every number of the demo shop."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from aftersales.actions.console import assignment
from aftersales.models import Case, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.vocabulary import WAITING_ON_US

pytestmark = pytest.mark.django_db
TILE = re.compile(r'<a class="tile[^"]*" href="(/cases/[^"]*)"[^>]*>.*?<b[^>]*>\s*(\d+)\s*</b>', re.S)
CELL = re.compile(r'<a class="cell" href="(/cases/[^"]*)"[^>]*>\s*(?:<b>)?(\d+)')


@pytest.fixture
def chief(demo):
    client = Client()
    client.force_login(User.objects.get(username="supervisor"))
    return client


@pytest.fixture
def standing_still(demo):
    """The moment stands: a deadline that passes between two pages would be a difference of time, not of counting."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def numbers(client):
    """Every number of Now with the address it opens."""
    page = client.get("/now/").content.decode()
    return [(unescape(address), int(number)) for address, number in TILE.findall(page) + CELL.findall(page)]


def listed(client, address):
    """The cases of a list, page after page, and what it says it holds."""
    found, says = [], None
    while address:
        page = client.get(address)
        found += [row.cells.number for row in page.context["rows"]]
        says = says or page.context["count"]
        address = page.context["older_url"]
    return found, says


def differences(client):
    shown = numbers(client)
    for address, number in shown:
        found, says = listed(client, address)
        if not (number == len(found) == len(set(found)) == int(says)):
            yield f"{address}: {number} on Now, {says} above the list, {len(found)} in it"


def test_every_number_on_now_is_the_length_of_its_list(chief, standing_still):
    shown = numbers(chief)

    assert len(shown) > 60
    assert sum(number for _address, number in shown) > 200
    assert list(differences(chief)) == []


def test_numbers_and_lists_agree_after_cases_have_moved(chief, standing_still):
    boss, agent = User.objects.get(username="supervisor"), User.objects.get(username="senior")
    free = Case.objects.filter(assignee__isnull=True, status__in=WAITING_ON_US)[:3]
    before = dict(numbers(chief))["/cases/?view=unassigned"]

    for case in list(free):
        assignment.assign(case.pk, agent, by=actor_for(boss), at=timezone.now())

    assert dict(numbers(chief))["/cases/?view=unassigned"] == before - 3
    assert list(differences(chief)) == []
