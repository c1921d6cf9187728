"""The test bank's page: switches, balances, two books beside each other; not there where money is real."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, refund_worker
from aftersales.models import Refund, User
from aftersales.rules.vocabulary import CaseType, RefundStatus, Role
from aftersales.views import submissions
from orders.gateways import sandbox
from orders.gateways.base import RefundRequest
from tests.factories import opened
from tests.people import person

pytestmark = pytest.mark.django_db
PAGE = "/sandbox/"


@pytest.fixture
def boss(client, admin):
    client.force_login(User.objects.get(username="admin"))
    return client


@pytest.fixture
def refund(unshipped, buyer, agent):
    at = timezone.now() - timedelta(minutes=30)
    decisions.approve(opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY, at=at).pk, by=agent, at=at)
    refund_worker.send_next(at)
    return Refund.objects.get()


def switches(**changed):
    return {**dict.fromkeys(sandbox.FAULTS, "off"), **changed}


def test_faults_are_switched_on_and_all_off(boss):
    boss.post("/sandbox/faults/", switches(decline="９%", slow="always:0.2", late_reversal="3x:5"))
    on = sandbox.faults()
    boss.post("/sandbox/faults/", {"all": "off"})

    assert on == {"decline": "9%", "slow": "always:0.2", "late_reversal": "3x:5"}
    assert sandbox.faults() == {}


@pytest.mark.parametrize("typed", ["sometimes", "101%", "-1x", "NaN", "<script>", "9" * 50, "\x00x"])
def test_a_fault_value_that_can_not_be_read_is_refused_and_shown_again(boss, typed):
    answer = boss.post("/sandbox/faults/", switches(decline=typed))

    assert answer.status_code == 422
    assert answer.context["faults"]["decline"].value() == typed
    assert sandbox.faults() == {}


def test_a_counted_fault_that_was_left_alone_keeps_its_count(boss, refund):
    sandbox.set_fault("error_500", "3x")

    boss.post("/sandbox/faults/", switches(error_500="3x", decline="1x"))

    assert sandbox.faults() == {"decline": "1x", "error_500": "3x"}


def test_balances_are_limited_and_topped_up_once(boss, shop):
    form = {"merchant": "shop", "currency": "CNY", "amount": "５0.5", "way": "limit"}
    boss.post("/sandbox/balance/", {**form, "once": submissions.new_key()})
    top_up = {**form, "amount": "10", "way": "top_up", "once": submissions.new_key()}
    boss.post("/sandbox/balance/", top_up)
    boss.post("/sandbox/balance/", top_up)

    assert sandbox.balances() == {("shop", "CNY"): Decimal("60.50")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "-1"}, {"amount": "0.001"}, {"amount": "1e9"}, {"amount": "NaN"}, {"amount": ""},
        {"merchant": "nobody"}, {"currency": "XXX"}, {"way": "steal"},
    ],
)  # fmt: skip
def test_a_balance_that_makes_no_sense_is_refused(boss, shop, wrong):
    good = {"merchant": "shop", "currency": "CNY", "amount": "5", "way": "limit", "once": submissions.new_key()}

    answer = boss.post("/sandbox/balance/", {**good, **wrong})

    assert answer.status_code == 422
    assert sandbox.balances() == {}


def test_both_books_agree_after_a_refund(boss, refund):
    page = boss.get(PAGE)

    assert [(pair.number, pair.difference) for pair in page.context["pairs"]] == [(refund.number, "")]
    assert [(each.currency, each.difference) for each in page.context["sums"]] == [("CNY", 0)]


def test_differences_are_pointed_out(boss, refund):
    sandbox.Sandbox().send(RefundRequest("stranger", "pay-x", Decimal(1), "CNY", Decimal(5), "shop"))
    sandbox.reverse(refund.number)

    pairs = {pair.number: pair for pair in boss.get(PAGE).context["pairs"]}
    sums = boss.get(PAGE).context["sums"]

    assert (pairs["stranger"].difference, pairs["stranger"].meaning) == ("not ours", "bad")
    assert pairs[refund.number].difference == "another outcome"
    assert sums[0].difference == 1 - refund.amount


def test_an_admin_has_notices_applied_at_once(boss, refund):
    gateway_notices.apply_notices(timezone.now())
    sandbox.reverse(refund.number)

    waiting = boss.get(PAGE).context["waiting"]
    boss.post("/sandbox/notices/")

    assert waiting == 1
    assert Refund.objects.get().status == RefundStatus.REVERSED


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.FINANCE, Role.WAREHOUSE, Role.MERCHANT])
def test_only_admins_have_the_page(client, shop, role):
    client.force_login(person("stranger", role, merchant=shop if role == Role.MERCHANT else None))

    answers = [
        client.get(PAGE),
        client.post("/sandbox/faults/", switches(decline="always")),
        client.post("/sandbox/notices/"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert sandbox.faults() == {}


def test_the_test_bank_is_absent_where_money_is_real(boss, settings, refund):
    settings.IS_PRODUCTION = True
    hidden = [
        boss.get(PAGE).status_code,
        boss.post("/sandbox/faults/", switches(decline="always")).status_code,
        boss.post("/sandbox/balance/", {}).status_code,
        boss.post("/sandbox/notices/").status_code,
    ]
    settings.GATEWAYS = {"sandbox": "orders.gateways.sandbox.Sandbox"}

    assert hidden == [404] * 4
    assert boss.get(PAGE).status_code == 200
