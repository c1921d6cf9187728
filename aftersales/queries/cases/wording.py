"""What happened to a case, in sentences: who, what, and the details that each kind of event carries."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from aftersales import moves
from aftersales.models import Case, Event, Receivable
from aftersales.moves import reshaping
from aftersales.rules.cases import case_types, chains, decision_sentences
from aftersales.rules.cases.consent import Channel
from aftersales.rules.event_data import Details
from aftersales.rules.parties.masks import mask_name
from aftersales.rules.phrases import moment_text, money_text
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import (
    CaseType,
    Condition,
    DeadlineKind,
    GivenAs,
    GoodsState,
    Priority,
    Role,
    SuspensionCause,
)

REVEALED: dict[str, Promise | str] = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Address"),
}

INTERNAL: Final = moves.where(lambda act: act.is_internal)
HIDING_REASON: Final = moves.where(lambda act: act.hides_reason)
NAMING_HOLDER: Final = moves.where(lambda act: act.names_holder)


def happened(event: Event) -> str:
    """The event as the rest of a sentence that starts with who did it."""
    act = moves.EVERY.get(event.action)
    if act is None:  # written by a later version of this program
        return event.action
    said = str(act.said_by_clock if event.role == Role.CLOCK and act.said_by_clock else act.said)
    return _("%(said)s, for the buyer") % {"said": said} if act.is_for_buyer(Role(event.role)) else said


def who(case: Case, role: str, user: object | None) -> str:
    """The name of who acted: people by name, buyers masked, the clock as such."""
    # Names of staff are for everybody in the console; buyers are masked until somebody asks, which is recorded.
    if user is not None:
        return str(user)
    return mask_name(case.buyer.name) if role == Role.BUYER and case.buyer.name else str(Role(role).label)


def details(event: Event, case: Case, reject_names: Mapping[str, str], *, is_insider: bool = True) -> list[str]:
    """What the event carries beside its reason, in short phrases; merchants are not told what a buyer's record says."""
    data = event.details
    said = [
        _tried(data),
        _asked_for(data),
        *decision_sentences.sentences(data, case.currency, is_insider=is_insider),
        reject_names.get(data.get("reason", ""), ""),
        _sum(data.get("amount"), case.currency),
        _extension(data),
        _units(data.get("units")),
        data.get("other", ""),
        _type(event, data),
        _parcel(data),
        _found(data.get("found")),
        _cause(data.get("cause")),
        _silent(data.get("silent")),
        _window(data.get("window")),
        _assignee(event, data),
        _priority(data.get("priority")),
        data.get("team", ""),
        _photos(data.get("count")),
        _refund(data.get("refund")),
        _owed(data.get("owed")),
        data.get("reference", ""),
        data.get("macro", ""),
        *_consent(data),
        _revealed(data),
    ]
    return [phrase for phrase in said if phrase]


def consequence(case: Case, type: str, amount: Decimal) -> str:
    """What agreeing sets in motion, and how much goes back at the end."""
    record = case_types.of(type)
    said = (case.dispatches_first and record.consequence_sent_first) or record.consequence
    if case.goods_are_here and record.pays_for_returns:
        said = ""  # nobody sends them back once more
    if case.is_being_repaired and record.repairs:
        said = _("The buyer pays %(amount)s for the repair before the goods go back.")
    if said:
        return str(said) % _terms(case, amount)
    if chains.changes_address(case) and type == case.type:
        return _consequence_of_address(case)
    return _consequence_of_money(case, type, amount)


def _terms(case: Case, amount: Decimal) -> dict[str, Any]:
    policy = case.policy
    return {
        "amount": money_text(amount, case.currency),
        "days": policy.ship_return_days,
        "hours": policy.dispatch_hours,
    }


def _consequence_of_address(case: Case) -> str:
    if case.goods_state == GoodsState.UNSHIPPED:
        return _("The order goes to the new address at once.")
    return _("The carrier is asked to stop the parcel; once it is stopped it goes to the new address.")


