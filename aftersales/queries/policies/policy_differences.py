"""What another version of a policy would decide differently about one case; the live rules are asked, under both."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from aftersales.models import Case, CaseLine, Policy
from aftersales.models.refunds.charge import ChargeKind
from aftersales.queries.orders.longer_windows import LongerWindows
from aftersales.queries.policies import policy_choice, policy_fields, state_tables
from aftersales.queries.refunds import buyer_standing
from aftersales.queries.returns import return_addresses, returned_goods
from aftersales.rules.cases import automatic_decisions, decision_sentences, item_eligibility, return_window
from aftersales.rules.phrases import money_text
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.refunds import authority, finance_limits, settlement
from aftersales.rules.vocabulary import DeadlineKind, Role

ZERO: Final = Decimal(0)
LIMITED: Final = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR)
# Only these read more of the database; they are asked only where the two versions differ in them.
DECIDING: Final = frozenset(
    name
    for name in policy_fields.RULES
    if policy_fields.group_of(name) in (policy_fields.AUTOMATIC, policy_fields.EVIDENCE)
)
DEDUCTING: Final = frozenset(
    name for name in policy_fields.RULES if policy_fields.group_of(name) in (policy_fields.MONEY, policy_fields.FREIGHT)
)


@dataclass(frozen=True)
class Difference:
    """One thing that would be otherwise: of which kind, and the sentence."""

    kind: str
    sentence: str


@dataclass
class Judged:
    """A case as some versions judge it: by the functions that decide about real cases."""

    original: Case
    policy: Policy
    of_items: dict[int, Policy]
    calendar: Calendar
    longer: LongerWindows

    @cached_property
    def case(self) -> Case:
        """The case as if the version were its own."""
        case = copy.copy(self.original)
        case.policy = self.policy
        return case

    @cached_property
    def asked_type(self) -> str:
        """What was applied for; a case that nothing need come back of was changed by the very rule in question."""
        return _asked_type(self.original)

    @property
    def asked(self) -> Decimal:
        """What was asked for, freight included."""
        return self.original.requested_amount + self.original.freight_held

    @cached_property
    def refusal(self) -> str | None:
        """Why the request would not be admitted, by the policy of each item."""
        against = {line.order_line_id: self._against(line) for line in self.original.lines.all()}
        titles = {line.order_line_id: line.order_line.title for line in self.original.lines.all()}
        return item_eligibility.sentence(titles, against) or None

    def _against(self, line: CaseLine) -> str | None:
        case, policy = self.original, self.of_items[line.order_line_id]
        categories = {line.order_line.category}
        return return_window.refusal(
            case.order,
            case.reason,
            policy,
            self.asked_type,
            case.opened_at,
            calendar=self.calendar,
            categories=categories,
            longer=self.longer.of(case.order_id, line.order_line_id),
            replaced_at=line.replaced_at,
        )

    @cached_property
    def rule(self) -> str:
        """The rule by which the policy decides by itself; nothing where a person decides."""
        if self.refusal:
            return ""
        limits = automatic_decisions.limits_of(list(self.of_items.values()))
        if not any(automatic_decisions.below(self.asked, limits.of(rule)) for rule in automatic_decisions.RULES):
            return ""
        request = automatic_decisions.Request(
            self.asked_type,
            self.original.goods_state,
            self.asked,
            self.original.dispatches_first,
            return_addresses.address_for(self.original) is not None,
        )
        return automatic_decisions.decide(request, limits, self.policy, self._standing).rule

    def _standing(self) -> automatic_decisions.Standing:
        return buyer_standing.standing(self.case, self.original.order.buyer, self.original.opened_at)

    @cached_property
    def drafts(self) -> Sequence[settlement.Draft]:
        """The calculation of the refund, with what an inspection has found."""
        case = self.case
        items = [
            settlement.Item(
                line.order_line_id, line.units, line.amount, self.of_items[line.order_line_id], line.use_days
            )
            for line in case.lines.all()
        ]
        found = returned_goods.found(case, items)
        return settlement.work_out(
            case, items, freight=case.freight_held, agreed=case.agreed_amount, source="offer", found=found
        )

    def summed(self, kind: str) -> Decimal:
        """The lines of one kind in the calculation."""
        return sum((draft.amount for draft in self.drafts if draft.kind == kind), ZERO)

    @property
    def money(self) -> Decimal:
        """What the buyer would get; nothing when the request would be refused."""
        return ZERO if self.refusal else settlement.total(self.drafts)


def _asked_type(case: Case) -> str:
    first = next(iter(case.rounds.all()), None)
    return first.type if first else case.type


def concerns(case: Case, candidate: Policy) -> bool:
    """Whether a version would be that of the case or of one of its items."""
    return _of_case(case, candidate) is candidate or any(
        _of_item(each, candidate) is candidate for each in _lines(case)
    )


def _lines(case: Case) -> list[CaseLine]:
    return list(case.lines.all())


def _of_case(case: Case, candidate: Policy) -> Policy:
    fits = policy_choice.fits_case(candidate, case.order, _asked_type(case))
    return candidate if fits and policy_choice.replaces(candidate, case.policy, for_item=False) else case.policy


def _of_item(line: CaseLine, candidate: Policy) -> Policy:
    case = line.case
    request = policy_choice.Request(case.order, _asked_type(case), case.reason)
    fits = policy_choice.fits_item(candidate, request, line.order_line)
    return candidate if fits and policy_choice.replaces(candidate, line.policy, for_item=True) else line.policy


def of(case: Case, candidate: Policy, calendar: Calendar, longer: LongerWindows) -> tuple[list[Difference], Decimal]:
    """Every difference, and by how much the buyer's money would differ; `calendar` is that of the shop."""
    lines = _lines(case)
    old = Judged(case, case.policy, {line.order_line_id: line.policy for line in lines}, calendar, longer)
    ruled = {line.order_line_id: _of_item(line, candidate) for line in lines}
    new = Judged(case, _of_case(case, candidate), ruled, calendar, longer)
    changed = _changed(old, new)
    found = [*_admission(old, new), *_second_persons(old, new), *_clocks(old, new, changed)]
    if changed & DECIDING:
        found += _by_itself(old, new)
    if changed & DEDUCTING:
        found += _deductions(old, new)
    is_other_money = changed & DEDUCTING or bool(old.refusal) != bool(new.refusal)
    return found, (new.money - old.money if is_other_money else ZERO)


