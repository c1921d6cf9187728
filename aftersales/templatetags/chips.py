"""Chips: short facts in pills, among them the states of cases and refunds, in words, shape and colour."""

from functools import lru_cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aftersales.rules.vocabulary import RefundStatus, Status
from aftersales.templatetags.attributes import attribute, classes
from aftersales.templatetags.icons import icon

# acc: somebody here acts · good: done · warn: look before you go on · bad: trouble · "": others act · mute: over.
CASE_MEANINGS: Final[dict[str, str]] = {
    Status.PENDING_MERCHANT: "acc",
    Status.PENDING_BUYER: "",
    Status.REJECTED: "warn",
    Status.INTERCEPTING: "",
    Status.AWAITING_RETURN: "",
    Status.RETURN_IN_TRANSIT: "",
    Status.INSPECTING: "acc",
    Status.REPAIRING: "acc",
    Status.AWAITING_DISPATCH: "acc",
    Status.AWAITING_RECEIPT: "",
    Status.REFUNDING: "acc",
    Status.REFUND_FAILED: "bad",
    Status.ARBITRATION: "bad",
    Status.SUSPENDED: "warn",
    Status.COMPLETED: "good",
    Status.CLOSED: "mute",
}
REFUND_MEANINGS: Final[dict[str, str]] = {
    RefundStatus.DRAFT: "mute",
    RefundStatus.AWAITING_RELEASE: "warn",
    RefundStatus.QUEUED: "",
    RefundStatus.SENDING: "acc",
    RefundStatus.ACCEPTED: "acc",
    RefundStatus.SUCCEEDED: "good",
    RefundStatus.FAILED: "bad",
    RefundStatus.UNKNOWN: "warn",
    RefundStatus.REVERSED: "bad",
    RefundStatus.CANCELLED: "mute",
}


def chip(text: object, meaning: str = "", icon_name: str = "", title: str = "") -> SafeString:
    """A short fact in a pill; `meaning` is acc, good, warn, bad, mute or nothing."""
    drawn = icon(icon_name, 16) if icon_name else ""
    mark = "" if icon_name or not meaning else "mark"
    return format_html(
        '<span class="{}"{}>{}{}</span>', classes("chip", mark, meaning), attribute("title", title), drawn, text
    )


def state_badge(status: str) -> SafeString:
    """The state of a case in words, shape and colour."""
    return _state_badge(str(status), get_language())


@lru_cache(maxsize=128)
def _state_badge(status: str, _language: str | None) -> SafeString:
    return _badge(Status(status).label, CASE_MEANINGS[status])


def refund_badge(status: str) -> SafeString:
    """The state of a refund in words, shape and colour."""
    return _badge(RefundStatus(status).label, REFUND_MEANINGS[status])


def _badge(label: object, meaning: str) -> SafeString:
    return format_html('<span class="{}">{}</span>', classes("chip", "mark", meaning), label)
