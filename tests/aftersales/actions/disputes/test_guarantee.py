"""A merchant's guarantee account: paid in by one person, taken out by two, never below what is left."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions import gate
from aftersales.actions.disputes import guarantee
from aftersales.models import GuaranteeMovement
from aftersales.queries.disputes import guarantee as accounts
from aftersales.queries.oversight import invariants
from orders.models import Entry
from orders.refusals import Refused
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def pay_in(shop, people, amount=500, reference="IN-1", **fields):
    return guarantee.pay_in(shop.pk, Decimal(amount), "CNY", by=people.finance, at=NOON, reference=reference, **fields)


def ask(shop, people, amount=200, reference="OUT-1"):
    return guarantee.ask_withdrawal(shop.pk, Decimal(amount), "CNY", by=people.finance, at=NOON, reference=reference)


def balance(shop):
    return accounts.balances([shop])[0]


def test_what_is_paid_in_is_booked_at_once_from_the_bank(shop, people):
    pay_in(shop, people)

    entry = Entry.objects.get(kind=Entry.Kind.DEPOSIT)
    assert {side.account: side.amount for side in entry.postings.all()} == {"bank": 500, "guarantee": -500}
    assert (balance(shop).deposited, balance(shop).left) == (500, 500)


def test_a_transfer_is_booked_once(shop, people):
    pay_in(shop, people)

    with pytest.raises(Refused, match="IN-1 is recorded already"):
        pay_in(shop, people)


def test_a_withdrawal_is_booked_when_a_second_person_has_confirmed_it(shop, people, finance2):
    pay_in(shop, people)
    asked = ask(shop, people)
    assert balance(shop).left == 500

    guarantee.confirm_withdrawal(asked.pk, by=finance2, at=NOON)

    assert (balance(shop).withdrawn, balance(shop).left) == (200, 300)


def test_nobody_confirms_their_own_withdrawal(shop, people):
    pay_in(shop, people)
    asked = ask(shop, people)

    with pytest.raises(Refused, match="second person"):
        guarantee.confirm_withdrawal(asked.pk, by=people.finance, at=NOON)
    with pytest.raises(IntegrityError, match="a_second_person_confirms_a_withdrawal"), transaction.atomic():
        GuaranteeMovement.objects.update(confirmed_by=asked.recorded_by, booked_at=NOON)


def test_two_withdrawals_cannot_take_the_same_money(shop, people, finance2):
    pay_in(shop, people, 300)
    first, second = ask(shop, people, 200, "OUT-1"), ask(shop, people, 200, "OUT-2")
    guarantee.confirm_withdrawal(first.pk, by=finance2, at=NOON)

    with pytest.raises(Refused, match=r"At most ¥100\.00"):
        guarantee.confirm_withdrawal(second.pk, by=finance2, at=NOON)


def test_more_than_is_left_is_not_even_asked_for(shop, people):
    with pytest.raises(Refused, match=r"At most ¥0\.00"):
        ask(shop, people)


def test_a_withdrawal_that_is_taken_back_frees_its_reference(shop, people, finance2):
    pay_in(shop, people)
    guarantee.drop_withdrawal(ask(shop, people).pk, by=finance2, at=NOON)

    again = ask(shop, people)

    assert again.is_open
    with pytest.raises(Refused, match="answered already"):
        guarantee.confirm_withdrawal(GuaranteeMovement.objects.exclude(pk=again.pk).last().pk, by=finance2, at=NOON)


@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant", "warehouse", "admin"])
def test_only_finance_moves_a_guarantee_account(shop, people, who):
    with pytest.raises(gate.Forbidden):
        guarantee.pay_in(shop.pk, Decimal(1), "CNY", by=getattr(people, who), at=NOON, reference="X")
    assert not GuaranteeMovement.objects.exists()


def test_the_books_agree_after_any_movement(shop, people, finance2):
    pay_in(shop, people)
    guarantee.confirm_withdrawal(ask(shop, people).pk, by=finance2, at=NOON)
    ask(shop, people, 100, "OUT-2")

    assert [each.name for each in invariants.check_all() if each.count] == []
