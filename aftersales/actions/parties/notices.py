"""Delivers the outbox: an e-mail to those who have an address; the row remembers what became of it."""

import logging
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import Case, Notice
from aftersales.moves import acts
from aftersales.rules.vocabulary import Role, Status
from orders.models import retry

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)


def deliver_due(at: datetime, limit: int = 200) -> int:
    """Deliver what is due, one notice a turn; mail is never sent inside a transaction."""
    done = 0
    for notice in _claim(at, limit):
        _deliver(notice, at)
        done += 1
    return done


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[Notice]:
    claimed = list(
        Notice.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(retry.due(at), status=Notice.Status.PENDING, due_at__lte=at)
        .order_by("due_at", "pk")
        .select_related("case__merchant", "case__buyer")[:limit]
    )
    # A lease and no lock: a worker that dies while it sends gives the row back after two minutes.
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(hold_until=at + LEASE)
    return claimed


def _deliver(notice: Notice, at: datetime) -> None:
    address = address_of(notice)
    try:
        if address:
            send_mail(_subject(notice.case), _body(notice), None, [address])
        notice.status = Notice.Status.DELIVERED if address else Notice.Status.SKIPPED
        notice.delivered_at, notice.hold_until = at, None
    # Whatever a mail server answers, one notice must not hold up the others.
    except Exception as error:
        log.warning("notice %s failed: %s", notice.pk, error)
        notice.hold(error, at)
    notice.save()


def address_of(notice: Notice) -> str:
    """Where the party reads mail; empty when unknown."""
    return notice.case.merchant.email if notice.recipient == Role.MERCHANT else notice.case.buyer.email


def _subject(case: Case) -> str:
    return _("Case %(number)s: %(state)s") % {"number": case.number, "state": Status(case.status).label}


def _body(notice: Notice) -> str:
    case = notice.case
    act = moves.EVERY.get(notice.action, acts.APPLY)
    return _("%(subject)s\n\nWhat happened: %(happened)s\nState now: %(state)s\n") % {
        "subject": case.subject,
        "happened": act.notice or act.label,
        "state": Status(case.status).label,
    }
