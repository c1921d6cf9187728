"""What an event of each kind carries beside its reason: the keys of `Event.data` and their types.

Which kind carries what stands in its record (`moves`). Amounts are decimals in the currency of the case and moments are
ISO 8601, both as texts: they stand in JSON. A key may be absent where there was nothing to say.
"""

from typing import TypeAlias, TypedDict

from aftersales.rules.event_goods import Collected, OfGoods, ParcelSent, PickupBooked, Received, Referred, ReturnSent
from aftersales.rules.event_money import Amount, OfDispute, OfInvoiceTask, OfReceivable, OfRefund


class Nothing(TypedDict):
    """Most kinds carry nothing: who acted, when and why is in columns of their own."""


class Decision(TypedDict, total=False):
    """What the policy decided by itself: the rule with its limit; `against` are pairs of a rule and a code."""

    rule: str
    limit: str
    against: list[list[str]]


class Applied(Decision, total=False):
    """The number of the round that begins."""

    round: int


class Found(TypedDict, total=False):
    """Who was found liable: a name of `Fault`."""

    liable: str


class Decided(TypedDict, total=False):
    """What a person with a limit decides that the case gives in all, and what it had given `before`."""

    decided: str
    before: str


class Agreed(Decision, Decided, Found, total=False):
    """`label` is "prepaid" where the merchant pays the way back; `goods` where they were, and where they are."""

    label: str
    goods: list[str]


class Offered(Amount, Decided, total=False):
    """An offer counts as decided while it stands."""


class Heard(TypedDict, total=False):
    """Sides that added nothing in the time for evidence: names of `Role`."""

    silent: list[str]


class Suspended(TypedDict, total=False):
    """Why it waits: a name of `SuspensionCause`."""

    cause: str


class Rejected(TypedDict, total=False):
    """The code of the reason to reject."""

    reason: str


class NotAccepted(Rejected, Found, total=False):
    """Goods that were not accepted."""


Extended = TypedDict("Extended", {"kind": str, "from": str, "days": int}, total=False)


class OtherCase(TypedDict, total=False):
    """The number of the other case."""

    other: str


class Converted(OtherCase, total=False):
    """The type that the case goes on as."""

    type: str


class Continued(OtherCase, total=False):
    """The number of the round, counted anew in the case that continues."""

    round: int


class SplitUnits(OtherCase, total=False):
    """Units that moved to the other case."""

    units: int


class Assigned(TypedDict, total=False):
    """Names as they were at that time: people and teams are renamed; an empty assignee is nobody."""

    assignee: str
    team: str


class Prioritised(TypedDict, total=False):
    """The name of the priority in lower case."""

    priority: str


class Photos(TypedDict, total=False):
    """How many photos were added."""

    count: int


class Reported(Photos, total=False):
    """The condition that speaks against the goods."""

    found: str


class Revealed(TypedDict, total=False):
    """Which of the buyer's data somebody looked at: name, phone, address."""

    revealed: list[str]


class MacroRun(TypedDict, total=False):
    """The macro with the title that it had at that time."""

    macro: str
    macro_id: int


class RequestEnded(Amount, total=False):
    """What was asked, the name of the act, by whom, as they were called, and why it ended: an `EndedWhy`."""

    asked: str
    asker: str
    ended: str


class LateAttempt(TypedDict, total=False):
    """The name of the move that came too late."""

    tried: str


class Retried(TypedDict, total=False):
    """The kind of the failed row, what it was about, and the error that it had failed with."""

    what: str
    kind: str
    error: str
    refund: str


class ForBuyer(TypedDict, total=False):
    """Staff did what is the buyer's to do: the `Channel` of the consent, a note of it, or when the message was sent.

    Any kind may carry it that is the buyer's by its record.
    """

    channel: str
    consent: str
    consent_at: str


class AskedFor(Amount, Found, ForBuyer, total=False):
    """The name of the act that a second person is asked for; the sum that it gives; of a ruling, who is liable."""

    asked: str


class Allowed(Agreed, Amount, ForBuyer, total=False):
    """Which act was allowed; `amount` of an offer."""

    asked: str


class Details(
    Applied, Agreed, Heard, Suspended, NotAccepted, Collected, Received, PickupBooked, Extended, Converted, Continued,
    SplitUnits, Assigned, Prioritised, Photos, Revealed, OfRefund, OfDispute, OfReceivable, OfInvoiceTask, OfGoods,
    MacroRun, LateAttempt, RequestEnded, Retried, ForBuyer, total=False,
):  # fmt: skip
    """Any event's data, for readers to whom the kind does not matter."""


EventData: TypeAlias = (
    Nothing | Applied | Found | Decided | Agreed | Amount | Offered | Heard | Suspended | Rejected | NotAccepted
    | ParcelSent | ReturnSent | Collected | Received | Referred | PickupBooked | Extended | OtherCase | Converted
    | Continued | SplitUnits | Assigned | Prioritised | Photos | Reported | Revealed | OfRefund | OfDispute
    | OfReceivable | OfInvoiceTask | OfGoods | MacroRun | LateAttempt | RequestEnded | Retried | ForBuyer | AskedFor
    | Allowed
)  # fmt: skip
