"""Refunds that wait for finance: released by one person, above what one lets go by two."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate, wake
from aftersales.actions.people import second_person
from aftersales.actions.refunds import intents
from aftersales.actions.refunds.finance import two_persons
from aftersales.models import Case, Refund
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import RefundStatus, Role
from orders.models import Order
from orders.refusals import Refused


@gate.transactional
def release(refund_id: int, *, by: Actor, at: datetime) -> Refund:
    """Finance lets a refund above the policy's `release_above` go out; Refused unless it waits for that.

    Above what one person lets go it goes on waiting, released by the first, until a second person releases it too.
    """
    two_persons.lock("release_refund", by)
    refund, role = intents.refund_for("release_refund", refund_id, by)
    if refund.status != RefundStatus.AWAITING_RELEASE:
        sentence = _("This refund does not wait for release: it is “%(state)s”.")
        raise Refused(sentence % {"state": refund.get_status_display()})
    second_person.insist_on_decider(refund.case_id, by.user_id, at=at)
    two_persons.insist(refund.first_released_by_id, by, at=at)
    if refund.first_released_by_id is None and two_persons.has_to_wait(refund.case, refund.amount, role, by, at):
        return _release_first(refund, role, by, at=at)
    return _let_go(refund, role, by, at=at)


def _release_first(refund: Refund, role: Role, by: Actor, *, at: datetime) -> Refund:
    refund.first_released_at, refund.first_released_by_id = at, by.user_id
    refund.save(update_fields=["first_released_at", "first_released_by"])
    intents.log(refund, "release_first", role, by, at=at)
    return refund


def _let_go(refund: Refund, role: Role, by: Actor, *, at: datetime) -> Refund:
    refund.queue()
    refund.released_at, refund.released_by_id = at, by.user_id
    refund.save()
    told = two_persons.told(refund.amount, role, refund.first_released_by)
    intents.log(refund, "release_refund", role, by, at=at, **told)
    wake.after_commit("send_refunds")
    return refund


def said(refund: Refund) -> str:
    """What a release came to, for the person who made it."""
    if refund.status == RefundStatus.AWAITING_RELEASE:
        return _("Your release is on record: a second person of finance has to release it too.")
    return _("Released: the worker sends it now.")


@gate.transactional
def release_many(refund_ids: Sequence[int], *, by: Actor, at: datetime) -> list[tuple[Refund, str]]:
    """Release what finance has ticked; answers each refund with the sentence why it did not go out, or nothing."""
    two_persons.lock("release_refund", by)
    chosen = Refund.objects.filter(pk__in=refund_ids).order_by("case_id", "pk")
    # All cases before all orders: two people who release overlapping selections then wait, and never for each other.
    list(Case.objects.select_for_update(of=("self",)).filter(refunds__in=refund_ids).order_by("pk"))
    list(Order.objects.select_for_update(of=("self",)).filter(refunds__in=refund_ids).order_by("pk"))
    return [(refund, _why_not(refund, by=by, at=at)) for refund in chosen]


def _why_not(refund: Refund, *, by: Actor, at: datetime) -> str:
    try:
        released = release(refund.pk, by=by, at=at)
    except gate.Forbidden:
        raise
    except Refused as refusal:
        return str(refusal)
    return said(released) if released.status == RefundStatus.AWAITING_RELEASE else ""
