"""A form that came too late: what happened meanwhile, and which fields somebody else has filled in differently."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.forms import ChoiceField, Field, ModelChoiceField

from aftersales.actions import gate
from aftersales.forms.cases.moves import MoveForm
from aftersales.models import Case, Event
from aftersales.queries.cases import case_page, timeline, wording
from orders.refusals import Refused

REASON_FIELDS: Final = frozenset({"why", "note", "answer", "ruling"})  # what events store as `why`


@dataclass(frozen=True)
class Conflict:
    """A field as somebody else has filled it in, and as this form does."""

    label: str
    who: str
    theirs: str
    mine: str


def meanwhile(case: Case, action: str, form: MoveForm, refusal: Refused | None, version: int | None) -> dict[str, Any]:
    """Template context: what was done `meanwhile`, since the form was made, and `conflicts`; empty without any."""
    if not isinstance(refusal, gate.Overtaken):
        return {}
    since = case.version - 1 if version is None or version < 0 else version
    events, is_insider = case_page.events_since(case, since), timeline.is_insider(form.by.roles)
    seen = [event for event in events if is_insider or event.action not in wording.INTERNAL]
    return {
        "meanwhile": timeline.entries_of(case, seen, is_insider=is_insider),
        "conflicts": list(_conflicts(case, action, form, seen)),
    }


def _conflicts(case: Case, action: str, form: MoveForm, events: Sequence[Event]) -> Iterable[Conflict]:
    # Only the last move of the same kind counts: what came before it is history to both.
    event = next((event for event in reversed(events) if event.action == action), None)
    if event is None:
        return
    who = wording.who(case, event.role, event.user)
    for name, field in form.fields.items():
        raw = event.why if name in REASON_FIELDS else event.data.get(name)
        theirs, mine = _shown(field, raw), _shown(field, form[name].value())
        if raw not in (None, "") and theirs != mine:
            yield Conflict(str(field.label or name), who, theirs, mine)


def _shown(field: Field, value: Any) -> str:
    """A value as people read it: rows and choices by name, sums without trailing zeros."""
    if isinstance(field, ModelChoiceField):
        rows = field.queryset.all() if field.queryset is not None else []
        return next((str(row) for row in rows if str(value) in (str(row.pk), getattr(row, "code", ""))), "")
    if isinstance(field, ChoiceField):
        return str(dict(list(field.choices)).get(value, value or ""))  # type: ignore[arg-type]  # pairs
    text = str(value if value is not None else "").strip()
    return text.rstrip("0").rstrip(".") if text.replace(".", "", 1).isdecimal() and "." in text else text
