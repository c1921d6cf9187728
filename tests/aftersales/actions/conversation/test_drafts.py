"""What is typed is kept for who typed it, until it is sent or emptied."""

import uuid

import pytest

from aftersales.actions import gate
from aftersales.actions.conversation import drafts
from aftersales.models import Draft, Submission
from aftersales.queries.conversation import drafts as draft_queries
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def keep(case, text, by, **said):
    return drafts.save(case.pk, text, **{"is_note": False, "once": None, "by": by, "at": NOON, **said})


def test_the_last_text_is_kept_for_each_person_and_case(case, agent, senior):
    keep(case, "Dear", agent)
    keep(case, "Dear Zhang,", agent, is_note=True)
    keep(case, "Another hand", senior)

    assert draft_queries.draft(agent.user_id, case.pk).body == "Dear Zhang,"
    assert draft_queries.draft(agent.user_id, case.pk).is_note
    assert draft_queries.draft(senior.user_id, case.pk).body == "Another hand"


def test_an_emptied_text_is_no_draft(case, agent):
    keep(case, "Dear", agent)

    assert keep(case, " \n", agent) is None
    assert not Draft.objects.exists()


def test_a_draft_that_arrives_after_its_form_was_sent_is_over(case, agent):
    once = uuid.uuid4()
    Submission.objects.create(user_id=agent.user_id, key=once)

    keep(case, "typed in the last moment", agent, once=once)

    assert draft_queries.draft(agent.user_id, case.pk) is None


def test_people_who_may_not_write_have_no_drafts(case, agent, merchant, finance):
    with pytest.raises(gate.Forbidden):
        keep(case, "x", finance)
    with pytest.raises(gate.Forbidden):
        keep(case, "x", merchant, is_note=True)
    assert not Draft.objects.exists()
