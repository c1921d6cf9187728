"""The transition table of the case: which action leads from which state to which. The only copy."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.rules.vocabulary import OPEN, Status

S = Status
BEFORE_REFUND = (
    S.PENDING_MERCHANT,
    S.PENDING_BUYER,
    S.REJECTED,
    S.INTERCEPTING,
    S.AWAITING_RETURN,
    S.RETURN_IN_TRANSIT,
    S.INSPECTING,
    S.ARBITRATION,
)


@dataclass(frozen=True)
class Move:
    """One action: where it may start, where it may lead; no target means that the state stays."""

    label: Promise
    sources: tuple[Status, ...]
    targets: tuple[Status, ...] = ()
    guards: tuple[str, ...] = ()


AGREED = (S.AWAITING_RETURN, S.INTERCEPTING, S.REFUNDING)

CHART: dict[str, Move] = {
    "approve": Move(_("Agree"), (S.PENDING_MERCHANT,), AGREED, ("return_address_known", "within_authority")),
    "allow": Move(
        _("Allow what was asked for"),
        (S.PENDING_MERCHANT,),
        AGREED,
        ("asked_by_another", "return_address_known", "within_authority"),
    ),
    "intercepted": Move(_("Parcel stopped"), (S.INTERCEPTING,), (S.REFUNDING,)),
    "miss_interception": Move(
        _("Parcel not stopped"), (S.INTERCEPTING,), (S.AWAITING_RETURN,), ("return_address_known",)
    ),
    "offer": Move(_("Make an offer"), (S.PENDING_MERCHANT,), (S.PENDING_BUYER,)),
    "accept_offer": Move(_("Accept the offer"), (S.PENDING_BUYER,), AGREED, ("return_address_known",)),
    "decline_offer": Move(_("Decline the offer"), (S.PENDING_BUYER,), (S.PENDING_MERCHANT,)),
    "lapse_offer": Move(_("Offer lapses"), (S.PENDING_BUYER,), (S.PENDING_MERCHANT,)),
    "reject": Move(_("Reject"), (S.PENDING_MERCHANT,), (S.REJECTED,)),
    "reapply": Move(_("Modify and apply again"), (S.REJECTED,), (S.PENDING_MERCHANT,), ("applications_left",)),
    "escalate": Move(_("Ask the platform to decide"), (S.REJECTED,), (S.ARBITRATION,)),
    "withdraw": Move(_("Withdraw"), BEFORE_REFUND, (S.CLOSED,)),
    "ship_return": Move(_("Hand in the waybill"), (S.AWAITING_RETURN,), (S.RETURN_IN_TRANSIT,)),
    "cancel_pickup": Move(_("Pickup cancelled"), (S.RETURN_IN_TRANSIT,), (S.AWAITING_RETURN,), ("nothing_received",)),
    "receive": Move(_("Receive"), (S.AWAITING_RETURN, S.RETURN_IN_TRANSIT, S.INSPECTING), (S.INSPECTING,)),
    "presume_received": Move(_("Accept as received"), (S.RETURN_IN_TRANSIT,), (S.REFUNDING,)),
    "pass_inspection": Move(_("Pass the inspection"), (S.INSPECTING,), (S.REFUNDING,), ("something_received",)),
    "fail_inspection": Move(_("Fail the inspection"), (S.INSPECTING,), (S.REJECTED,)),
    "expire": Move(_("Close, time is up"), (S.AWAITING_RETURN, S.REJECTED), (S.CLOSED,)),
    "rule_for_buyer": Move(_("Rule for the buyer"), (S.ARBITRATION,), AGREED, ("return_address_known",)),
    "rule_for_merchant": Move(_("Rule for the merchant"), (S.ARBITRATION,), (S.CLOSED,)),
    "close_evidence": Move(_("Close the evidence"), (S.ARBITRATION,)),
    "suspend": Move(_("Suspend"), (S.ARBITRATION,), (S.SUSPENDED,)),
    "resume": Move(_("Resume"), (S.SUSPENDED,), (S.ARBITRATION,)),
    "settle": Move(_("Refund paid"), (S.REFUNDING, S.REFUND_FAILED), (S.COMPLETED,), ("all_refunds_paid",)),
    "fail_refund": Move(_("Refund failed"), (S.REFUNDING,), (S.REFUND_FAILED,)),
    "retry_refund": Move(_("Refund again"), (S.REFUND_FAILED,), (S.REFUNDING,)),
    "reverse_refund": Move(_("Refund reversed"), (S.COMPLETED,), (S.REFUND_FAILED,)),
    "platform_pays": Move(_("Platform pays"), (S.REFUNDING, S.REFUND_FAILED), (S.REFUNDING,)),
    "extend": Move(_("Extend the deadline"), OPEN, (), ("deadline_running", "extension_allowed")),
    "request_approval": Move(_("Send for approval"), (S.PENDING_MERCHANT,), (), ("none_asked_yet",)),
    "decline_request": Move(_("Decline the request"), (S.PENDING_MERCHANT,), (), ("asked_by_another",)),
    "reopen": Move(_("Reopen"), (S.COMPLETED, S.CLOSED), (S.PENDING_MERCHANT,)),
}

# Moves that would contradict what the clock is about to do: refused once the deadline has passed.
CUT_OFF = frozenset({"offer", "accept_offer", "reject", "reapply", "escalate", "ship_return", "fail_inspection"})


def sources(action: str) -> list[str]:
    """States in which the action may start, for a django-fsm transition."""
    return [str(status) for status in CHART[action].sources]
