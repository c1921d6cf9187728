"""What needs an admin: each fact is told while it holds, and no longer."""

from datetime import UTC, datetime, timedelta

import pytest

from aftersales.models import Policy, Team, User
from aftersales.queries.oversight import admin_tasks
from aftersales.rules.vocabulary import Role
from tests.factories import MerchantFactory
from tests.people import person

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 10, 4, tzinfo=UTC)
DAY = timedelta(days=1)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def in_order(settings):
    settings.EMAIL_BACKEND = SMTP
    Team.objects.create(name="All")


def told(at=MARCH):
    return [task.sentence for task in admin_tasks.tasks(at)]


def test_nothing_is_told_while_all_is_in_order(agent):
    assert told() == []


def test_a_year_that_is_not_announced_is_told_from_november_on():
    (sentence,) = told(datetime(2026, 11, 2, tzinfo=UTC))

    assert sentence.startswith("The official calendar of 2027 is not known yet")


def test_people_without_what_they_work_for_are_named():
    person("lone", Role.AGENT)
    person("gone", Role.AGENT, is_active=False)
    User.objects.create(username="nobody", display_name="Nobody")

    assert told() == [
        "Without a team, they see no case: Lone.",
        "Without a role, they have no page: Nobody.",
    ]


def test_one_person_of_finance_has_no_second_one():
    person("finance", Role.FINANCE)
    person("left", Role.FINANCE, is_active=False)
    alone = told()
    person("finance2", Role.FINANCE)

    assert alone == ["Nobody of finance but Finance: what two of them have to agree to waits."]
    assert told() == []


def test_more_than_five_names_are_counted():
    for number in range(7):
        person(f"a{number}", Role.SENIOR)

    assert told() == ["Without a team, they see no case: A0, A1, A2, A3, A4 and 2 more."]


def test_a_merchant_whom_no_team_serves_is_named():
    served, alone = MerchantFactory(), MerchantFactory()
    Team.objects.get(name="All").merchants.add(served)

    assert told() == [f"No team serves them, so their cases wait: {alone.name}."]


@pytest.mark.parametrize(("ends", "number"), [(MARCH - DAY, 0), (MARCH + 10 * DAY, 1), (MARCH + 31 * DAY, 0)])
def test_a_policy_that_ends_soon_is_told_unless_one_follows(ends, number):
    extra = Policy.objects.create(
        name="Shoes", version=1, effective_from=MARCH - 99 * DAY, effective_until=ends, category="shoes"
    )

    assert len(told()) == number
    assert {task.pk for task in admin_tasks.tasks(MARCH)} <= {extra.pk}
    Policy.objects.create(name="Shoes", version=2, effective_from=ends, category="shoes")
    assert told() == []


def test_without_a_policy_for_everything_an_admin_is_told():
    Policy.objects.filter(name="General").update(effective_until=MARCH - DAY)

    assert told() == ["No policy for everything is in force: requests that no other one covers are refused."]


@pytest.mark.parametrize("backend", ["console", "dummy", "locmem", "filebased"])
def test_mail_that_reaches_nobody_is_told(settings, backend):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"

    assert told() == ["Mail is not set up (EMAIL_URL): notices to buyers and merchants reach nobody."]
