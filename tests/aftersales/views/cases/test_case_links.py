"""Cases that became others: the page links them, and the thread goes on; others than theirs see neither."""

import pytest

from aftersales.actions.cases.reshaping import splits
from aftersales.actions.conversation import messages
from aftersales.actions.disputes import evidence
from aftersales.rules.vocabulary import CaseType, Role
from tests.aftersales.reshaped import converted
from tests.aftersales.views.desk import LATER, address, seat
from tests.factories import MerchantFactory, opened, tiny_photo
from tests.people import actor_for, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


@pytest.fixture
def old(order, buyer):
    case = opened(order, by=buyer, reason="agreed")
    messages.send(case.pk, "The zip is stuck.", by=buyer, at=LATER)
    evidence.add(case.pk, [tiny_photo()], by=buyer, at=LATER)
    return case


@pytest.fixture
def new(old, agent):
    return converted(old, CaseType.REFUND_ONLY, by=agent, at=LATER)


def test_each_page_names_the_other_case(old, new, agent):
    client = seat(agent)

    assert f'Goes on as <a href="{address(new)}">{new.number}</a>' in client.get(address(old)).text
    assert f'Continues <a href="{address(old)}">{old.number}</a>' in client.get(address(new)).text


def test_the_thread_of_the_old_case_goes_on_in_the_new_one(new, agent):
    assert "The zip is stuck." in seat(agent).get(address(new)).text


def test_photos_of_the_old_case_are_shown_from_there(old, new, agent):
    photo, client = old.evidence.get(), seat(agent)
    where = f"{address(old)}evidence/{photo.pk}/"

    assert f'href="{where}"' in client.get(address(new)).text
    assert client.get(where).status_code == 200


def test_a_split_is_named_on_both_pages(old, agent):
    part = splits.split(old.pk, {old.lines.get().pk: 1}, by=agent, at=LATER)
    client = seat(agent)

    assert f'Split off <a href="{address(part)}">' in client.get(address(old)).text
    assert f'Split from <a href="{address(old)}">' in client.get(address(part)).text


def test_a_case_without_relatives_names_none(old, agent):
    assert "Cases that belong together" not in seat(agent).get(address(old)).text


def test_a_note_of_the_old_case_is_not_for_the_merchant(old, new, agent, merchant):
    messages.note(old.pk, "Watch this one.", by=agent, at=LATER)

    assert "Watch this one." in seat(agent).get(address(new)).text
    assert "Watch this one." not in seat(merchant).get(address(new)).text


def test_another_shop_sees_neither(old, new):
    stranger = seat(actor_for(person("stranger", Role.MERCHANT, merchant=MerchantFactory())))

    assert [stranger.get(address(case)).status_code for case in (old, new)] == [404, 404]
