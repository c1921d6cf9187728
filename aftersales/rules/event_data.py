"""What an event of each kind carries beside its reason: the keys of `Event.data` and their types.

Which kind carries what stands in its record (`moves`). Amounts are decimals in the currency of the case and moments are
ISO 8601, both as texts: they stand in JSON. A key may be absent where there was nothing to say.
"""

from typing import TypeAlias, TypedDict


class Nothing(TypedDict):
    """Most kinds: who, when and why say all."""


class Decision(TypedDict, total=False):
    """What the policy decided by itself: the rule with its limit, and pairs of a rule and what stood against it."""

    rule: str
    limit: str
    against: list[list[str]]


class Applied(Decision, total=False):
    """The number of the application."""

    round: int


class Agreed(Decision, total=False):
    """`label` is "prepaid" where the merchant pays the way back."""

    label: str


class Sum(TypedDict, total=False):
    """A sum that was offered or asked."""

    amount: str


class Rejected(TypedDict, total=False):
    """The code of a reason to reject."""

    reason: str


class Sent(TypedDict, total=False):
    """A parcel."""

    carrier: str
    waybill: str


class SentBack(Sent, total=False):
    """`advanced` is what was paid because the goods are on their way."""

    advanced: str


class Collected(SentBack, total=False):
    """The courier's visit by its id: it is said once."""

    pickup: int


class Received(TypedDict, total=False):
    """Units counted, of all lines."""

    units: int
    waybill: str


class Visit(TypedDict, total=False):
    """When a courier comes: from and until."""

    carrier: str
    window: list[str]


Extended = TypedDict("Extended", {"kind": str, "from": str, "days": int}, total=False)


class Other(TypedDict, total=False):
    """The number of the other case."""

    other: str


class Converted(Other, total=False):
    """The type as which it goes on."""

    type: str


class Continued(Other, total=False):
    """The number of the application, which begins anew."""

    round: int


class Divided(Other, total=False):
    """Units that moved."""

    units: int


class Handed(TypedDict, total=False):
    """By name, as they were called then; an empty assignee is nobody."""

    assignee: str
    team: str


class Prioritised(TypedDict, total=False):
    """The name of the priority in lower case."""

    priority: str


class Photos(TypedDict, total=False):
    """How many were added."""

    count: int


class Revealed(TypedDict, total=False):
    """Which of the buyer's data."""

    revealed: list[str]


class OfRefund(Sum, total=False):
    """The refund by its number, what the gateway said, and under what reference it was paid by hand."""

    refund: str
    code: str
    message: str
    reference: str


class OfReceivable(Sum, total=False):
    """The kind of the receivable."""

    owed: str
    reference: str
    waybill: str


class OfInvoiceTask(TypedDict, total=False):
    """The kind of task and the number of the invoice."""

    invoice_task: str
    reference: str


class MacroRun(TypedDict, total=False):
    """The macro by the title it had."""

    macro: str
    macro_id: int


class Late(TypedDict, total=False):
    """The move that came too late."""

    tried: str


class TriedAgain(TypedDict, total=False):
    """The kind of row, what it was about, and the error that it had failed with."""

    what: str
    kind: str
    error: str
    refund: str


class Details(
    Applied, Agreed, Rejected, Collected, Received, Visit, Extended, Converted, Continued, Divided, Handed, Prioritised,
    Photos, Revealed, OfRefund, OfReceivable, OfInvoiceTask, MacroRun, Late, TriedAgain,
    total=False,
):  # fmt: skip
    """Any event's data, for readers to whom the kind does not matter."""


EventData: TypeAlias = (
    Nothing | Applied | Agreed | Sum | Rejected | Sent | SentBack | Collected | Received | Visit | Extended | Other
    | Converted | Continued | Divided | Handed | Prioritised | Photos | Revealed | OfRefund | OfReceivable
    | OfInvoiceTask | MacroRun | Late | TriedAgain
)  # fmt: skip
