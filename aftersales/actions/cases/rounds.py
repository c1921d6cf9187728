"""The rounds of a case: each application as it was made, and how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aftersales.models import Case, CaseLine, RejectReason, Round
from aftersales.rules.vocabulary import Role


def begin(
    case: Case, lines: Iterable[CaseLine], *, number: int, role: Role, at: datetime, is_reopening: bool = False
) -> Round:
    """Record the application that the case, by its lines, now stands for; later changes of the case do not touch it."""
    return Round.objects.create(
        case=case,
        number=number,
        type=case.type,
        reason=case.reason,
        amount=case.requested_amount + case.freight_held,
        lines=[_told(line) for line in lines],
        goods_state=case.goods_state,
        description=case.description,
        applied_role=role,
        applied_at=at,
        is_reopening=is_reopening,
    )


def _told(line: CaseLine) -> dict[str, Any]:
    return {"line": line.order_line_id, "title": line.order_line.title, "units": line.units, "amount": str(line.amount)}


def reject(case: Case, reason: RejectReason, note: str, *, at: datetime) -> None:
    """The current round ends with a reason to reject, and stays on record."""
    Round.objects.filter(case=case, number=case.round_number).update(
        outcome=Round.Outcome.REJECTED, reject_reason=reason, reject_note=note, decided_at=at
    )


def close(case: Case, *, at: datetime) -> None:
    """The current round ends with the case, unless it was decided already."""
    Round.objects.filter(case=case, number=case.round_number, outcome=Round.Outcome.OPEN).update(
        outcome=Round.Outcome.CLOSED, decided_at=at
    )