def _changed(old: Judged, new: Judged) -> set[str]:
    """The rules that would be others: of the case those that are the case's, of an item those that are its own."""
    of_case = {each.name for each in policy_fields.changed(old.policy, new.policy)} - Policy.OF_ITEMS
    pairs = ((old.of_items[pk], new.of_items[pk]) for pk in old.of_items)
    return of_case | {each.name for pair in pairs for each in policy_fields.changed(*pair)} & Policy.OF_ITEMS


def _admission(old: Judged, new: Judged) -> Iterator[Difference]:
    if new.refusal and not old.refusal:
        yield Difference(_("Would be refused"), _("would be refused: %(why)s") % {"why": new.refusal})
    elif old.refusal and not new.refusal:
        yield Difference(_("Would be admitted"), _("would be admitted"))


def _by_itself(old: Judged, new: Judged) -> Iterator[Difference]:
    """Another rule of the policy would decide, or a person instead of a rule."""
    if old.rule == new.rule:
        return
    words = {"old": _decided_by(old.rule), "new": _decided_by(new.rule)}
    sentence = _("%(new)s instead of: %(old)s") % words
    yield Difference(_decided_by(new.rule), sentence)


def _decided_by(rule: str) -> str:
    return str(decision_sentences.RULES[rule]) if rule else _("A person decides")


def _second_persons(old: Judged, new: Judged) -> Iterator[Difference]:
    for role in LIMITED:
        was, would = (authority.above(new.asked, each.case, role, authority.Decided()) is None for each in (old, new))
        if was != would:
            alone = _("%(role)s could decide alone") % {"role": role.label}
            second = _("%(role)s would need a second person") % {"role": role.label}
            yield Difference(alone, alone) if would else Difference(second, second)
    before, after = (_released_by(new.asked, each) for each in (old, new))
    if before != after:
        yield Difference(after, after)


def _released_by(amount: Decimal, judged: Judged) -> str:
    if not authority.needs_release(amount, judged.policy):
        return _("would go out without finance")
    if finance_limits.above(amount, judged.case, authority.Decided()) is None:
        return _("finance would release it")
    return _("two persons of finance would release it")


def _clocks(old: Judged, new: Judged, changed: set[str]) -> Iterator[Difference]:
    """Other times for the answer of the merchant, which every case has, and for the state that the case stands in."""
    for kind, clock in CLOCKS.items():
        concerned = kind == DeadlineKind.MERCHANT_RESPONSE or old.original.status in clock.states
        length = clock.length_of(old.original)
        if concerned and length.field in changed:
            was, would = (state_tables.counted(getattr(each.policy, length.field), length.unit) for each in (old, new))
            words = {"clock": kind.label, "new": would, "old": was}
            yield Difference(str(kind.label), _("%(clock)s: %(new)s instead of %(old)s") % words)


def _deductions(old: Judged, new: Judged) -> Iterator[Difference]:
    for kind in ChargeKind:
        was, would = old.summed(kind), new.summed(kind)
        if was != would:
            currency = old.original.currency
            words = {"part": kind.label, "new": money_text(would, currency), "old": money_text(was, currency)}
            yield Difference(str(kind.label), _("%(part)s: %(new)s instead of %(old)s") % words)
