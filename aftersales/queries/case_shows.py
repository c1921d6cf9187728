"""What of a case's thread and record can be looked at alone, and which event belongs where. The only copy."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# As they stand in the address; nothing is everything.
ALL, PUBLIC, NOTES, SYSTEM, MONEY, PARCELS = "", "messages", "notes", "system", "money", "parcels"
LABELS: Final[dict[str, Promise | str]] = {
    ALL: pgettext_lazy("thread", "All"),
    PUBLIC: pgettext_lazy("thread", "Public"),
    NOTES: pgettext_lazy("thread", "Notes"),
    SYSTEM: pgettext_lazy("thread", "System"),
    MONEY: pgettext_lazy("thread", "Money"),
    PARCELS: pgettext_lazy("thread", "Parcels"),
}
NOTHING: Final[dict[str, Promise | str]] = {
    ALL: _("Nothing was written yet."),
    PUBLIC: _("No message was written yet."),
    NOTES: _("No note was written yet."),
    SYSTEM: _("Nothing happened yet."),
    MONEY: _("Nothing about money yet."),
    PARCELS: _("Nothing about parcels yet."),
}
INSIDE: Final = frozenset({NOTES})  # only our people write and read them

# What an event is about, first of all: money, goods under way or at hand, else the course of the case itself.
ABOUT: Final[dict[str, str]] = {
    "apply": SYSTEM,
    "approve": SYSTEM,
    "allow": SYSTEM,
    "intercepted": PARCELS,
    "miss_interception": PARCELS,
    "offer": MONEY,
    "accept_offer": MONEY,
    "decline_offer": MONEY,
    "lapse_offer": MONEY,
    "reject": SYSTEM,
    "reapply": SYSTEM,
    "escalate": SYSTEM,
    "withdraw": SYSTEM,
    "ship_return": PARCELS,
    "book_pickup": PARCELS,
    "reschedule_pickup": PARCELS,
    "collect_return": PARCELS,
    "cancel_pickup": PARCELS,
    "receive": PARCELS,
    "match_parcel": PARCELS,
    "presume_received": PARCELS,
    "pass_inspection": PARCELS,
    "fail_inspection": PARCELS,
    "diagnose": SYSTEM,
    "quote_repair": MONEY,
    "send_to_repairer": PARCELS,
    "back_from_repairer": PARCELS,
    "finish_repair": SYSTEM,
    "fail_repair": SYSTEM,
    "offer_choice": SYSTEM,
    "choose_exchange": SYSTEM,
    "choose_refund": SYSTEM,
    "dispatch": PARCELS,
    "give_money_instead": MONEY,
    "send_again": PARCELS,
    "confirm_receipt": PARCELS,
    "expire": SYSTEM,
    "rule_for_buyer": SYSTEM,
    "rule_for_merchant": SYSTEM,
    "close_evidence": SYSTEM,
    "suspend": SYSTEM,
    "resume": SYSTEM,
    "settle": MONEY,
    "fail_refund": MONEY,
    "retry_refund": MONEY,
    "reverse_refund": MONEY,
    "platform_pays": MONEY,
    "extend": SYSTEM,
    "request_approval": SYSTEM,
    "decline_request": SYSTEM,
    "reopen": SYSTEM,
    "convert": SYSTEM,
    "continue": SYSTEM,
    "split": SYSTEM,
    "split_off": SYSTEM,
    "merge": SYSTEM,
    "take_over": SYSTEM,
    "claim": SYSTEM,
    "assign": SYSTEM,
    "skip": SYSTEM,
    "prioritise": SYSTEM,
    "distribute": SYSTEM,
    "release": SYSTEM,
    "team": SYSTEM,
    "macro": SYSTEM,
    "evidence": SYSTEM,
    "reveal": SYSTEM,
    "release_refund": MONEY,
    "propose_settlement": MONEY,
    "confirm_settlement": MONEY,
    "drop_settlement": MONEY,
    "settle_demand": MONEY,
    "claim_carrier": MONEY,
    "waive_demand": MONEY,
    "propose_waiver": MONEY,
    "query_refund": MONEY,
    "finish_chore": MONEY,
    "try_again": SYSTEM,
    "attempt": SYSTEM,
}


def known(text: str, *, is_insider: bool) -> str:
    """What an address asks to see alone; everything, when it is nothing that this person has."""
    return text if text in offered(is_insider=is_insider) else ALL


def offered(*, is_insider: bool) -> dict[str, Promise | str]:
    """What a person can choose from, in the order of the page."""
    return {show: label for show, label in LABELS.items() if is_insider or show not in INSIDE}


def actions_of(*shows: str) -> frozenset[str]:
    """Events about these things."""
    return frozenset(action for action, about in ABOUT.items() if about in shows)
