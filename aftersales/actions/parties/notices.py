"""Delivers the outbox: an e-mail to those who have an address; the row remembers what became of it."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import Case, Notice
from aftersales.moves import acts
from aftersales.rules.phrases import moment_text
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
        .select_related("case__merchant", "case__buyer", "user")[:limit]
    )
    # A lease and no lock: a worker that dies while it sends gives the row back after two minutes.
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(hold_until=at + LEASE)
    return claimed


def _deliver(notice: Notice, at: datetime) -> None:
    address = address_of(notice)
    try:
        if address:
            with translation.override(language_of(notice)):
                send_mail(_subject(notice.case), _body(notice), None, [address])
        notice.status = Notice.Status.DELIVERED if address else Notice.Status.SKIPPED
        notice.delivered_at, notice.hold_until = at, None
    # Whatever a mail server answers, one notice must not hold up the others.
    except Exception as error:
        log.warning("notice %s failed: %s", notice.pk, error)
        notice.hold(error, at)
    notice.save()


def address_of(notice: Notice) -> str:
    """Where the party, or one of our people, reads mail; empty when unknown."""
    if notice.user is not None:
        return notice.user.email if notice.user.is_active else ""
    return notice.case.merchant.email if notice.recipient == Role.MERCHANT else notice.case.buyer.email


def language_of(notice: Notice) -> str:
    """The language that the person has chosen; else the one of the shop."""
    return (notice.user.language if notice.user else "") or settings.LANGUAGE_CODE


def _subject(case: Case) -> str:
    return _("Case %(number)s: %(state)s") % {"number": case.number, "state": Status(case.status).label}


def _body(notice: Notice) -> str:
    case = notice.case
    act = moves.EVERY.get(notice.action, acts.APPLY)
    said = _("%(subject)s\n\nWhat happened: %(happened)s\nState now: %(state)s\n") % {
        "subject": case.subject,
        "happened": act.notice or act.label,
        "state": Status(case.status).label,
    }
    return f"{said}{_due(case)}" if notice.user else said


def _due(case: Case) -> str:
    """What our own people have to do by when; parties are told by the page of their case."""
    words = {"kind": case.get_due_kind_display(), "due": moment_text(case.due_at) if case.due_at else ""}
    return _("%(kind)s: due %(due)s\n") % words if case.due_at else ""
