"""The rule behind one place of a page, word for word: its sentences, and its numbers in one version of a policy."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aftersales.models import Policy
from aftersales.moves import MOVES, acts, deciding
from aftersales.queries.policies import state_tables
from aftersales.queries.policies.state_tables import Text
from aftersales.queries.refunds import refund_preview
from aftersales.rules.policies.clock_record import Clock
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.refunds import freight, second_person
from aftersales.rules.vocabulary import DeadlineKind

CLOCK: Final = "clock-"
ABOUT_LIMITS: Final = (second_person.within_authority, second_person.asked_by_another, second_person.not_ones_own_offer)


@dataclass(frozen=True)
class RuleText:
    """What a rule says; `part` is where it stands on the page of the rules."""

    title: Text
    sentences: tuple[Text, ...]
    numbers: list[tuple[Text, Text]]
    part: str


@dataclass(frozen=True)
class Topic:
    """A rule that a page quotes: what it says, and the fields of a policy that it reads."""

    title: Text
    sentences: Callable[[], tuple[Text, ...]]
    fields: tuple[str, ...]
    part: str = "numbers"


def _of_sum() -> tuple[Text, ...]:
    codes = ("freight_once", "missing_gift", "bundle", "free_freight_lost", "buyer_bears_return", "quote", "difference")
    return (
        _("What was paid for the accepted units goes back; each line below it takes something away."),
        *(refund_preview.explained(code) for code in codes),
    )


TOPICS: Final[dict[str, Topic]] = {
    "freight": Topic(
        gettext_lazy("Who pays the freight"),
        lambda: tuple(freight.WHY.values()),
        ("free_freight_from", "outbound_freight", "has_prepaid_label", "freight_claim_days"),
        "reasons",
    ),
    "sum": Topic(
        gettext_lazy("What goes back"),
        _of_sum,
        (
            "restocking_percent", "restocking_used_percent", "restocking_late_percent", "restocking_late_days",
            "outbound_freight", "deducts_missing_gifts", "reprices_bundles",
        ),
    ),
    "authority": Topic(
        gettext_lazy("Who decides how much"),
        lambda: (*(guard.condition for guard in ABOUT_LIMITS), *deciding.OFFER.needs),
        (
            "authority_agent", "authority_senior", "authority_supervisor", "authority_percent",
            "authority_agent_day", "authority_senior_day", "authority_supervisor_day", "authority_own_offer",
            "auto_approve_below", "release_above", "authority_finance", "authority_finance_day",
        ),
        "moves",
    ),
    "window": Topic(
        gettext_lazy("Until when a buyer may ask"),
        lambda: (
            _("It ends with the last of so many whole days after the signature, by the shop's clock."),
            *acts.APPLY.needs,
            *deciding.REAPPLY.needs,
        ),
        (
            "no_reason_allowed", "no_reason_days", "quality_days", "warranty_days", "price_protection_days",
            "replacement_counts_anew", "application_count",
        ),
        "moves",
    ),
}  # fmt: skip


def of(topic: str, policy: Policy) -> RuleText | None:
    """The rule under a name; nothing for a name that is none."""
    if topic.startswith(CLOCK):
        kind = topic.removeprefix(CLOCK)
        return _of_clock(DeadlineKind(kind), policy) if kind in DeadlineKind.values else None
    found = TOPICS.get(topic)
    if found is None:
        return None
    fields = [name for name in found.fields if policy.decides(name)]
    return RuleText(found.title, found.sentences(), state_tables.numbers(policy, fields), found.part)


def _of_clock(kind: DeadlineKind, policy: Policy) -> RuleText:
    clock = CLOCKS.get(kind)
    # The first reply is promised by a policy, but no clock acts when it is late: it is only counted.
    if clock is None:
        sentences = (_("Counted from the application to the first words of our people."),)
        return RuleText(kind.label, sentences, state_tables.numbers(policy, ["first_reply_minutes"]), "numbers")
    lengths = dict.fromkeys(length.field for length in clock.lengths)
    fields = [*lengths, *filter(None, [clock.floor]), "extension_days", "extension_count"]
    if kind == DeadlineKind.MERCHANT_RESPONSE:
        fields.insert(1, "response_clock")
    if kind == DeadlineKind.RECEIPT:
        fields.append("receipt_after_signature_hours")
    length = state_tables.length(kind, policy)
    return RuleText(kind.label, tuple(_sentences(clock, length)), state_tables.numbers(policy, fields), "states")


def _sentences(clock: Clock, length: state_tables.Length) -> Iterator[str]:
    yield _("Runs while a case is: %(states)s.") % {"states": _joined(state.label for state in clock.states)}
    yield _("When it passes: %(action)s.") % {"action": length.action}
    if clock.paused_in:
        resting = _joined(state.label for state in clock.paused_in)
        yield _("Rests while a case is: %(states)s; what is left is kept.") % {"states": resting}
    if clock.then:
        yield _("Then begins: %(clock)s.") % {"clock": clock.then.label}
    if clock.repeats:
        yield _("When it has passed and the case still stands there, it starts again.")
    late = [move.label for move in MOVES if move.is_cut_off and set(move.sources) & set(clock.states)]
    if late:
        yield _("After it, too late for: %(actions)s.") % {"actions": _joined(late)}
    if clock.unit == "business_days":
        yield _("Business days are those of the shop's calendar.")


def _joined(labels: Iterable[Text]) -> str:
    return pgettext("between states", ", ").join(str(label) for label in labels)
