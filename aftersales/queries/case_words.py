"""What happened to a case, in sentences: who, what, and the details that each kind of event carries."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aftersales.models import Case, Event
from aftersales.rules.chart import CHART
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import CaseType, DeadlineKind, GoodsState, Role
from aftersales.templatetags.desk import mask_name

HAPPENED: dict[str, Promise | str] = {
    "apply": gettext_lazy("applied"),
    "approve": gettext_lazy("agreed"),
    "allow": gettext_lazy("allowed what was asked for"),
    "intercepted": gettext_lazy("said that the parcel was stopped"),
    "miss_interception": gettext_lazy("said that the parcel was not stopped: it becomes a return"),
    "offer": gettext_lazy("made an offer"),
    "accept_offer": gettext_lazy("accepted the offer"),
    "decline_offer": gettext_lazy("declined the offer"),
    "lapse_offer": gettext_lazy("the offer lapsed"),
    "reject": gettext_lazy("rejected the request"),
    "reapply": gettext_lazy("changed the request and applied again"),
    "escalate": gettext_lazy("asked the platform to decide"),
    "withdraw": gettext_lazy("withdrew the request"),
    "ship_return": gettext_lazy("sent the goods back"),
    "cancel_pickup": gettext_lazy("reported that the pickup was cancelled"),
    "receive": gettext_lazy("received goods"),
    "presume_received": gettext_lazy("taken as received and good: nobody looked in time"),
    "pass_inspection": gettext_lazy("passed the inspection"),
    "fail_inspection": gettext_lazy("failed the inspection"),
    "expire": gettext_lazy("closed: the time was up"),
    "rule_for_buyer": gettext_lazy("ruled for the buyer"),
    "rule_for_merchant": gettext_lazy("ruled for the merchant"),
    "close_evidence": gettext_lazy("the time for evidence is over: decided on file"),
    "suspend": gettext_lazy("suspended the case"),
    "resume": gettext_lazy("took the case up again"),
    "settle": gettext_lazy("all money has gone back"),
    "fail_refund": gettext_lazy("refused the refund"),
    "retry_refund": gettext_lazy("sent the refund again"),
    "reverse_refund": gettext_lazy("took a paid refund back"),
    "platform_pays": gettext_lazy("the platform pays, the merchant's guarantee account is charged"),
    "extend": gettext_lazy("extended the deadline"),
    "request_approval": gettext_lazy("asked a second person to allow it"),
    "decline_request": gettext_lazy("declined the request for approval"),
    "reopen": gettext_lazy("opened the case again"),
    "convert": gettext_lazy("went on with it as another type"),
    "continue": gettext_lazy("goes on with what was asked, as another type"),
    "split": gettext_lazy("gave some units a case of their own"),
    "split_off": gettext_lazy("gave these units a case of their own"),
    "merge": gettext_lazy("merged it into another case"),
    "take_over": gettext_lazy("merged another case into this one"),
    "claim": gettext_lazy("took the case"),
    "assign": gettext_lazy("assigned the case"),
    "evidence": gettext_lazy("added photos"),
    "reveal": gettext_lazy("looked at the buyer's data"),
    "release_refund": gettext_lazy("released the refund"),
    "propose_settlement": gettext_lazy("said that the refund was paid by hand"),
    "confirm_settlement": gettext_lazy("confirmed the payment by hand"),
    "drop_settlement": gettext_lazy("took back that it was paid by hand"),
    "query_refund": gettext_lazy("asked the gateway about the refund"),
    "try_again": gettext_lazy("let the clock try again"),
    "attempt": gettext_lazy("came too late"),
}
BY_CLOCK: dict[str, Promise | str] = {
    "approve": gettext_lazy("nobody answered in time: the request approved itself"),
    "miss_interception": gettext_lazy("the parcel was not stopped in time: it becomes a return"),
    "pass_inspection": gettext_lazy("nobody inspected in time: taken as good"),
    "resume": gettext_lazy("the suspension has ended"),
}
REVEALED: dict[str, Promise | str] = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Address"),
}

# What merchants are not told: how the platform staffs and checks itself.
INTERNAL = frozenset(
    {"attempt", "claim", "assign", "request_approval", "decline_request", "reveal", "release_refund",
     "propose_settlement", "confirm_settlement", "drop_settlement", "query_refund", "retry_refund", "try_again"}
)  # fmt: skip
ANSWERS_INSIDE = frozenset({"allow"})


def happened(event: Event) -> str:
    """The event as the rest of a sentence that starts with who did it."""
    if event.role == Role.CLOCK and event.action in BY_CLOCK:
        return str(BY_CLOCK[event.action])
    return str(HAPPENED.get(event.action, event.action))


def who(case: Case, role: str, user: object | None) -> str:
    """The name of who acted: people by name, buyers masked, the clock as such."""
    if user is not None:
        return str(user)
    return mask_name(case.buyer.name) if role == Role.BUYER and case.buyer.name else str(Role(role).label)


def details(event: Event, case: Case, reject_names: Mapping[str, str]) -> list[str]:
    """What the event carries beside its reason, in short phrases."""
    data: dict[str, Any] = event.data or {}
    said = [
        _tried(data),
        reject_names.get(data.get("reason", ""), ""),
        _sum(data.get("amount"), case.currency),
        _extension(data),
        _units(data.get("units")),
        data.get("other", ""),
        str(CaseType(data["type"]).label) if event.action == "convert" else "",
        " ".join(part for part in (data.get("carrier", ""), data.get("waybill", "")) if part),
        _assignee(event, data),
        _photos(data.get("count")),
        _("Refund %(number)s") % {"number": data["refund"][:12]} if data.get("refund") else "",
        data.get("reference", ""),
        ", ".join(str(REVEALED[name]) for name in data.get("revealed", []) if name in REVEALED),
    ]
    return [phrase for phrase in said if phrase]


def consequence(case: Case, type: str, amount: Decimal) -> str:
    """What agreeing sets in motion, and how much goes back at the end."""
    words = {"amount": money_text(amount, case.currency), "days": case.policy.ship_return_days}
    if type == CaseType.RETURN_REFUND:
        said = _("The buyer sends the goods back within %(days)d days; %(amount)s goes back after the inspection.")
        return said % words
    if case.goods_state == GoodsState.SHIPPED and type == case.type:
        return _("The carrier is asked to stop the parcel; %(amount)s goes back once it is stopped.") % words
    if amount > case.policy.release_above:
        return _("%(amount)s goes back to the buyer once finance has released it.") % words
    return _("%(amount)s goes back to the buyer at once.") % words


def _tried(data: dict[str, Any]) -> str:
    move = CHART.get(data.get("tried", ""))
    return _("tried: %(action)s") % {"action": move.label} if move else ""


def _sum(amount: str | None, currency: str) -> str:
    try:
        return money_text(Decimal(amount), currency) if amount else ""
    except InvalidOperation:
        return ""


def _extension(data: dict[str, Any]) -> str:
    if "days" not in data:
        return ""
    days = int(data["days"])
    phrase = ngettext("%(kind)s: %(days)d day more", "%(kind)s: %(days)d days more", days)
    kind = data.get("kind", "")
    return phrase % {"kind": DeadlineKind(kind).label if kind in DeadlineKind.values else kind, "days": days}


def _units(count: int | None) -> str:
    return ngettext("%(count)d unit", "%(count)d units", count) % {"count": count} if count else ""


def _photos(count: int | None) -> str:
    return ngettext("%(count)d photo", "%(count)d photos", count) % {"count": count} if count else ""


def _assignee(event: Event, data: dict[str, Any]) -> str:
    if event.action != "assign":
        return ""
    return _("to %(person)s") % {"person": data["assignee"]} if data.get("assignee") else _("to nobody")
