"""Receivables: money owed outside the payments, caused by what happens to a case, settled or waived by people."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate
from aftersales.actions.cases import holdings
from aftersales.actions.people import second_person
from aftersales.actions.refunds.finance import two_persons
from aftersales.models import Case, Receivable
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
from orders import books, entitlement
from orders.entitlement import Claim
from orders.models import Entry
from orders.models.posting import Account
from orders.refusals import Refused

ZERO = Decimal(0)
# What desk and merchant may settle too: they see the buyer's payment themselves.
SETTLED_BY_ALL = (Receivable.Kind.DIFFERENCE, Receivable.Kind.REPAIR_FEE)
# What a person says buyers paid or were paid, no gateway told us.
ACCOUNTS: dict[str, Account] = {
    Receivable.Party.MERCHANT: Account.MERCHANT,
    Receivable.Party.PLATFORM: Account.PLATFORM,
    Receivable.Party.BUYER: Account.BANK,
    Receivable.Party.CARRIER: Account.OUTSIDE,
    Receivable.Party.INSURER: Account.OUTSIDE,
    Receivable.Party.SUPPLIER: Account.OUTSIDE,
}


def owe(
    case: Case,
    kind: Receivable.Kind,
    amount: Decimal,
    debtor: Receivable.Party,
    creditor: Receivable.Party,
    *,
    at: datetime,
    rule: str = "",
    parcel: Parcel | None = None,
) -> Receivable:
    """Record that one party owes another a sum because of the case, due after the policy's `freight_claim_days`."""
    return Receivable.objects.create(
        case=case,
        order_id=case.order_id,
        merchant_id=case.merchant_id,
        kind=kind,
        debtor=debtor,
        creditor=creditor,
        currency=case.currency,
        amount=amount,
        rule=rule,
        parcel=parcel,
        created_at=at,
        due_at=at + timedelta(days=case.policy.freight_claim_days),
    )


def waive(case: Case, *kinds: Receivable.Kind, at: datetime) -> None:
    """Waive what is open of these kinds, because the case went another way; nobody in particular does it."""
    case.receivables.filter(kind__in=kinds, status=Receivable.Status.OPEN).update(
        status=Receivable.Status.WAIVED, settled_at=at
    )


def return_fee(case: Case, *, at: datetime) -> None:
    """A repair is not delivered: what the buyer had paid for it is owed back, what was not paid is waived."""
    waive(case, Receivable.Kind.REPAIR_FEE, at=at)
    fees = case.receivables.filter(kind=Receivable.Kind.REPAIR_FEE, status=Receivable.Status.SETTLED)
    paid = sum((fee.amount if fee.debtor == Receivable.Party.BUYER else -fee.amount for fee in fees), ZERO)
    if paid > ZERO:
        party, kind = Receivable.Party, Receivable.Kind.REPAIR_FEE
        owe(case, kind, paid, party.MERCHANT, party.BUYER, at=at, rule="not_repaired")


@gate.transactional
def settle(receivable_id: int, *, by: Actor, at: datetime, reference: str, note: str = "") -> Receivable:
    """Record that it was paid, under a reference of the bank or wallet; a price difference can then be given back.

    Above what one person of finance lets go a second one names the same reference; another reference begins anew. All
    of it is posted; what carriers and insurers pay goes straight to whom they owe it, on an account of its own.
    """
    two_persons.lock("settle_receivable", by)
    receivable, role = _open("settle_receivable", receivable_id, by)
    reference = reference.strip()
    if not reference:
        raise Refused(_("Say under which reference the money was paid."))
    reserved = _reserved_for_finance(receivable, role, receivable.case)
    if reserved:
        raise gate.Forbidden(reserved)
    if receivable.reference != reference:
        receivable.payment_told_by = receivable.payment_told_at = None
    first = receivable.payment_told_by
    if first is None and two_persons.has_to_wait(receivable.case, receivable.amount, role, by, at):
        return _tell_payment(receivable, role, by, at=at, reference=reference, note=note)
    two_persons.insist(receivable.payment_told_by_id, by, at=at)
    if receivable.kind == Receivable.Kind.DIFFERENCE:
        _raise_order(receivable, reference, at=at)
    _end(receivable, Receivable.Status.SETTLED, by=by, at=at, reference=reference, note=note)
    _post(receivable, at=at)
    told = two_persons.told(receivable.amount, role, first)
    log(receivable, "settle_receivable", role, by, at=at, why=note, reference=reference, **told)
    return receivable


def _tell_payment(
    receivable: Receivable, role: Role, by: Actor, *, at: datetime, reference: str, note: str
) -> Receivable:
    receivable.payment_told_by_id, receivable.payment_told_at = by.user_id, at
    receivable.reference, receivable.note = reference, note.strip()
    receivable.save(update_fields=["payment_told_by", "payment_told_at", "reference", "note"])
    log(receivable, "tell_payment", role, by, at=at, why=note, reference=reference)
    return receivable


@gate.transactional
def waive_one(receivable_id: int, *, by: Actor, at: datetime, why: str) -> Receivable:
    """Finance gives up a sum; above what it must release, or one lets go, a second person of finance has to agree."""
    two_persons.lock("waive_receivable", by)
    receivable, role = _open("waive_receivable", receivable_id, by)
    if not why.strip():
        raise Refused(_("Say why this is not asked for any more."))
    first = receivable.waiver_proposed_by
    if first is None and _waits_to_be_waived(receivable, role, by, at):
        return _propose_waiver(receivable, role, by, at=at, why=why)
    _refuse_own_proposal(receivable, by)
    second_person.insist(receivable.waiver_proposed_by_id, by.user_id, at=at)
    _end(receivable, Receivable.Status.WAIVED, by=by, at=at, note=why)
    told = two_persons.told(receivable.amount, role, first)
    log(receivable, "waive_receivable", role, by, at=at, why=why, **told)
    return receivable


