"""Amounts, ids, versions and fields that should not be in a form: refused, and nothing changes that should not.

Peer 34: no request sets an amount, a type, a state or somebody else's order; negatives are refused.
"""

import itertools
import uuid
from html import escape

import pytest

from aftersales.models import Case, Message, Offer
from orders.models import Payment
from tests import counts, shared_world
from tests.aftersales.bad_inputs.forms import FORMS
from tests.aftersales.bad_inputs.sending import OK, Sender, money_of

pytestmark = pytest.mark.django_db
AMOUNTS = [
    "0",
    "-1",
    "-0.01",
    "0.001",
    "1e9",
    "1e400",
    "NaN",
    "-NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "９９９９９９",
    "٣",
    "½",
    "10.00 USD",
    "1,0,0",
    "1.000,00",
    "0x10",
    "1_000",
    " ",
    "+5",
    "--5",
    "99999999999999999999999999",
    "1.",
    ".5",
    "1e-3",
    "\x001",
    "<b>1</b>",
    "10" * 400,
]
EXTRA = {
    "status": "completed",
    "merchant": "2",
    "merchant_id": "2",
    "buyer_id": "1",
    "order_id": "1",
    "requested_amount": "1",
    "agreed_amount": "1",
    "amount_total": "1",
    "paid_amount": "1",
    "assignee": "1",
    "assignee_id": "1",
    "policy": "1",
    "version_number": "9",
    "is_superuser": "1",
    "by": "1",
    "at": "2020-01-01",
    "case": "1",
    "pk": "1",
    "id": "1",
    "number": "AS-26-999999",
    "currency_code": "USD",
    "freight_held": "999",
    "round_number": "9",
    "due_at": "2099-01-01",
    "refund": "1",
    "reserved": "0",
    "settled": "0",
}


# Those left out need more than their fields: a right password, a refund that waits, a file.
@pytest.mark.parametrize("sender", sorted(set(FORMS) - {"login", "release-many", "import"}), indirect=True)
def test_a_good_form_is_taken(sender):
    answer = sender.send("good")

    assert answer.status_code in (200, 302), answer.content.decode()[:2000]


def test_an_empty_form_moves_no_money(sender, world):
    before = money_of(world)

    answer = sender.client.post(sender.form.path(world), {})

    assert answer.status_code in OK | {403}
    if sender.name not in WITHOUT_FIELDS:
        assert money_of(world) == before


WITHOUT_FIELDS = frozenset(name for name, form in FORMS.items() if form.state and name not in ("message", "note")) | {
    "claim"
}


def test_a_strange_amount_is_refused_and_moves_no_money(sender, world):
    before = money_of(world)
    biggest = max(case.requested_amount for case in world.cases.values())

    def judge(answer):
        worst = [offer.amount for offer in Offer.objects.all() if not 0 <= offer.amount <= biggest]
        negative = Case.objects.filter(requested_amount__lt=0).count() + Payment.objects.filter(reserved__lt=0).count()
        more = [case for case in Case.objects.all() if case.requested_amount > case.order.paid_amount]
        changed = answer.status_code == 422 and money_of(world) != before
        return worst or negative or more or ("changed although refused" if changed else "")

    third = sorted(FORMS).index(sender.name) % 3  # each amount meets a third of the forms
    for name, amount in itertools.product(
        sender.form.amounts(world), counts.of(sample=AMOUNTS[third::3], long=AMOUNTS)
    ):
        sender.send(f"{name}={amount}", judge=judge, **{name: amount})


@pytest.mark.parametrize("amount", ["-1", "0.001", "1e9", "NaN", "Infinity", "９９９９９９", "abc"])
def test_an_impossible_amount_is_refused_in_words_and_stays(world, amount):
    for name in ("offer", "rule-for-buyer", "apply", "reapply", "approve"):
        sender = Sender(name, world)
        field = FORMS[name].amounts(world)[0]

        answer = sender.send(f"{name} {amount}", expected={422}, **{field: amount})

        assert sender.wrong == []
        assert f'value="{escape(amount)}"' in answer.content.decode()


def test_fields_that_a_form_does_not_have_are_ignored(sender, world):
    """The same as without them: no state, no merchant, no sum is taken from a form that does not ask for it."""
    extra = {name: value for name, value in EXTRA.items() if name not in sender.good()}
    outcomes = []

    for more in ({}, extra):
        data = {**sender.good(), **more}
        with shared_world.undone():
            sender.client.post(sender.form.path(world), data)
            outcomes.append(money_of(world))

    # new rows have other keys in the second try; all else is the same
    assert [row[1:] for row in outcomes[0][0]] == [row[1:] for row in outcomes[1][0]]
    assert outcomes[0][1:] == outcomes[1][1:]


def test_an_id_of_another_shop_changes_nothing_there(sender, world):
    def judge(answer):
        foreign = Case.objects.get(pk=world.foreign.pk)
        moved = (foreign.status, foreign.version) != (world.foreign.status, world.foreign.version)
        line = foreign.order.lines.get()
        return "the foreign case was changed" if moved or line.units_reserved != 2 else ""

    good = sender.good()
    for name, value in sender.form.ids(world).items():
        expected = {422} if name in good or name == "address" else OK
        expected = OK if sender.name in ("release-many",) else expected
        sender.send(f"{name}={value}", expected=expected, judge=judge, **{name: value})
        for odd in ("0", "-1", "99999999999999999999999", "1; DROP", "½", "1.5", "\x00", "None", ""):
            sender.send(f"{name}={odd}", judge=judge, **{name: odd})


# What these do is right whatever happened meanwhile.
WITHOUT_VERSION = frozenset({"reveal", "propose", "retry", "message", "note", "assign"})
VERSIONED = sorted(name for name, form in FORMS.items() if form.state and name not in WITHOUT_VERSION)


@pytest.mark.parametrize("sender", VERSIONED, indirect=True)
def test_a_form_with_a_strange_version_or_key_moves_no_money(sender, world):
    before = money_of(world)

    def judge(answer):
        return "done on a version that never was" if answer.status_code == 302 and money_of(world) != before else ""

    for version in ("abc", "-1", "0", "99999999999999999999", "1.5", "\x00", "1 OR 1=1"):
        sender.send(f"version={version}", judge=judge, version=version)
    for key in ("abc", "x" * 10_000, "\x00", str(uuid.UUID(int=0))):
        sender.send(f"once={key}", once=key)


def test_a_second_sending_of_a_form_changes_nothing_more(sender, world):
    data = sender.good()
    with shared_world.undone():
        first = sender.client.post(sender.form.path(world), data)
        after_one = money_of(world), Message.objects.count()
        second = sender.client.post(sender.form.path(world), data)
        after_two = money_of(world), Message.objects.count()

    assert second.status_code in OK
    assert after_two == after_one
    if first.status_code == 302 and sender.name not in ("login", "language", "theme", "sandbox-faults"):
        assert second.status_code == 302
