"""Messages in the thread and internal notes."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.actions import gate
from aftersales.models import Case, Message
from aftersales.queries.cases import case_links
from aftersales.queries.conversation import unread
from aftersales.queries.conversation.unread import Seen
from aftersales.rules.actor import Actor
from aftersales.rules.conversation import placeholders
from aftersales.rules.vocabulary import HUMAN_ANSWERS, DeadlineKind, DeadlineStatus
from orders.refusals import Refused

LONGEST = 5000


class Unread(gate.Overtaken):
    """Somebody else has written what the person who answers has not seen."""

    def __init__(self, case: Case, written: list[Message]) -> None:
        count = len(written)
        sentence = ngettext("%(number)s new message – read first", "%(number)s new messages – read first", count)
        super().__init__(case, sentence % {"number": count})
        self.written = written


@gate.transactional
def send(
    case_id: int, body: str, *, by: Actor, at: datetime, written_at: datetime | None = None, seen: Seen | None = None
) -> Message:
    """Write to the other party; the first answer of a person meets the promise of a first reply.

    Unread when others have written since the thread was `seen`. The promise is met by when it was written, if the
    message waited to be sent.
    """
    if seen is not None:
        insist_on_reading(case_id, seen, by)
    case, message = _store(case_id, body, "message", by=by, at=at)
    if message.role in HUMAN_ANSWERS and case.first_reply_at is None:
        answered_at = written_at or at
        Case.objects.filter(pk=case.pk).update(first_reply_at=answered_at)
        promise = case.deadlines.filter(kind=DeadlineKind.FIRST_REPLY, status=DeadlineStatus.PENDING)
        promise.filter(due_at__gte=answered_at).update(status=DeadlineStatus.MET, ended_at=answered_at)
    return message


def insist_on_reading(case_id: int, seen: Seen, by: Actor) -> None:
    """Unread when others have written since the thread was `seen`."""
    case = gate.locked(case_id)  # whoever writes at this moment comes before us, or after us
    written = list(unread.messages(case_links.family(case_id), seen, user_id=by.user_id))
    if written:
        raise Unread(case, written)


@gate.transactional
def note(case_id: int, body: str, *, by: Actor, at: datetime) -> Message:
    """Write a note that only our people see."""
    return _store(case_id, body, "note", by=by, at=at)[1]


def checked(body: str, by: Actor) -> str:
    """The text as it is stored; Refused when there is none, too much, or something in it is not filled in."""
    text = body.replace("\x00", "").strip()
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("A message has at most %(most)d characters.") % {"most": LONGEST})
    # What a buyer writes in braces is theirs; our people's canned texts are filled in first.
    unfilled = None if by.user_id is None else placeholders.unfilled(text)
    if unfilled:
        raise Refused(unfilled)
    return text


def _store(case_id: int, body: str, action: str, *, by: Actor, at: datetime) -> tuple[Case, Message]:
    text = checked(body, by)
    case = gate.locked(case_id)
    role = gate.role_to(action, by, case)
    message = Message.objects.create(
        case=case, is_note=action == "note", role=role, user_id=by.user_id, body=text, sent_at=at
    )
    return case, message
