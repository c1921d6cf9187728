"""The one question that every second person is asked: are you somebody else?"""

from datetime import datetime

from aftersales.queries.people import second_person
from orders.refusals import Refused


def insist(first_id: int | None, second_id: int | None, *, at: datetime) -> None:
    """Refused, unless the second is another person than the first who asked or proposed."""
    sentence = second_person.why_not(first_id, second_id, at=at)
    if sentence:
        raise Refused(sentence)
