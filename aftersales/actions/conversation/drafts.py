"""What somebody has typed into a case and not sent, saved for them on the server."""

from datetime import datetime
from uuid import UUID

from aftersales.actions import gate
from aftersales.actions.conversation import messages
from aftersales.models import Case, Draft
from aftersales.rules.actor import Actor


@gate.transactional
def save(case_id: int, body: str, *, is_note: bool, once: UUID | None, by: Actor, at: datetime) -> Draft | None:
    """Save what is typed into the form with the key `once`; an empty text deletes the draft."""
    gate.role_to("note" if is_note else "message", by, Case.objects.get(pk=case_id))
    text = body.replace("\x00", "")[: messages.LONGEST]
    if not text.strip():
        forget(case_id, by=by)
        return None
    return _store(case_id, text, is_note=is_note, once=once, by=by, at=at)


def prepend(case_id: int, body: str, *, by: Actor, at: datetime) -> None:
    """Put a message that was taken back in front of what has been typed since; a note that was begun is replaced."""
    typed = Draft.objects.select_for_update().filter(case=case_id, user=by.user_id).first()
    text = f"{body}\n\n{typed.body}" if typed and not typed.is_note else body
    _store(case_id, text[: messages.LONGEST], is_note=False, once=None, by=by, at=at)


def forget(case_id: int, *, by: Actor) -> None:
    """Delete the person's draft in a case: it was sent, or emptied."""
    Draft.objects.filter(case=case_id, user=by.user_id).delete()


def _store(case_id: int, body: str, *, is_note: bool, once: UUID | None, by: Actor, at: datetime) -> Draft:
    said = {"body": body, "is_note": is_note, "once": once, "saved_at": at}
    return Draft.objects.update_or_create(case_id=case_id, user_id=by.user_id or 0, defaults=said)[0]
