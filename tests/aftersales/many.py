"""Long lists for tests: copies of one case, with deadlines a minute apart."""

from datetime import timedelta

from aftersales.actions.cases.stored_cases import next_number
from aftersales.models import Case
from aftersales.rules.vocabulary import Status
from tests.factories import NOON


def many(case, count, **fields):
    """So many more cases like this one, due one minute after the other; `fields` differ."""
    return Case.objects.bulk_create(_like(case, minute, fields) for minute in range(count))


def _like(case, minute, fields):
    copy = Case(**{field.attname: getattr(case, field.attname) for field in Case._meta.fields if field.attname != "id"})
    changes = {"number": next_number(NOON), "due_at": NOON + timedelta(minutes=minute)} | fields
    # What the database asks of a suspension, for those who only want the state.
    changes.setdefault("suspension_cause", "police" if changes.get("status") == Status.SUSPENDED else "")
    copy.__dict__["status"] = changes.pop("status", case.status)  # protected: not to be set as others are
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy
