"""The words of the field: types, states, people, causes. Names as in the trade; see docs/states.md."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseType(TextChoices):
    """What a case asks for; `rules.cases.case_types` has the facts about each type."""

    REFUND_ONLY = "refund_only", _("Refund only")
    RETURN_REFUND = "return_refund", _("Return and refund")
    EXCHANGE = "exchange", _("Exchange")
    REPAIR = "repair", _("Repair")
    RESHIP = "reship", _("Reship")
    PRICE_PROTECTION = "price_protection", _("Price protection")
    COMPENSATION = "compensation", _("Compensation")
    ORDER_CHANGE = "order_change", _("Order change")


class Status(TextChoices):
    """The states of a case; `moves` lead from one to another, see docs/states.md."""

    PENDING_MERCHANT = "pending_merchant", _("Waiting for merchant")
    PENDING_BUYER = "pending_buyer", _("Waiting for buyer")
    REJECTED = "rejected", _("Rejected")
    INTERCEPTING = "intercepting", _("Intercepting")
    AWAITING_RETURN = "awaiting_return", _("Awaiting return")
    RETURN_IN_TRANSIT = "return_in_transit", _("Return in transit")
    INSPECTING = "inspecting", _("Inspecting")
    REPAIRING = "repairing", _("Repairing")
    AWAITING_DISPATCH = "awaiting_dispatch", _("Awaiting dispatch")
    AWAITING_RECEIPT = "awaiting_receipt", _("Awaiting receipt")
    REFUNDING = "refunding", _("Refunding")
    REFUND_FAILED = "refund_failed", _("Refund failed")
    ARBITRATION = "arbitration", _("Platform decides")
    SUSPENDED = "suspended", _("Suspended")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")


ENDED = (Status.COMPLETED, Status.CLOSED)
OPEN = tuple(status for status in Status if status not in ENDED)


class Role(TextChoices):
    """In which role somebody acts; the last four are machines, not people."""

    BUYER = "buyer", _("Buyer")
    AGENT = "agent", _("Agent")
    SENIOR = "senior", _("Senior agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    FINANCE = "finance", _("Finance")
    WAREHOUSE = "warehouse", _("Warehouse")
    MERCHANT = "merchant", _("Merchant")
    ADMIN = "admin", _("Admin")
    CLOCK = "clock", _("Clock")
    POLICY = "policy", _("Policy")
    CARRIER = "carrier", _("Carrier")
    GATEWAY = "gateway", _("Payment gateway")


class CloseReason(TextChoices):
    """Why a case was closed without giving what was asked."""

    WITHDRAWN = "withdrawn", _("Withdrawn by the buyer")
    EXPIRED = "expired", _("Expired")
    RULED_FOR_MERCHANT = "ruled_for_merchant", _("Ruled for the merchant")
    GOODS_DELIVERED = "goods_delivered", _("Goods delivered")
    MERGED = "merged", _("Merged into another case")
    CONVERTED = "converted", _("Converted into another type")


class SuspensionCause(TextChoices):
    """Why a dispute waits; each cause has a time of its own, after which the case is taken up again."""

    JOINT_REQUEST = "joint_request", _("Both sides ask for it")
    POLICE = "police", _("The police investigates")
    COURT = "court", _("A court decides")


class GivenAs(TextChoices):
    """The form in which a compensation is given."""

    MONEY = "money", _("Money")
    COUPON = "coupon", _("Coupon")
    POINTS = "points", pgettext_lazy("compensation", "Points")
    FREIGHT = "freight", _("Return freight")


# Given in kind instead of money: what was paid for the goods stays to be asked back.
IN_KIND = (GivenAs.COUPON, GivenAs.POINTS)


class ChangeKind(TextChoices):
    """What is to be changed in an order."""

    ADDRESS = "address", _("Another address")
    CANCEL = "cancel", _("Cancel")


class Fault(TextChoices):
    """Whose fault it is, as the reason or a ruling says; it decides who pays the freight."""

    BUYER = "buyer", pgettext_lazy("fault", "Buyer")
    MERCHANT = "merchant", pgettext_lazy("fault", "Merchant")
    CARRIER = "carrier", pgettext_lazy("fault", "Carrier")
    UNRESOLVED = "unresolved", pgettext_lazy("fault", "Not settled")


class GoodsWord(TextChoices):
    """What a person can say of goods of which no carrier tells."""

    LEFT = "left", _("They were dispatched")
    ARRIVED = "arrived", _("They were delivered")
    WAITING = "waiting", _("Nothing new: they are still where they were")


class GoodsState(TextChoices):
    """Where the ordered goods are, as far as carriers and the source of the order have told."""

    UNSHIPPED = "unshipped", _("Not shipped")
    SHIPPED = "shipped", _("Shipped, not signed for")
    SIGNED = "signed", _("Signed for")


class Disposition(TextChoices):
    """What happens to a returned unit; decided by the inspection, never by the refund."""

    RESTOCK = "restock", _("Restock")
    REPAIR = "repair", _("Repair")
    SUPPLIER = "supplier", _("Back to supplier")
    SCRAP = "scrap", _("Scrap")
    TO_BUYER = "to_buyer", _("Back to the buyer")


class Condition(TextChoices):
    """The condition in which a returned unit was found."""

    AS_NEW = "as_new", _("As new")
    OPENED = "opened", _("Opened, intact")
    USED = "used", _("Used")
    DAMAGED = "damaged", _("Damaged")
    WRONG_ITEM = "wrong_item", _("Wrong item")
    EMPTY = "empty", _("Empty parcel")
    SWAPPED = "swapped", _("Serial number swapped")


class RefundStatus(TextChoices):
    """The states of one movement of money; see docs/adr/0003."""

    DRAFT = "draft", _("Draft")
    AWAITING_RELEASE = "awaiting_release", _("Waiting for release")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    ACCEPTED = "accepted", _("Accepted by the gateway")
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Outcome unknown")
    REVERSED = "reversed", _("Reversed")
    CANCELLED = "cancelled", _("Cancelled")


class DeadlineKind(TextChoices):
    """What a case waits for by a date; `rules.policies.clocks` says which state starts which."""

    MERCHANT_RESPONSE = "merchant_response", _("Merchant's answer")
    OFFER = "offer", _("Buyer's answer to the offer")
    INTERCEPT = "intercept", _("Carrier's interception")
    SHIP_RETURN = "ship_return", _("Buyer ships the return")
    RECEIPT = "receipt", _("Return received")
    INSPECTION = "inspection", _("Inspection")
    DISPATCH = "dispatch", _("Replacement dispatched")
    REPLACEMENT = "replacement", _("Replacement received")
    REPAIR = "repair", _("Repair finished")
    REFUND = "refund", pgettext_lazy("clock", "Refund paid")
    REJECTED = "rejected", _("Buyer answers the rejection")
    EVIDENCE = "evidence", pgettext_lazy("clock", "Evidence")
    MORE_EVIDENCE = "more_evidence", _("Further evidence")
    REFERRAL = "referral", _("Decision about the goods")
    DECISION = "decision", _("Platform's decision")
    LAST_DECISION = "last_decision", _("Next supervisor's decision")
    OVERDUE_DECISION = "overdue_decision", _("Overdue decision")
    SUSPENSION = "suspension", _("Suspension")
    FIRST_REPLY = "first_reply", _("First reply")


class DeadlineStatus(TextChoices):
    """What became of a deadline; exactly one outcome each."""

    PENDING = "pending", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    FIRED = "fired", _("Passed, the clock acted")
    MISSED = "missed", _("Missed")
    QUARANTINED = "quarantined", _("Quarantined")


WAITS_FOR: dict[str, Role] = {
    Status.PENDING_MERCHANT: Role.MERCHANT,
    Status.PENDING_BUYER: Role.BUYER,
    Status.REJECTED: Role.BUYER,
    Status.INTERCEPTING: Role.CARRIER,
    Status.AWAITING_RETURN: Role.BUYER,
    Status.RETURN_IN_TRANSIT: Role.WAREHOUSE,
    Status.INSPECTING: Role.WAREHOUSE,
    Status.REPAIRING: Role.MERCHANT,
    Status.AWAITING_DISPATCH: Role.WAREHOUSE,
    Status.AWAITING_RECEIPT: Role.BUYER,
    Status.REFUNDING: Role.GATEWAY,
    Status.REFUND_FAILED: Role.FINANCE,
    Status.ARBITRATION: Role.SUPERVISOR,
    Status.SUSPENDED: Role.SUPERVISOR,
}

# A decision or a message of these is a first reply to the buyer; the clock and policies are no reply.
HUMAN_ANSWERS = frozenset({Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.MERCHANT})

WAITING_ON_US = tuple(
    status
    for status, role in WAITS_FOR.items()
    if role in (Role.MERCHANT, Role.WAREHOUSE, Role.FINANCE, Role.SUPERVISOR)
)


class Priority(IntegerChoices):
    """Which cases are handed out first, whatever is due when; the number orders them."""

    LOW = 0, pgettext_lazy("priority", "Low")
    NORMAL = 1, pgettext_lazy("priority", "Normal")
    HIGH = 2, pgettext_lazy("priority", "High")


class Availability(TextChoices):
    """Whether an agent can be handed cases, as they say themselves."""

    AVAILABLE = "available", pgettext_lazy("agent", "Available")
    BUSY = "busy", pgettext_lazy("agent", "Busy")
    AWAY = "away", pgettext_lazy("agent", "Away")


class Distribution(TextChoices):
    """How the cases of a team are shared among its people."""

    CLAIM = "claim", _("Agents take the next case")
    ROUND_ROBIN = "round_robin", _("Handed out in turn")
