"""Payments that the buyer's bank disputes: refunds along them wait, a loss takes the place of what was to be paid."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate, wake
from aftersales.actions.people import acting_role
from aftersales.actions.refunds import intents, retries
from aftersales.models import Case, PaymentDispute, Refund
from aftersales.models.disputes.payment_dispute import DisputeKind, DisputeOutcome
from aftersales.models.refunds.refund import AT_GATEWAY, Payer
from aftersales.queries.disputes import payment_disputes
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import RefundStatus, Role
from orders import books, entitlement
from orders.models import Entry, Order, Payment
from orders.models.posting import Account
from orders.refusals import Refused

ZERO = Decimal(0)
R = RefundStatus


@gate.transactional
def begin(
    payment_id: int, kind: DisputeKind, amount: Decimal, *, by: Actor, at: datetime, reference: str, note: str = ""
) -> PaymentDispute:
    """Record that the buyer's bank disputes a payment: nothing is sent along it until that has ended.

    What is at the gateway by now is asked after, but never sent again. Refused while another dispute is open, and
    above what was captured.
    """
    role, person = _finance(by)
    payment = _locked(payment_id)
    _refuse_unfit(payment, amount, reference)
    dispute = PaymentDispute.objects.create(
        payment=payment,
        merchant_id=payment.order.merchant_id,
        kind=kind,
        currency=payment.currency,
        amount=amount,
        reference=reference,
        note=note,
        opened_at=at,
        opened_by_id=person,
    )
    _tell(dispute, role, by, at=at)
    return dispute


@gate.transactional
def win(dispute_id: int, *, by: Actor, at: datetime) -> PaymentDispute:
    """The bank has decided for the merchant: what waited goes on."""
    return _ended(dispute_id, DisputeOutcome.WON, by, at=at)


@gate.transactional
def lose(dispute_id: int, *, by: Actor, at: datetime) -> PaymentDispute:
    """The bank has given the buyer the money.

    1. Refunds that wait count as paid by it, the oldest first, the last one in part.
    2. What it took beyond them leaves the payment, so that it cannot be given back once more.
    3. What had gone back to the buyer before is kept as paid twice.
    """
    dispute = _ended(dispute_id, DisputeOutcome.LOST, by, at=at)
    left = dispute.amount
    for refund in _waiting(dispute):
        left -= _covered(refund, dispute, left, at=at)
    if left:
        _take(dispute, left, at=at)
    for case in Case.objects.filter(pk__in=dispute.refunds.values("case")).order_by("pk"):
        intents.complete_if_paid(case, at=at)
    return dispute


def _finance(by: Actor) -> tuple[Role, int]:
    role = acting_role.role_in(moves.money.DISPUTE_PAYMENT, by)
    if role is None or by.user_id is None:
        raise gate.Forbidden(_("Only finance may do this."))
    return role, by.user_id


def _locked(payment_id: int) -> Payment:
    """The payment in the lock order: the cases with refunds on it, their order, then itself."""
    list(Case.objects.select_for_update(of=("self",)).filter(refunds__payment=payment_id).order_by("pk"))
    list(Order.objects.select_for_update(of=("self",)).filter(payments=payment_id))
    return Payment.objects.select_for_update(of=("self",)).select_related("order").get(pk=payment_id)


def _refuse_unfit(payment: Payment, amount: Decimal, reference: str) -> None:
    if amount > payment.captured:
        raise Refused(_("The payment is smaller than that."))
    if payment_disputes.is_open(payment.pk):
        raise Refused(_("A dispute about this payment is open already."))
    if payment.disputes.filter(reference=reference).exists():
        raise Refused(_("A dispute with this reference has been recorded and has ended."))


def _ended(dispute_id: int, outcome: DisputeOutcome, by: Actor, *, at: datetime) -> PaymentDispute:
    role, person = _finance(by)
    _locked(PaymentDispute.objects.values_list("payment_id", flat=True).get(pk=dispute_id))
    dispute = PaymentDispute.objects.select_for_update(of=("self",)).select_related("payment").get(pk=dispute_id)
    if dispute.ended_at is not None:
        raise Refused(_("This dispute has ended already."))
    if outcome == DisputeOutcome.LOST:
        _refuse_in_doubt(dispute.payment_id)
    dispute.outcome, dispute.ended_at, dispute.ended_by_id = outcome, at, person
    dispute.save()
    _tell(dispute, role, by, at=at)
    wake.after_commit("send_refunds")
    return dispute


def _refuse_in_doubt(payment_id: int) -> None:
    refunds = Refund.objects.filter(payment=payment_id)
    if refunds.filter(status__in=AT_GATEWAY).exists():
        raise Refused(_("A refund along this payment is at the gateway: its outcome has to be known first."))
    if refunds.filter(status__in=payment_disputes.WAITING, hand_proposed_by__isnull=False).exists():
        raise Refused(_("Somebody says that a refund along this payment was paid by hand: answer that first."))


def _waiting(dispute: PaymentDispute) -> list[Refund]:
    """The refunds to be paid along the payment, the oldest first; each with its case."""
    waiting = Refund.objects.filter(payment=dispute.payment_id, status__in=payment_disputes.WAITING)
    return list(waiting.select_for_update(of=("self",)).select_related("case__policy").order_by("pk"))


def _covered(refund: Refund, dispute: PaymentDispute, left: Decimal, *, at: datetime) -> Decimal:
    """Count as much of a refund as paid by the bank as it has taken; answers how much."""
    if not left:
        return ZERO
    refund = _held(refund, at=at)
    if refund.amount > left:
        refund = retries.divided(refund, left, at=at)
    if refund.status != R.QUEUED:
        refund.queue()
    # It was the merchant's money that the bank took, whoever was to pay.
    refund.payer, refund.merchant_late_at, refund.chargeback = Payer.MERCHANT, None, dispute
    refund.last_code, refund.gateway_reference = "charged_back", dispute.reference
    intents.paid(refund, at=at)
    return refund.amount


def _held(refund: Refund, *, at: datetime) -> Refund:
    """The refund with its sum held on the payment."""
    if refund.status == R.REVERSED:
        return retries.owed_again(refund, at=at)
    if refund.status == R.FAILED:
        retries.hold_again(refund, at=at)
    return refund


def _take(dispute: PaymentDispute, amount: Decimal, *, at: datetime) -> None:
    payment = Payment.objects.get(pk=dispute.payment_id)
    taken = min(amount, payment.left)
    entitlement.shift_payment(payment.pk, lost=taken)
    PaymentDispute.objects.filter(pk=dispute.pk).update(overpaid=amount - taken)
    dispute.overpaid = amount - taken
    books.post(
        Entry.Kind.CHARGED_BACK,
        f"dispute-{dispute.pk}",
        at=at,
        merchant_id=dispute.merchant_id,
        currency=dispute.currency,
        sides=books.moved(Account.MERCHANT, Account.GATEWAY, amount),
    )


def _tell(dispute: PaymentDispute, role: Role, by: Actor, *, at: datetime) -> None:
    """Put it on the record of the order's open cases."""
    told = {"amount": str(dispute.amount), "reference": dispute.reference, "outcome": str(dispute.outcome)}
    for case in Case.objects.filter(order=dispute.payment.order_id, closed_at__isnull=True).order_by("pk"):
        case_log.put(case, "dispute_payment", role=role, by=by, at=at, data=told)
