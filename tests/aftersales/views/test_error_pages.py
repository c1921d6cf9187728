"""Pages for what went wrong: who may and whom to ask, and nothing about what is somebody else's."""

import logging
import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from aftersales.actions.console import assignment
from aftersales.models import Case, Submission
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import address, seat, sent
from tests.factories import MerchantFactory
from tests.people import actor_for, person

pytestmark = pytest.mark.django_db


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_a_page_of_others_says_whose_it_is_and_whom_to_ask(agent):
    refused = seat(agent).get("/finance/")

    assert refused.status_code == 403
    assert "This is for: Supervisor · Finance." in plain(refused)
    assert "You are here as: Agent." in plain(refused)
    assert "Ask one of them" in plain(refused)


def test_an_act_of_others_says_so_too(case, finance, agent):
    assert "This is for: Supervisor." in plain(seat(agent).post(address(case, "suspend"), sent(case)))
    assert "This is for: Supervisor · Senior agent · Agent · Merchant." in plain(
        seat(finance).get(address(case, "offer"))
    )


def test_what_may_not_be_seen_is_not_there(case):
    """The same page, letter by letter, as for a case that does not exist."""
    stranger = seat(actor_for(person("stranger", Role.MERCHANT, merchant=MerchantFactory())))

    def asked(number):
        text = stranger.get(address(case).replace(case.number, number)).text.replace(number, "")
        return re.sub(r'csrf[^"]*"[^"]*"[^"]*"|X-CSRFToken": "[^"]*"|server-time" content="[^"]*"', "", text)

    theirs, nothing = asked(case.number), asked("AS-26-999999")

    assert theirs == nothing
    assert "There is nothing here for you" in theirs


@pytest.mark.parametrize("code", [400, 403, 404, 409, 422, 429, 500])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_trouble_says_what_happened_and_where_to_go(code, language):
    with translation.override(language):
        page = render_to_string(f"{code}.html", {})

    assert page.count("<h1") == 1 and page.count("<main") == 1
    assert f"{code}" in page
    assert 'class="btn primary"' in page
    assert len(re.findall(r"<p>[^<]{8,}</p>", page)) >= 2


@pytest.fixture
def fault_lines(caplog):
    """What Django logs of a fault; its logger hands nothing on, so the lines are taken there."""
    logger = logging.getLogger("django.request")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def statement(sql):
    """An act that is this one statement."""

    def act(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return act


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE aftersales_case SET requested_amount = -1", "case_money_not_negative"),
        ("INSERT INTO aftersales_case SELECT * FROM aftersales_case", "aftersales_case_pkey"),
    ],
)
def test_a_broken_constraint_is_a_fault_with_its_line_in_the_log(sql, rule, case, agent, monkeypatch, fault_lines):
    monkeypatch.setattr(assignment, "assign", statement(sql))
    client = seat(agent)
    client.raise_request_exception = False

    response = client.post(address(case, "assign"), sent(case, agent=agent.user_id))

    assert response.status_code == 500
    assert rule in fault_lines.text
    assert not Submission.objects.exists()
    assert Case.objects.get().assignee_id is None


def test_a_form_sent_twice_acts_once_and_is_no_fault(case, agent, fault_lines):
    client, form = seat(agent), sent(case, agent=agent.user_id)

    first, second = (client.post(address(case, "assign"), form) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert second.url == first.url
    assert not fault_lines.records


def test_a_form_with_the_key_of_another_one_does_nothing_and_says_so(case, agent):
    client, form = seat(agent), sent(case, agent=agent.user_id)
    client.post(address(case, "assign"), form)
    before = Case.objects.get()

    response = client.post(address(case, "approve"), {**form, "version": before.version})

    assert response.status_code == 422
    assert "this form has the key of another one" in response.content.decode()
    assert (Case.objects.get().version, Submission.objects.count()) == (before.version, 1)


def test_a_cookie_that_hides_nul_is_no_session(client):
    client.cookies["sessionid"] = "aaaaaaaaaaaaaaaa\0b"

    assert client.get("/cases/").status_code == 302
