"""A merchant's guarantee account: what is paid in is booked, what is taken out waits for a second person."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.people import acting_role, second_person
from aftersales.models import GuaranteeMovement
from aftersales.models.disputes.guarantee_movement import MovementKind
from aftersales.moves import rights
from aftersales.queries.disputes import guarantee
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from orders import books
from orders.models import Entry, Merchant
from orders.models.posting import Account
from orders.refusals import Refused


@gate.transactional
def pay_in(
    merchant_id: int, amount: Decimal, currency: str, *, by: Actor, at: datetime, reference: str, note: str = ""
) -> GuaranteeMovement:
    """Book what the merchant has transferred, under the bank's reference; Refused if that is booked already."""
    movement = _recorded(merchant_id, MovementKind.DEPOSIT, amount, currency, by, at, reference, note)
    movement.booked_at = at
    movement.save()
    _book(movement, Entry.Kind.DEPOSIT, Account.BANK, Account.GUARANTEE, at=at)
    return movement


@gate.transactional
def ask_withdrawal(
    merchant_id: int, amount: Decimal, currency: str, *, by: Actor, at: datetime, reference: str, note: str = ""
) -> GuaranteeMovement:
    """Ask to transfer money back to the merchant; nothing is booked before a second person has confirmed it."""
    movement = _recorded(merchant_id, MovementKind.WITHDRAWAL, amount, currency, by, at, reference, note)
    _refuse_more_than_left(movement)
    movement.save()
    return movement


@gate.transactional
def confirm_withdrawal(movement_id: int, *, by: Actor, at: datetime) -> GuaranteeMovement:
    """The second person has sent the money: it is booked, if the account still holds it by now."""
    movement = _open_withdrawal(movement_id, by)
    if movement.recorded_by_id == by.user_id:
        raise Refused(_("You asked for this withdrawal: a second person has to confirm it."))
    second_person.insist(movement.recorded_by_id, by.user_id, at=at)
    _refuse_more_than_left(movement)
    movement.booked_at, movement.confirmed_by_id = at, by.user_id
    movement.save()
    _book(movement, Entry.Kind.WITHDRAWAL, Account.GUARANTEE, Account.BANK, at=at)
    return movement


@gate.transactional
def drop_withdrawal(movement_id: int, *, by: Actor, at: datetime) -> GuaranteeMovement:
    """Take a withdrawal back that nobody has confirmed, as either person may."""
    movement = _open_withdrawal(movement_id, by)
    movement.dropped_at = at
    movement.save()
    return movement


def _recorded(
    merchant_id: int,
    kind: MovementKind,
    amount: Decimal,
    currency: str,
    by: Actor,
    at: datetime,
    reference: str,
    note: str,
) -> GuaranteeMovement:
    person = _person(by)
    Merchant.objects.select_for_update().get(pk=merchant_id)
    if GuaranteeMovement.objects.filter(kind=kind, reference=reference, dropped_at__isnull=True).exists():
        sentence = _("A transfer with the reference %(reference)s is recorded already.")
        raise Refused(sentence % {"reference": reference})
    return GuaranteeMovement(
        merchant_id=merchant_id,
        kind=kind,
        amount=amount,
        currency=currency,
        reference=reference,
        note=note,
        recorded_at=at,
        recorded_by_id=person,
    )


def _open_withdrawal(movement_id: int, by: Actor) -> GuaranteeMovement:
    """The withdrawal that waits for an answer, with its account locked: no other one counts the same money."""
    _person(by)
    merchant_id = GuaranteeMovement.objects.values_list("merchant_id", flat=True).get(pk=movement_id)
    Merchant.objects.select_for_update().get(pk=merchant_id)
    movement = GuaranteeMovement.objects.get(pk=movement_id)
    if not movement.is_open:
        raise Refused(_("This withdrawal has been answered already."))
    return movement


def _person(by: Actor) -> int:
    if by.user_id is None or acting_role.role_in(rights.MOVE_GUARANTEE, by) is None:
        raise gate.Forbidden(_("Only finance may do this."))
    return by.user_id


def _refuse_more_than_left(movement: GuaranteeMovement) -> None:
    left = guarantee.left(movement.merchant_id, movement.currency)
    if movement.amount > left:
        facts = {"left": money_text(max(left, Decimal(0)), movement.currency)}
        raise Refused(_("At most %(left)s can be withdrawn: that is what is left on the account.") % facts)


def _book(movement: GuaranteeMovement, kind: Entry.Kind, debit: Account, credit: Account, *, at: datetime) -> None:
    books.post(
        kind,
        movement.reference,
        at=at,
        merchant_id=movement.merchant_id,
        currency=movement.currency,
        sides=books.moved(debit, credit, movement.amount),
    )