def _waits_to_be_waived(receivable: Receivable, role: Role, by: Actor, at: datetime) -> bool:
    is_much = receivable.amount > receivable.case.policy.release_above
    return is_much or two_persons.has_to_wait(receivable.case, receivable.amount, role, by, at)


def _propose_waiver(receivable: Receivable, role: Role, by: Actor, *, at: datetime, why: str) -> Receivable:
    receivable.waiver_proposed_by_id, receivable.waiver_proposed_at, receivable.note = by.user_id, at, why.strip()
    receivable.save(update_fields=["waiver_proposed_by", "waiver_proposed_at", "note"])
    log(receivable, "propose_waiver", role, by, at=at, why=why)
    return receivable


def _refuse_own_proposal(receivable: Receivable, by: Actor) -> None:
    if receivable.waiver_proposed_by_id is not None and receivable.waiver_proposed_by_id == by.user_id:
        raise Refused(_("You proposed to waive it: a second person has to agree."))


def _open(action: str, receivable_id: int, by: Actor) -> tuple[Receivable, Role]:
    """The open receivable, locked after its case and order, and the role to act in; Refused once it has ended."""
    case_id, order_id = Receivable.objects.values_list("case_id", "order_id").get(pk=receivable_id)
    case = gate.locked(case_id)
    entitlement.locked_order(order_id)
    receivable = Receivable.objects.select_for_update(of=("self",)).get(pk=receivable_id)
    receivable.case = case
    role = gate.role_to(action, by, case)
    if receivable.status != Receivable.Status.OPEN:
        raise Refused(_("This is no longer owed: it is “%(state)s”.") % {"state": receivable.get_status_display()})
    return receivable, role


def may_settle(receivable: Receivable, by: Actor, case: Case) -> bool:
    """Whether somebody who sees the case may settle it."""
    role = by.role_for(moves.money.SETTLE_RECEIVABLE)
    return role is not None and not _reserved_for_finance(receivable, role, case)


def _reserved_for_finance(receivable: Receivable, role: Role, case: Case) -> str:
    """Sentence why this role leaves the settlement to finance; nothing where it may settle itself.

    Others settle only payments they see, and only sums that finance would not have to release.
    """
    if role == Role.FINANCE:
        return ""
    if receivable.kind not in SETTLED_BY_ALL or receivable.debtor != Receivable.Party.BUYER:
        return _("Only finance may do this.")
    limit = case.policy.release_above
    if receivable.amount > limit:
        return _("Above %(limit)s only finance settles it.") % {"limit": money_text(limit, receivable.currency)}
    return ""


def _raise_order(receivable: Receivable, reference: str, *, at: datetime) -> None:
    """Make the order worth more, line by line what the replacement costs more; units that did not pass are let go."""
    case = receivable.case
    lines = list(case.lines.order_by("order_line_id"))
    changes = {line.order_line_id: line.difference for line in lines if line.difference}
    # The buyer may pay for a replacement that the desk has changed since the sum was asked for.
    if not case.is_open or sum(changes.values(), ZERO) != receivable.amount:
        raise Refused(_("The replacement has changed since: this price difference is no longer the right one."))
    if case.goods_are_here:
        _hold_only_replaced(case)
    entitlement.add(case.order_id, changes, reference=reference, at=at)
    holdings.add(case, changes)


def _hold_only_replaced(case: Case) -> None:
    """Hold only the units that are replaced, so that each is worth what the buyer paid for it."""
    replaced = {
        line.order_line_id: Claim(
            line.order_line_id,
            min(line.units_accepted, line.units_held),
            holdings.part_of(line, min(line.units_accepted, line.units_held), case.currency),
        )
        for line in case.lines.all()
    }
    holdings.narrow(case, replaced, case.freight_held)


def _end(
    receivable: Receivable, status: Receivable.Status, *, by: Actor, at: datetime, reference: str = "", note: str = ""
) -> None:
    receivable.status, receivable.settled_at, receivable.settled_by_id = status, at, by.user_id
    receivable.reference, receivable.note = reference, note.strip() or receivable.note
    receivable.save()


def _post(receivable: Receivable, *, at: datetime) -> None:
    parties = {receivable.debtor, receivable.creditor}
    debit, credit = ACCOUNTS[receivable.debtor], ACCOUNTS[receivable.creditor]
    if parties & {Receivable.Party.CARRIER, Receivable.Party.INSURER} and Receivable.Party.BUYER in parties:
        debit = credit = Account.OUTSIDE  # from one to the other past our bank
    books.post(
        Entry.Kind.RECEIVABLE_PAID,
        f"receivable/{receivable.pk}",
        at=at,
        merchant_id=receivable.merchant_id,
        currency=receivable.currency,
        sides=books.moved(debit, credit, receivable.amount),
    )


def log(
    receivable: Receivable, action: str, role: Role, by: Actor, *, at: datetime, why: str = "", **data: str
) -> None:
    """Put an act on a receivable into the log of its case."""
    told = {"owed": receivable.kind, "amount": str(receivable.amount), **data}
    case_log.put(receivable.case, action, role=role, by=by, at=at, why=why, data=told)