def _consequence_of_money(case: Case, type: str, amount: Decimal) -> str:
    if type == case.type and chains.gives_in_kind(case):
        return _consequence_in_kind(case)
    words = {"amount": money_text(amount, case.currency)}
    if case.goods_state == GoodsState.SHIPPED and type == case.type and chains.of(case).holds_units:
        return _("The carrier is asked to stop the parcel; %(amount)s goes back once it is stopped.") % words
    if authority.needs_release(amount, case.policy):
        return _("%(amount)s goes back to the buyer once finance has released it.") % words
    return _("%(amount)s goes back to the buyer at once.") % words


def _consequence_in_kind(case: Case) -> str:
    """No money of the order moves: what counts is what was asked, not what a refund would come to."""
    words = {"amount": money_text(case.requested_amount, case.currency)}
    if case.given_as == GivenAs.FREIGHT:
        return _("Finance pays the buyer %(amount)s for the freight.") % words
    return _("The buyer gets %(amount)s as: %(kind)s.") % {**words, "kind": case.get_given_as_display()}


def _tried(data: Details) -> str:
    move = moves.CHART.get(data.get("tried", ""))
    return _("tried: %(action)s") % {"action": move.label} if move else ""


def _asked_for(data: Details) -> str:
    """The act that a second person was asked for; that it is agreeing goes without saying."""
    act = moves.CHART.get(data.get("asked", ""))
    return str(act.label) if act is not None and act is not moves.deciding.APPROVE else ""


def _sum(amount: str | None, currency: str) -> str:
    try:
        return money_text(Decimal(amount), currency) if amount else ""
    except InvalidOperation:
        return ""


def _extension(data: Details) -> str:
    if "days" not in data:
        return ""
    days = data["days"]
    phrase = ngettext("%(kind)s: %(days)d day more", "%(kind)s: %(days)d days more", days)
    kind = data.get("kind", "")
    return phrase % {"kind": DeadlineKind(kind).label if kind in DeadlineKind.values else kind, "days": days}


def _units(count: int | None) -> str:
    return ngettext("%(count)d unit", "%(count)d units", count) % {"count": count} if count else ""


def _parcel(data: Details) -> str:
    return " ".join(part for part in (data.get("carrier", ""), data.get("waybill", "")) if part)


def _found(condition: str | None) -> str:
    return str(Condition(condition).label) if condition in Condition.values else ""


def _cause(cause: str | None) -> str:
    return str(SuspensionCause(cause).label) if cause in SuspensionCause.values else ""


def _silent(sides: list[str] | None) -> str:
    names = pgettext("between roles", ", ").join(str(Role(side).label) for side in sides or ())
    return _("no evidence from: %(side)s") % {"side": names} if names else ""


def _type(event: Event, data: Details) -> str:
    return str(CaseType(data["type"]).label) if event.action == reshaping.CONVERT.name else ""


def _refund(number: str | None) -> str:
    return _("Refund %(number)s") % {"number": number[:12]} if number else ""


def _revealed(data: Details) -> str:
    return ", ".join(str(REVEALED[name]) for name in data.get("revealed", []) if name in REVEALED)


def _owed(kind: str | None) -> str:
    return str(Receivable.Kind(kind).label) if kind in Receivable.Kind.values else ""


def _photos(count: int | None) -> str:
    return ngettext("%(count)d photo", "%(count)d photos", count) % {"count": count} if count else ""


def _window(moments: list[str] | None) -> str:
    return " – ".join(moment_text(datetime.fromisoformat(each)) for each in moments) if moments else ""


def _consent(data: Details) -> tuple[str, ...]:
    """How the buyer agreed to what was done for them."""
    channel = data.get("channel")
    if channel not in Channel.values:
        return ()
    words = {"channel": Channel(channel).label, "moment": ""}
    if data.get("consent_at"):
        words["moment"] = f" ({moment_text(datetime.fromisoformat(data['consent_at']))})"
    note = data.get("consent", "")
    return (_("The buyer agreed %(channel)s%(moment)s") % words, f"“{note}”" if note else "")


def _priority(name: str | None) -> str:
    return str(Priority[name.upper()].label) if name else ""


def _assignee(event: Event, data: Details) -> str:
    if event.action not in NAMING_HOLDER:
        return ""
    if data.get("team"):
        return _("to the team %(team)s") % {"team": data["team"]}
    return _("to %(person)s") % {"person": data["assignee"]} if data.get("assignee") else _("to nobody")
