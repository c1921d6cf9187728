"""The procedure of a case with what was ticked off."""

from dataclasses import dataclass

from aftersales.models import Case, StepDone
from orders.db.compiled_query import CompiledQuery

DONE = CompiledQuery(lambda case: StepDone.objects.filter(case=case).select_related("user").order_by("pk"), int)


@dataclass(frozen=True)
class Step:
    """One step; `key` is what it is known by, `done` who did it and when."""

    key: str
    text: str
    done: StepDone | None = None


def of(case: Case) -> list[Step]:
    """Steps of the procedure that belongs to the reason the case has now."""
    steps = case.reason.steps
    done = {row.step: row for row in DONE(case.pk) if row.reason_id == case.reason_id} if steps else {}
    return [Step(key, text, done.get(key)) for key, text in steps]
