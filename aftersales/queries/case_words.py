"""What happened to a case, in sentences: who, what, and the details that each kind of event carries."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aftersales.models import Case, Demand, Event
from aftersales.queries import automatic_words
from aftersales.rules import case_types, chains
from aftersales.rules.chart import CHART
from aftersales.rules.event_data import Details
from aftersales.rules.phrases import moment_text, money_text
from aftersales.rules.vocabulary import CaseType, DeadlineKind, GivenAs, GoodsState, Priority, Role
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
    "book_pickup": gettext_lazy("booked a courier"),
    "reschedule_pickup": gettext_lazy("moved the courier to another time"),
    "collect_return": gettext_lazy("collected the goods at the door"),
    "cancel_pickup": gettext_lazy("reported that the pickup was cancelled"),
    "receive": gettext_lazy("received goods"),
    "match_parcel": gettext_lazy("found a parcel that came without a case"),
    "presume_received": gettext_lazy("taken as received and good: nobody looked in time"),
    "pass_inspection": gettext_lazy("passed the inspection"),
    "fail_inspection": gettext_lazy("failed the inspection"),
    "diagnose": gettext_lazy("recorded the diagnosis"),
    "quote_repair": gettext_lazy("asked the buyer to pay for the repair"),
    "send_to_repairer": gettext_lazy("sent the goods to the repairer"),
    "back_from_repairer": gettext_lazy("has the goods back from the repairer"),
    "finish_repair": gettext_lazy("finished the repair"),
    "fail_repair": gettext_lazy("could not repair it"),
    "offer_choice": gettext_lazy("the buyer may choose: exchange or refund"),
    "choose_exchange": gettext_lazy("chose an exchange instead of the repair"),
    "choose_refund": gettext_lazy("chose the money instead of the repair"),
    "dispatch": gettext_lazy("dispatched the goods"),
    "give_money_instead": gettext_lazy("gives the money instead"),
    "send_again": gettext_lazy("has to send the goods again"),
    "confirm_receipt": gettext_lazy("confirmed the receipt"),
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
    "skip": gettext_lazy("left the case to others"),
    "prioritise": gettext_lazy("changed the priority"),
    "distribute": gettext_lazy("handed the case out in turn"),
    "release": gettext_lazy("gave the case back to its team"),
    "macro": gettext_lazy("ran a macro"),
    "team": gettext_lazy("moved the case to another team"),
    "evidence": gettext_lazy("added photos"),
    "reveal": gettext_lazy("looked at the buyer's data"),
    "release_refund": gettext_lazy("released the refund"),
    "propose_settlement": gettext_lazy("said that the refund was paid by hand"),
    "confirm_settlement": gettext_lazy("confirmed the payment by hand"),
    "drop_settlement": gettext_lazy("took back that it was paid by hand"),
    "settle_demand": gettext_lazy("recorded that money owed was paid"),
    "claim_carrier": gettext_lazy("made a claim on the carrier"),
    "waive_demand": gettext_lazy("waived money owed"),
    "propose_waiver": gettext_lazy("proposed to waive money owed: a second person has to agree"),
    "query_refund": gettext_lazy("asked the gateway about the refund"),
    "finish_chore": gettext_lazy("did a task of the invoice"),
    "try_again": gettext_lazy("let the clock try again"),
    "attempt": gettext_lazy("came too late"),
}
BY_CLOCK: dict[str, Promise | str] = {
    "approve": gettext_lazy("nobody answered in time: the request approved itself"),
    "miss_interception": gettext_lazy("the parcel was not stopped in time: it becomes a return"),
    "pass_inspection": gettext_lazy("nobody inspected in time: taken as good"),
    "resume": gettext_lazy("the suspension has ended"),
    "offer_choice": gettext_lazy("the repair took too long: the buyer may choose an exchange or the money"),
    "give_money_instead": gettext_lazy("nothing was dispatched in time: the paid price goes back"),
    "confirm_receipt": gettext_lazy("signed for and not objected to: taken as received"),
}
REVEALED: dict[str, Promise | str] = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Address"),
}

# What merchants are not told: how the platform staffs and checks itself.
INTERNAL = frozenset(
    {"attempt", "claim", "assign", "skip", "prioritise", "distribute", "release", "request_approval",
     "decline_request", "reveal", "release_refund", "macro", "team",
     "propose_settlement", "confirm_settlement", "drop_settlement", "query_refund", "retry_refund", "try_again",
     "propose_waiver"}
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


def details(event: Event, case: Case, reject_names: Mapping[str, str], *, is_insider: bool = True) -> list[str]:
    """What the event carries beside its reason, in short phrases; merchants are not told what a buyer's record says."""
    data = event.details
    said = [
        _tried(data),
        *automatic_words.told(data, case.currency, is_insider=is_insider),
        reject_names.get(data.get("reason", ""), ""),
        _sum(data.get("amount"), case.currency),
        _extension(data),
        _units(data.get("units")),
        data.get("other", ""),
        str(CaseType(data["type"]).label) if event.action == "convert" else "",
        " ".join(part for part in (data.get("carrier", ""), data.get("waybill", "")) if part),
        _window(data.get("window")),
        _assignee(event, data),
        _priority(data.get("priority")),
        data.get("team", ""),
        _photos(data.get("count")),
        _("Refund %(number)s") % {"number": data["refund"][:12]} if data.get("refund") else "",
        _owed(data.get("owed")),
        data.get("reference", ""),
        data.get("macro", ""),
        ", ".join(str(REVEALED[name]) for name in data.get("revealed", []) if name in REVEALED),
    ]
    return [phrase for phrase in said if phrase]


