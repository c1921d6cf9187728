"""Which forms of the console ask anew who one is: those that move money or open accounts, at whatever address."""

from decimal import Decimal

import pytest
from django.urls import resolve

from aftersales.actions.disputes import guarantee, payment_disputes
from aftersales.actions.people import accounts
from aftersales.models.disputes.payment_dispute import DisputeKind
from aftersales.rules.vocabulary import Role
from tests.aftersales.bad_inputs.form import Form
from tests.aftersales.bad_inputs.forms import FORMS
from tests.aftersales.bad_inputs.sending import money_of
from tests.aftersales.tenants import RULES
from tests.aftersales.views.desk import seat

pytestmark = pytest.mark.django_db
QUESTION = "Confirm that it is you"


def withdrawal_of(world):
    terms = {"by": world.people.finance, "at": world.at}
    guarantee.pay_in(world.shop.pk, Decimal(900), "CNY", reference="IN", **terms)
    return guarantee.ask_withdrawal(world.shop.pk, Decimal(9), "CNY", reference="OUT", **terms)


def dispute_of(world):
    return payment_disputes.begin(
        world.failed.payment_id, DisputeKind.DISPUTED, Decimal(1), by=world.people.finance, at=world.at, reference="CB"
    )


def request_of(world):
    who, by = world.users["agent2"].pk, world.people.admin
    return accounts.ask_role(who, Role.SENIOR, by=by, at=world.at, why="grown up")


def account_of(world):
    return f"/people/{world.users['agent2'].pk}"


# What the bad inputs leave out, since it holds no text or sum.
MORE = {
    "allow": Form(
        "supervisor",
        lambda world: f"/approvals/{world.asked.pk}/",
        lambda world: {"verdict": "allow", f"{world.asked.pk}-answer": "x"},
    ),
    "allow-on-case": Form("supervisor", lambda world: f"/cases/{world.dear.number}/allow/", lambda world: {}),
    "release-many": Form("finance", lambda world: "/finance/release/", lambda world: {"r": world.failed.pk}),
    "release": Form("finance", lambda world: f"/finance/{world.failed.number}/release/"),
    "confirm": Form("finance", lambda world: f"/finance/{world.failed.number}/confirm/"),
    "drop": Form("finance", lambda world: f"/finance/{world.failed.number}/drop/"),
    "pay-in": Form(
        "finance",
        lambda world: f"/finance/guarantee/{world.shop.code}/",
        lambda world: {"kind": "deposit", "currency": "CNY", "amount": "5", "reference": "B-1"},
    ),
    "withdraw-guarantee": Form(
        "finance",
        lambda world: f"/finance/guarantee/{world.shop.code}/",
        lambda world: {"kind": "withdrawal", "currency": "CNY", "amount": "5", "reference": "B-2"},
    ),
    "confirm-withdrawal": Form(
        "finance2", lambda world: f"/finance/guarantee/{world.shop.code}/{withdrawal_of(world).pk}/confirm/"
    ),
    "dispute": Form(
        "finance",
        lambda world: f"/finance/disputes/of/{world.failed.payment_id}/",
        lambda world: {"kind": "disputed", "amount": "5", "reference": "CB-2"},
    ),
    "end-dispute": Form(
        "finance", lambda world: f"/finance/disputes/{dispute_of(world).pk}/", lambda world: {"outcome": "lost"}
    ),
    "ask-role": Form(
        "admin",
        lambda world: "/people/ask/",
        lambda world: {"account": world.users["agent2"].pk, "role": "finance", "why": "x"},
    ),
    "grant-role": Form(
        "admin", lambda world: f"/people/requests/{request_of(world).pk}/", lambda world: {"verdict": "grant"}
    ),
    "take-role": Form("admin", lambda world: f"{account_of(world)}/take/", lambda world: {"role": "agent"}),
    "link": Form("admin", lambda world: f"{account_of(world)}/link/"),
    "factor": Form("admin", lambda world: f"{account_of(world)}/factor/"),
    "own-factor": Form("agent", lambda world: "/account/second-factor/", lambda world: {"code": "1"}),
    "own-codes": Form("agent", lambda world: "/account/second-factor/codes/"),
    "admin-person": Form("admin", lambda world: f"/admin/aftersales/user/{world.users['agent2'].pk}/change/"),
    "admin-policy": Form("admin", lambda world: "/admin/aftersales/policy/add/"),
    "admin-team": Form("admin", lambda world: "/admin/aftersales/team/add/"),
}
ASK = {
    *("allow", "allow-on-case", "rule-for-buyer", "rule-for-merchant"),
    *("propose", "retry", "release", "release-many", "confirm", "drop", "settle-owed", "waive-owed"),
    *("pay-in", "withdraw-guarantee", "confirm-withdrawal", "dispute", "end-dispute"),
    *("ask-role", "grant-role", "take-role", "link", "factor", "own-factor", "own-codes"),
    *("admin-person", "admin-policy", "admin-team"),
}
EVERY = {**FORMS, **MORE}

# Asked and answered, most are done at once; these are refused for another reason, or show something.
REFUSED = ("release", "confirm", "drop", "withdraw-guarantee", "grant-role", "own-factor")
GOES_ON = dict.fromkeys(REFUSED, 422) | dict.fromkeys(("link", "admin-person", "admin-policy", "admin-team"), 200)

# Pages on which only money and accounts are moved; of their addresses these only show.
MONEY_PAGES = {"finance", "payout", "approvals", "people"}
LISTS = {"finance", "finance-accounts", "finance-disputes", "finance-history", "finance-owed", "finance-refund"}
SHOWN = {f"aftersales:{name}" for name in LISTS | {"approvals"}} | {"people"}


@pytest.mark.parametrize("name", EVERY)
def test_money_and_accounts_ask_who_one_is_and_nothing_else_does(name, world, settings):
    settings.CONFIRM_AGAIN = True
    form = EVERY[name]
    client = seat(world.people.__dict__[form.who]) if form.who else pytest.skip("for strangers")
    data = form.data(world) | ({"version": world.cases[form.state].version} if form.state else {})
    path, before = form.path(world), money_of(world)

    answer = client.post(path, data)

    assert (QUESTION in answer.text) == (name in ASK)
    if name in ASK:
        assert (answer.status_code, money_of(world)) == (422, before)
        again = client.post(path, data | {"confirm_password": "demo"})
        assert QUESTION not in getattr(again, "text", "")
        assert again.status_code == GOES_ON.get(name, 302)


def test_no_address_of_money_is_left_out(world):
    sent = {resolve(form.path(world)).view_name for form in EVERY.values()}
    money = {name for name, rule in RULES.items() if rule.page in MONEY_PAGES}

    assert money - sent == SHOWN
