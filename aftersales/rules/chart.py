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
    S.REPAIRING,
    S.AWAITING_DISPATCH,
    S.ARBITRATION,
)


@dataclass(frozen=True)
class Move:
    """One action: where it may start, where it may lead; no target means that the state stays."""

    label: Promise
    sources: tuple[Status, ...]
    targets: tuple[Status, ...] = ()
    guards: tuple[str, ...] = ()


AGREED = (S.AWAITING_RETURN, S.INTERCEPTING, S.REFUNDING, S.AWAITING_DISPATCH, S.COMPLETED)
INSPECTED = (S.REFUNDING, S.AWAITING_DISPATCH, S.REPAIRING, S.COMPLETED)
UNDECIDED = (S.PENDING_MERCHANT, S.PENDING_BUYER, S.REJECTED)

CHART: dict[str, Move] = {
    "approve": Move(_("Agree"), (S.PENDING_MERCHANT,), AGREED, ("return_address_known", "within_authority")),
    "allow": Move(
        _("Allow what was asked for"),
        (S.PENDING_MERCHANT,),
        AGREED,
        ("asked_by_another", "return_address_known", "within_authority"),
    ),
    "intercepted": Move(_("Parcel stopped"), (S.INTERCEPTING,), (S.REFUNDING, S.AWAITING_DISPATCH)),
    "miss_interception": Move(
        _("Parcel not stopped"), (S.INTERCEPTING,), (S.AWAITING_RETURN, S.CLOSED), ("return_address_known",)
    ),
    "offer": Move(_("Make an offer"), (S.PENDING_MERCHANT,), (S.PENDING_BUYER,)),
    "accept_offer": Move(_("Accept the offer"), (S.PENDING_BUYER,), (*AGREED, S.REPAIRING), ("return_address_known",)),
    "decline_offer": Move(_("Decline the offer"), (S.PENDING_BUYER,), (S.PENDING_MERCHANT, S.AWAITING_DISPATCH)),
    "lapse_offer": Move(_("Offer lapses"), (S.PENDING_BUYER,), (S.PENDING_MERCHANT, S.AWAITING_DISPATCH)),
    "reject": Move(_("Reject"), (S.PENDING_MERCHANT,), (S.REJECTED,)),
    "reapply": Move(_("Modify and apply again"), (S.REJECTED,), (S.PENDING_MERCHANT,), ("applications_left",)),
    "escalate": Move(_("Ask the platform to decide"), (S.REJECTED,), (S.ARBITRATION,)),
    "withdraw": Move(_("Withdraw"), BEFORE_REFUND, (S.CLOSED,), ("advance_known",)),
    "ship_return": Move(_("Hand in the waybill"), (S.AWAITING_RETURN,), (S.RETURN_IN_TRANSIT,)),
    "book_pickup": Move(_("Book a pickup"), (S.AWAITING_RETURN,), (S.RETURN_IN_TRANSIT,), ("return_address_known",)),
    "reschedule_pickup": Move(_("Reschedule the pickup"), (S.RETURN_IN_TRANSIT,), (), ("courier_expected",)),
    "cancel_pickup": Move(
        _("Pickup cancelled"),
        (S.RETURN_IN_TRANSIT,),
        (S.AWAITING_RETURN,),
        ("nothing_received", "nothing_collected"),
    ),
    "receive": Move(_("Receive"), (S.AWAITING_RETURN, S.RETURN_IN_TRANSIT, S.INSPECTING), (S.INSPECTING,)),
    "presume_received": Move(_("Accept as received"), (S.RETURN_IN_TRANSIT,), INSPECTED),
    "pass_inspection": Move(_("Pass the inspection"), (S.INSPECTING,), INSPECTED, ("something_received",)),
    "fail_inspection": Move(_("Fail the inspection"), (S.INSPECTING,), (S.REJECTED,)),
    "quote_repair": Move(_("Quote the repair"), (S.REPAIRING,), (S.PENDING_BUYER,), ("diagnosed",)),
    "diagnose": Move(_("Record the diagnosis"), (S.REPAIRING,)),
    "send_to_repairer": Move(_("Send to the repairer"), (S.REPAIRING,), (), ("diagnosed",)),
    "back_from_repairer": Move(_("Back from the repairer"), (S.REPAIRING,), (), ("at_the_repairer",)),
    "finish_repair": Move(_("Repaired"), (S.REPAIRING,), (S.AWAITING_DISPATCH,), ("diagnosed", "repair_is_here")),
    "fail_repair": Move(_("Repair failed"), (S.REPAIRING,), (), ("diagnosed", "repair_is_here")),
    "offer_choice": Move(_("Offer exchange or refund"), (S.REPAIRING,)),
    "choose_exchange": Move(_("Take an exchange instead"), (S.REPAIRING,), (S.AWAITING_DISPATCH,), ("choice_open",)),
    "choose_refund": Move(_("Take the money instead"), (S.REPAIRING,), (S.REFUNDING,), ("choice_open",)),
    "dispatch": Move(_("Dispatch"), (S.AWAITING_DISPATCH,), (S.AWAITING_RECEIPT,), ("difference_settled",)),
    "give_money_instead": Move(
        _("Give the money instead"),
        (S.AWAITING_DISPATCH,),
        (S.REFUNDING, S.AWAITING_RETURN),
        ("return_address_known",),
    ),
    "send_again": Move(_("Send again"), (S.AWAITING_RECEIPT,), (S.AWAITING_DISPATCH,)),
    "confirm_receipt": Move(
        _("Confirm the receipt"),
        (S.AWAITING_RECEIPT,),
        (S.COMPLETED, S.REFUNDING, S.AWAITING_RETURN),
        ("signed_before_the_clock",),
    ),
    "expire": Move(_("Close, time is up"), (S.AWAITING_RETURN, S.REJECTED), (S.CLOSED,), ("advance_known",)),
    "rule_for_buyer": Move(
        _("Rule for the buyer"), (S.ARBITRATION,), (*AGREED, S.REPAIRING), ("return_address_known",)
    ),
    "rule_for_merchant": Move(_("Rule for the merchant"), (S.ARBITRATION,), (S.CLOSED,), ("advance_known",)),
    "close_evidence": Move(_("Close the evidence"), (S.ARBITRATION,)),
    "suspend": Move(_("Suspend"), (S.ARBITRATION,), (S.SUSPENDED,)),
    "resume": Move(_("Resume"), (S.SUSPENDED,), (S.ARBITRATION,)),
    "settle": Move(_("Refund paid"), (S.REFUNDING, S.REFUND_FAILED), (S.COMPLETED,), ("all_refunds_paid",)),
    "fail_refund": Move(_("Refund failed"), (S.REFUNDING,), (S.REFUND_FAILED,)),
    "retry_refund": Move(_("Refund again"), (S.REFUND_FAILED,), (S.REFUNDING,)),
    "reverse_refund": Move(_("Refund reversed"), (S.COMPLETED,), (S.REFUND_FAILED,)),
    "platform_pays": Move(_("Platform pays"), (S.REFUNDING, S.REFUND_FAILED), (S.REFUNDING,)),
    "convert": Move(_("Convert into another type"), UNDECIDED, (S.CLOSED,), ("nothing_advanced",)),
    "split": Move(_("Split the case"), UNDECIDED, (), ("more_than_one_unit", "nothing_advanced")),
    "merge": Move(_("Merge into another case"), UNDECIDED, (S.CLOSED,), ("nothing_advanced",)),
    "extend": Move(_("Extend the deadline"), OPEN, (), ("deadline_running", "extension_allowed")),
    "request_approval": Move(_("Send for approval"), (S.PENDING_MERCHANT,), (), ("none_asked_yet",)),
    "decline_request": Move(_("Decline the request"), (S.PENDING_MERCHANT,), (), ("asked_by_another",)),
    "reopen": Move(_("Reopen"), (S.COMPLETED, S.CLOSED), (S.PENDING_MERCHANT,), ("not_gone_on",)),
}

# Moves that would contradict what the clock is about to do: refused once the deadline has passed.
CUT_OFF = frozenset(
    {
        "offer",
        "accept_offer",
        "reject",
        "reapply",
        "escalate",
        "ship_return",
        "book_pickup",
        "fail_inspection",
        "convert",
    }
)


def sources(action: str) -> list[str]:
    """States in which the action may start, for a django-fsm transition."""
    return [str(status) for status in CHART[action].sources]