def consequence(case: Case, type: str, amount: Decimal) -> str:
    """What agreeing sets in motion, and how much goes back at the end."""
    policy = case.policy
    words = {
        "amount": money_text(amount, case.currency),
        "days": policy.ship_return_days,
        "hours": policy.dispatch_hours,
    }
    record = case_types.of(type)
    if case.is_being_repaired and record.repairs:
        return _("The buyer pays %(amount)s for the repair before the goods go back.") % words
    said = (case.dispatches_first and record.consequence_sent_first) or record.consequence
    if said:
        return str(said) % words
    if chains.changes_address(case) and type == case.type:
        return _consequence_of_address(case)
    return _consequence_of_money(case, type, amount)


def _consequence_of_address(case: Case) -> str:
    if case.goods_state == GoodsState.UNSHIPPED:
        return _("The order goes to the new address at once.")
    return _("The carrier is asked to stop the parcel; once it is stopped it goes to the new address.")


def _consequence_of_money(case: Case, type: str, amount: Decimal) -> str:
    words = {"amount": money_text(amount, case.currency)}
    if type == case.type and chains.gives_in_kind(case):
        words["amount"] = money_text(case.requested_amount, case.currency)
        if case.given_as == GivenAs.FREIGHT:
            return _("Finance pays the buyer %(amount)s for the freight.") % words
        return _("The buyer gets %(amount)s as: %(kind)s.") % {**words, "kind": case.get_given_as_display()}
    if case.goods_state == GoodsState.SHIPPED and type == case.type and chains.of(case).holds_units:
        return _("The carrier is asked to stop the parcel; %(amount)s goes back once it is stopped.") % words
    if amount > case.policy.release_above:
        return _("%(amount)s goes back to the buyer once finance has released it.") % words
    return _("%(amount)s goes back to the buyer at once.") % words


def _tried(data: Details) -> str:
    move = CHART.get(data.get("tried", ""))
    return _("tried: %(action)s") % {"action": move.label} if move else ""


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


def _owed(kind: str | None) -> str:
    return str(Demand.Kind(kind).label) if kind in Demand.Kind.values else ""


def _photos(count: int | None) -> str:
    return ngettext("%(count)d photo", "%(count)d photos", count) % {"count": count} if count else ""


def _window(moments: list[str] | None) -> str:
    return " – ".join(moment_text(datetime.fromisoformat(each)) for each in moments) if moments else ""


def _priority(name: str | None) -> str:
    return str(Priority[name.upper()].label) if name else ""


def _assignee(event: Event, data: Details) -> str:
    if event.action not in ("assign", "distribute"):
        return ""
    if data.get("team"):
        return _("to the team %(team)s") % {"team": data["team"]}
    return _("to %(person)s") % {"person": data["assignee"]} if data.get("assignee") else _("to nobody")
