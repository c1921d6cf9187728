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
    """Somebody else has written since the person who answers has read the thread."""

    def __init__(self, case: Case, written: list[Message]) -> None:
        count = len(written)
        sentence = ngettext("%(number)s new message – read first", "%(number)s new messages – read first", count)
        super().__init__(case, sentence % {"number": count})
        self.written = written


@gate.transactional
def send(
    case_id: int, body: str, *, by: Actor, at: datetime, written_at: datetime | None = None, seen: Seen | None = None
) -> Message:
    """Write to the other party; the first answer by a person meets the deadline of a first reply.

    Unread when others have written since the thread was `seen`. `written_at` is earlier than `at` for a message that
    waited in the outbox.
    """
    if seen is not None:
        refuse_unread(case_id, seen, by)
    case, message = _store(case_id, body, "message", by=by, at=at)
    if message.role in HUMAN_ANSWERS and case.first_reply_at is None:
        _meet_first_reply(case, written_at or at)
    return message


def _meet_first_reply(case: Case, answered_at: datetime) -> None:
    # Seconds in the outbox are ours, not the buyer's: the promise is kept by when the answer was written.
    Case.objects.filter(pk=case.pk).update(first_reply_at=answered_at)
    promise = case.deadlines.filter(kind=DeadlineKind.FIRST_REPLY, status=DeadlineStatus.PENDING)
    promise.filter(due_at__gte=answered_at).update(status=DeadlineStatus.MET, ended_at=answered_at)


def refuse_unread(case_id: int, seen: Seen, by: Actor) -> None:
    """Unread when others have written since the thread was `seen`."""
    case = gate.locked(case_id)  # who writes at this moment comes before us or after us, never in between
    written = list(unread.messages(case_links.family(case_id), seen, user_id=by.user_id))
    if written:
        raise Unread(case, written)


@gate.transactional
def note(case_id: int, body: str, *, by: Actor, at: datetime) -> Message:
    """Write an internal note, which buyers and merchants do not see."""
    return _store(case_id, body, "note", by=by, at=at)[1]


def checked(body: str, by: Actor) -> str:
    """The text as it is stored; Refused when it is empty, too long, or has placeholders that are not filled in."""
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
