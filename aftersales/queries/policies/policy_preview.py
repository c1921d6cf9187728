"""Before a policy is saved: which open and recent cases it would decide differently, and by how much money."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from aftersales.models import Case, Policy
from aftersales.models.cases.open_cases import IS_OPEN
from aftersales.queries.policies import policy_choice
from aftersales.rules.cases import automatic_decisions, case_types, return_window
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import Fault
from orders import money

RECENT = timedelta(days=30)
# An admin waits for this page; the newest show what a version would do.
MOST = 2000
ZERO = Decimal(0)


@dataclass(frozen=True)
class Change:
    """One case that the new version would treat differently."""

    case: Case
    differences: list[str]
    money: Decimal


@dataclass
class Preview:
    """What a new version would change; `examined` cases were looked at, at most 2,000 of the newest."""

    examined: int = 0
    changes: list[Change] = field(default_factory=list)
    totals: dict[str, Decimal] = field(default_factory=dict)

    def compare(self, case: Case, candidate: Policy) -> None:
        """Take up the case if the candidate would decide it differently, or give the buyer another sum."""
        differences = list(_differences(case, case.policy, candidate))
        delta = _money(case, candidate) - _money(case, case.policy)
        if differences or delta:
            self.changes.append(Change(case, differences, delta))
            self.totals[case.currency] = self.totals.get(case.currency, ZERO) + delta


def preview(candidate: Policy, at: datetime) -> Preview:
    """Compare an unsaved version with what open cases and those of the last 30 days were decided by."""
    result = Preview()
    for case in _cases(at):
        result.examined += 1
        if _would_govern(candidate, case):
            result.compare(case, candidate)
    return result


def _cases(at: datetime) -> Iterator[Case]:
    return (
        Case.objects.filter(IS_OPEN | Q(opened_at__gte=at - RECENT))
        .select_related("policy", "reason", "order__buyer", "merchant")
        .prefetch_related("lines__order_line")
        .order_by("-opened_at", "-pk")[:MOST]
        .iterator(chunk_size=500)
    )


def _would_govern(candidate: Policy, case: Case) -> bool:
    first = next(iter(case.lines.all()), None)
    category = first.order_line.category if first else ""
    if not policy_choice.fits(candidate, case.order, case.type, case.reason_id, category):
        return False
    # At an equal scope the newer version decides, as in `policy_choice.resolve`.
    return policy_choice.specificity(candidate) >= policy_choice.specificity(case.policy)


def _differences(case: Case, old: Policy, new: Policy) -> Iterator[str]:
    asked = case.requested_amount + case.freight_held
    yield from _admission(case, old, new)
    yield from _agreed_at_once(asked, old, new)
    yield from _by_themselves(case, asked, old, new)
    yield from _second_persons(asked, old, new)
    if old.response_hours != new.response_hours:
        yield _("merchant answers within %(new)d h instead of %(old)d h") % {
            "new": new.response_hours,
            "old": old.response_hours,
        }
    yield from _restocking(case, old, new)


def _admission(case: Case, old: Policy, new: Policy) -> Iterator[str]:
    refused_now, refused_then = _refused(case, new), _refused(case, old)
    if refused_now and not refused_then:
        yield _("would be refused: %(why)s") % {"why": refused_now}
    elif refused_then and not refused_now:
        yield _("would be admitted")


def _agreed_at_once(asked: Decimal, old: Policy, new: Policy) -> Iterator[str]:
    was, is_now = (automatic_decisions.below(asked, policy.auto_approve_below) for policy in (old, new))
    if was != is_now:
        yield _("would be agreed at once") if new.auto_approve_below > asked else _("would no longer be agreed at once")


def _by_themselves(case: Case, asked: Decimal, old: Policy, new: Policy) -> Iterator[str]:
    """Returns that would authorise themselves and refunds before the goods are back, or no longer."""
    sentences = {
        automatic_decisions.AUTHORISED: (
            _("return would authorise itself"),
            _("return would no longer authorise itself"),
        ),
        automatic_decisions.INSTANT: (_("might be refunded at once"), _("would no longer be refunded at once")),
    }
    request = automatic_decisions.Request(case.type, case.goods_state, asked, case.dispatches_first)
    for rule, (yes, no) in sentences.items():
        was, is_now = (automatic_decisions.below(asked, getattr(policy, rule)) for policy in (old, new))
        if automatic_decisions.concerns(rule, request) and was != is_now:
            yield yes if is_now else no


def _second_persons(asked: Decimal, old: Policy, new: Policy) -> Iterator[str]:
    if (asked > old.authority_agent) != (asked > new.authority_agent):
        yield _("an agent could decide alone") if asked <= new.authority_agent else _("would need a second person")
    if (asked > old.release_above) != (asked > new.release_above):
        yield _("finance would release it") if asked > new.release_above else _("would go out without finance")


def _restocking(case: Case, old: Policy, new: Policy) -> Iterator[str]:
    if old.restocking_percent != new.restocking_percent and _fee(case, old) != _fee(case, new):
        yield _("restocking fee %(new)s instead of %(old)s") % {
            "new": money_text(_fee(case, new), case.currency),
            "old": money_text(_fee(case, old), case.currency),
        }


def _refused(case: Case, policy: Policy) -> str | None:
    return return_window.refusal(case.order, case.reason, policy, case.type, case.opened_at)


def _fee(case: Case, policy: Policy) -> Decimal:
    if not case_types.of(case.type).pays_for_returns or case.fault != Fault.BUYER:
        return ZERO
    return money.rounded(case.requested_amount * policy.restocking_percent / 100, case.currency)


def _money(case: Case, policy: Policy) -> Decimal:
    """What the buyer would get under a policy, nothing when the request would be refused."""
    if _refused(case, policy):
        return ZERO
    items = [settlement.Item(line.order_line_id, line.units, line.amount) for line in case.lines.all()]
    drafts = settlement.work_out(case, items, freight=case.freight_held, agreed=case.agreed_amount, source="offer")
    kept = sum((draft.amount for draft in drafts if draft.kind != "restocking"), ZERO)
    return kept - (_fee(case, policy) if case.agreed_amount is None else ZERO)
