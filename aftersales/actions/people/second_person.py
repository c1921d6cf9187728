"""The one question that every second person is asked: are you somebody else?"""

from datetime import datetime

from aftersales.queries.people import second_person
from orders.refusals import Refused


def insist(first_id: int | None, second_id: int | None, *, at: datetime) -> None:
    """Refused, unless the second is another person than the first who asked or proposed."""
    sentence = second_person.why_not(first_id, second_id, at=at)
    if sentence:
        raise Refused(sentence)


def insist_on_decider(case_id: int, second_id: int | None, *, at: datetime) -> None:
    """Refused, unless whoever releases the money of a case is another person than the one who decided it.

    Who decided it as the second person may release it too: the first one is who asked, and that was looked at then.
    """
    first_id = second_person.decided_by(case_id)
    if first_id != second_id:
        insist(first_id, second_id, at=at)
