"""The dialog in which a macro is chosen in a case."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.rules.conversation.tools import StepKind
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stored_tools import macro, says
from tests.aftersales.views.desk import address, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


K = StepKind


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def place(case, made):
    return reverse("aftersales:case-macro", args=[case.number, made.pk])


@pytest.fixture
def agree(supervisor):
    text = says("Please send it to {return_address} before {deadline}.")
    return macro(supervisor, K.APPROVE, text, title_en="Agree and say where", title_zh="同意并告知地址")


def test_the_macro_dialog_lists_what_fits_and_searches(case, agent, supervisor, agree):
    macro(supervisor, says("x"), title_en="For repairs", case_types=[CaseType.REPAIR])
    client = seat(agent)

    listed = client.get(address(case, "macros"), headers={"HX-Request": "true"})
    found = client.get(address(case, "macros"), {"q": "地址"}, headers={"HX-Request": "true", "HX-Target": "picked"})
    nothing = client.get(address(case, "macros"), {"q": "zzz"}, headers={"HX-Request": "true", "HX-Target": "picked"})

    assert "Agree and say where" in listed.text
    assert "For repairs" not in listed.text
    assert found.text.count('role="option"') == 1
    assert "No macro that fits this case has “zzz”" in nothing.text


def test_the_macro_dialog_takes_as_many_queries_however_many_macros(case, agent, supervisor):
    client, counts = seat(agent), []

    for number in range(20):
        macro(supervisor, K.APPROVE, says("x"), title_en=f"No. {number}")
        if number in (0, 19):
            client.get(address(case, "macros"))
            with CaptureQueriesContext(connection) as queries:
                client.get(address(case, "macros"))
            counts.append(len(queries))

    assert counts[0] == counts[1] <= 8
