"""The preview of an act for many cases says what the job then does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.actions.cases import decisions, extensions
from aftersales.actions.console import bulk
from aftersales.models import User
from aftersales.queries.console import bulk as queries
from aftersales.queries.console.bulk import Selected
from aftersales.queries.people.actors import actor_for
from tests.aftersales.bulk_jobs import asked, only_outcomes, picked
from tests.aftersales.stages import refusal
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


def test_a_preview_asks_the_database_as_often_for_one_as_for_many(order, buyer, agent_user, supervisor):
    rows = asked(order, buyer, 12)
    for action, user in (("approve", agent_user), ("extend", agent_user), ("take", agent_user), ("reject", agent_user)):
        said = {"user": User.objects.get(pk=user.pk), "by": actor_for(user), "at": NOON}
        spent = []
        for some in (rows[:1], rows):
            with CaptureQueriesContext(connection) as queries_asked:
                queries.preview(action, {}, picked(*some), **said)
            spent.append(len(queries_asked))

        assert spent[0] <= spent[1] + 2, action
        assert spent[1] <= 7, action


def test_the_preview_says_what_the_job_does(order, buyer, agent_user, boss):
    rows = asked(order, buyer, 5)
    decisions.reject(rows[0].pk, by=actor_for(boss), at=NOON, reason=refusal())
    extensions.extend(rows[1].pk, by=actor_for(boss), at=NOON, why="x", days=1)
    marks = [Selected(rows[0].pk, 2), *picked(*rows[1:])]

    told = queries.preview("approve", {}, marks, user=agent_user, by=actor_for(agent_user), at=NOON)
    done = only_outcomes(bulk.begin("approve", {}, marks, by=agent_user, at=NOON))

    assert told.able == done.count("done") == 3
    assert {group.reason: group.numbers for group in told.groups} == {
        "Not possible while a case is “Rejected”.": [rows[0].number],
        "It was changed after you selected it.": [rows[1].number],
    }
