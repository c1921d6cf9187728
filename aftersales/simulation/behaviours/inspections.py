"""The warehouse's judgement: pass, pass a part, fail."""

from collections.abc import Callable
from datetime import datetime

from aftersales.actions.disputes.findings import FaultFound
from aftersales.actions.returns import inspections
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Case, CaseLine, RejectReason
from aftersales.rules.cases import case_types
from aftersales.rules.disputes import rejections
from aftersales.rules.vocabulary import Condition, Disposition, Fault, Role
from aftersales.simulation import applications
from aftersales.simulation.behaviours.situation import Situation


def passes(situation: Situation, case: Case, at: datetime) -> None:
    """All units are good, or only some; rarely one was forgotten."""
    all_good = situation.happens(0.65)
    findings = _findings(situation, case, lambda: all_good or situation.happens(0.5))
    if situation.happens(0.03):
        findings = findings[:-1]
    fault = FaultFound(situation.random.choice(list(Fault)), "as the goods show") if situation.happens(0.1) else None
    by = situation.actors.one(Role.WAREHOUSE)
    inspections.pass_inspection(case.pk, findings, by=by, at=at, fault=fault)


def fails(situation: Situation, case: Case, at: datetime) -> None:
    """No unit is good; now and then for a reason that the units do not bear out."""
    findings = _findings(situation, case, lambda: False)
    is_empty = all(each.condition == Condition.EMPTY for each in findings)
    code = "empty_return" if is_empty else "unsaleable"
    if situation.happens(0.1):
        code = situation.random.choice(sorted(rejections.VERIFIED_AT_INSPECTION))
    reason = RejectReason.objects.get(code=code)
    by = situation.actors.one(Role.WAREHOUSE)
    inspections.fail_inspection(case.pk, findings, by=by, at=at, reason=reason, note="as found")


def _findings(situation: Situation, case: Case, is_good: Callable[[], bool]) -> list[Finding]:
    lines = case.lines.order_by("pk")
    return [_finding(situation, line, is_good()) for line in lines for _unit in range(line.units_received)]


def _finding(situation: Situation, line: CaseLine, is_good: bool) -> Finding:
    bad = [Condition.USED, Condition.DAMAGED, Condition.EMPTY]
    condition = Condition.AS_NEW if is_good else situation.random.choice(bad)
    places = [Disposition.RESTOCK, Disposition.REPAIR] if is_good else [Disposition.SCRAP, Disposition.TO_BUYER]
    if condition == Condition.EMPTY:
        places = [Disposition.SCRAP]
    if is_good and case_types.of(line.case_type).repairs:
        places = [Disposition.REPAIR, Disposition.SUPPLIER]
    photos = () if is_good else (applications.tiny_photo(),)
    return Finding(line.pk, condition, situation.random.choice(places), is_good, photos=photos)
