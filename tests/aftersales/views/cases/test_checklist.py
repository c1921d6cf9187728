"""The procedure of a case: steps ticked off and taken back, by whom, and known by their English words."""

import pytest

from aftersales.actions.cases import checklist
from aftersales.models import Reason, StepDone, User
from aftersales.queries.cases import case_checklist, case_risk
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused
from tests.aftersales.stages import again
from tests.aftersales.views.desk import LATER, address, seat, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def steps(case):
    return [step.key for step in case_checklist.of(again(case))]


def signals(case, user):
    return [signal.text for signal in case_risk.signals(again(case), User.objects.get(pk=user.user_id), LATER)]


def test_a_step_is_ticked_off_and_taken_back(case, people):
    client, first = seat(people.agent), steps(case)[0]

    response = client.post(address(case, "step"), sent(case, done=first))

    done = StepDone.objects.get(case=case)
    assert response["Location"].endswith("#procedure")
    assert (done.step, done.user_id, done.done_at) == (first, people.agent.user_id, LATER)
    assert 'aria-pressed="true"' in client.get(address(case)).text
    client.post(address(case, "step"), sent(case, undone=first))
    assert not StepDone.objects.exists()


def test_ticking_twice_is_ticking_once_and_htmx_gets_the_list_alone(case, people):
    client, first = seat(people.agent), steps(case)[0]

    for _click in range(2):
        response = client.post(address(case, "step"), sent(case, done=first), headers={"HX-Request": "true"})

    assert StepDone.objects.count() == 1
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section class="card procedure"')


def test_a_step_that_an_admin_has_rewritten_is_refused_in_words(case, people):
    old = steps(case)[0]
    Reason.objects.filter(pk=case.reason_id).update(sop_en="Ask first", sop_zh="先问")

    with pytest.raises(Refused, match="no such step"):
        checklist.tick(case.pk, old, is_done=True, by=people.agent, at=LATER)
    response = seat(people.agent).post(address(case, "step"), sent(case, done=old))

    assert response.status_code == 422
    assert "no such step" in response.text
    assert steps(case) == ["Ask first"]


@pytest.mark.parametrize("role", [Role.FINANCE, Role.WAREHOUSE, Role.ADMIN])
def test_only_the_desk_ticks(role, case, people):
    client = seat(getattr(people, role.value))

    response = client.post(address(case, "step"), sent(case, done=steps(case)[0]))

    assert response.status_code in (403, 404)
    assert not StepDone.objects.exists()


def test_steps_are_known_by_their_english_words_in_either_language(case, people):
    client, first = seat(people.agent), steps(case)[0]
    client.cookies["django_language"] = "zh-hans"

    client.post(address(case, "step"), sent(case, done=first))

    assert case.reason.sop_zh.splitlines()[0] in client.get(address(case)).text
    assert StepDone.objects.get().step == case.reason.sop_en.splitlines()[0].strip()
