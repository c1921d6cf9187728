"""The label for a return, as PDF: for those who see the case, while goods are to come back."""

import pypdfium2
import pytest
from django.urls import reverse

from aftersales.models import User
from aftersales.rules.vocabulary import Status
from tests.aftersales.stages import stage
from tests.aftersales.views.desk import address, seat

pytestmark = pytest.mark.django_db


def label(client, case, **params):
    return client.get(reverse("aftersales:case-label", args=[case.number]), params)


def text_of(answer):
    return pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize("state", [Status.AWAITING_RETURN, Status.RETURN_IN_TRANSIT, Status.INSPECTING])
@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant", "warehouse"])
def test_who_works_on_the_return_prints_it(state, who, order, people):
    case = stage(state, order, people)

    answer = label(seat(getattr(people, who)), case)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{case.number}-a6.pdf"'
    assert case.number in text_of(answer)


@pytest.mark.parametrize("who", ["finance", "admin"])
def test_others_do_not(who, order, people):
    assert label(seat(getattr(people, who)), stage(Status.AWAITING_RETURN, order, people)).status_code == 403


def test_the_buyer_stands_on_it_masked(order, people):
    text = text_of(label(seat(people.agent), stage(Status.AWAITING_RETURN, order, people)))

    assert "张**" in text
    assert "138****6620" in text
    assert "13812346620" not in text
    assert "南京西路" not in text


def test_the_waybill_stands_on_it_once_it_is_known(order, people):
    case = stage(Status.RETURN_IN_TRANSIT, order, people)

    assert f"SF SF{case.pk}" in text_of(label(seat(people.agent), case))


def test_a4_comes_with_instructions(order, people):
    answer = label(seat(people.agent), stage(Status.AWAITING_RETURN, order, people), size="a4")

    assert "How to send it back" in text_of(answer)
    assert "a4.pdf" in answer["Content-Disposition"]


@pytest.mark.parametrize("state", [Status.PENDING_MERCHANT, Status.COMPLETED, Status.CLOSED, Status.INTERCEPTING])
def test_where_nothing_comes_back_the_page_says_so(state, order, people):
    answer = label(seat(people.agent), stage(state, order, people))

    assert answer.status_code == 409
    assert "no goods are on their way back" in answer.content.decode()


def test_the_case_page_offers_it_in_both_languages(order, people):
    case, client = stage(Status.AWAITING_RETURN, order, people), seat(people.agent)
    link = reverse("aftersales:case-label", args=[case.number])

    english = client.get(address(case)).content.decode()
    User.objects.filter(pk=people.agent.user_id).update(language="zh-hans")
    chinese = client.get(address(case)).content.decode()

    assert f"{link}?size=a6" in english
    assert "A4 with instructions" in english
    assert "退货标签" in chinese


def test_the_case_page_offers_no_label_where_nothing_comes_back(order, people):
    case = stage(Status.PENDING_MERCHANT, order, people)

    assert "/label/" not in seat(people.agent).get(address(case)).content.decode()


def test_what_the_label_says_the_scan_field_finds(order, people):
    case = stage(Status.AWAITING_RETURN, order, people)

    answer = seat(people.warehouse).get(reverse("aftersales:warehouse"), {"q": case.number})

    assert answer.url == reverse("aftersales:warehouse-case", args=[case.number])
