"""The rule behind a "?": its words and numbers in the version that the case has, as a page and as a part."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.models import Policy
from aftersales.queries.policies import rule_text
from aftersales.rules.refunds import freight, second_person
from aftersales.rules.vocabulary import DeadlineKind
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON, MerchantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
TOPICS = [*rule_text.TOPICS, *(f"clock-{kind.value}" for kind in DeadlineKind)]


def rule(topic, policy):
    return reverse("aftersales:rule", args=[topic, policy.pk])


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_rule_has_its_page_and_its_part(topic, language, case, agent):
    client = seat(agent)
    client.cookies["django_language"] = language

    page = client.get(rule(topic, case.policy))
    part = client.get(rule(topic, case.policy), headers={"HX-Request": "true"})

    assert (page.status_code, part.status_code) == (200, 200)
    assert "<html" in page.text and "<html" not in part.text
    assert str(case.policy) in part.text
    assert f"/rules/?policy={case.policy.pk}#" in part.text
    assert "<li>" in part.text


def test_a_rule_says_the_numbers_of_its_version_and_not_of_another(case, agent):
    other = Policy.objects.create(
        name="Other", version=7, merchant=case.merchant, effective_from=NOON, response_hours=31, authority_agent=77
    )

    said = seat(agent).get(rule("clock-merchant_response", other)).text
    limits = seat(agent).get(rule("authority", other)).text

    assert "Other v7" in said and re.search(r"<dd class=\"num\">31</dd>", said)
    assert "77" in limits and str(second_person.within_authority.condition) in limits


def test_a_version_that_is_over_is_still_quoted_and_says_so(case, agent):
    Policy.objects.filter(pk=case.policy_id).update(effective_until=NOON)

    assert "no longer in force" in seat(agent).get(rule("sum", case.policy)).text


def test_the_sentence_that_decided_the_freight_of_a_case_stands_first(case, agent):
    said = seat(agent).get(rule("freight", case.policy), {"rule": "merchant_fault"}).text
    without = seat(agent).get(rule("freight", case.policy), {"rule": "<script>"}).text

    assert re.search(rf"In this case:</b> {re.escape(str(freight.WHY['merchant_fault']))}", said)
    assert "In this case" not in without and "<script>" not in without.partition("<body")[2]


@pytest.mark.parametrize("topic", ["nonsense", "clock-nonsense", "clock-"])
def test_an_unknown_rule_is_not_found(topic, case, agent):
    assert seat(agent).get(rule(topic, case.policy)).status_code == 404


def test_merchants_read_their_own_rules_and_not_those_of_another(case, merchant):
    theirs = Policy.objects.create(name="Theirs", version=1, merchant=MerchantFactory(), effective_from=NOON)

    assert seat(merchant).get(rule("sum", case.policy)).status_code == 200
    assert seat(merchant).get(rule("sum", theirs)).status_code == 404


def test_the_page_of_a_case_leads_to_its_rules_and_asks_nothing_more(case, agent, merchant):
    page = seat(agent).get(address(case)).text

    for topic in ("clock-merchant_response", "freight", "sum", "window"):
        assert (
            f'data-rule href="{rule(topic, case.policy)}' in page
            or f'href="{rule(topic, case.policy)}" data-rule' in page
        )
    assert "authority" in seat(agent).get(address(case, "offer"), headers={"HX-Request": "true"}).text


def test_a_rule_costs_few_queries(case, agent):
    client = seat(agent)
    client.get(rule("sum", case.policy))

    with CaptureQueriesContext(connection) as queries:
        client.get(rule("sum", case.policy), headers={"HX-Request": "true"})

    assert len(queries) <= 4
