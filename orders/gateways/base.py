"""The protocol of payment gateways: what each can do, and what its answers mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, Protocol, runtime_checkable

from orders import money

# Whose money pays where it is not a merchant's; no code of a merchant is written like that.
PLATFORM_ACCOUNT: Final = "@platform"
Outcome = Literal["succeeded", "accepted", "failed", "unknown", "not_found", "reversed"]


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """One sum to give back along one payment; `number` is made once and the same at every attempt.

    `merchant` is whose account pays: the code of a merchant, or PLATFORM_ACCOUNT.
    """

    number: str
    payment_reference: str
    amount: Decimal
    currency: str
    captured: Decimal
    merchant: str

    def __post_init__(self) -> None:
        """Refuse a sum that no gateway can pay, before one is called."""
        if money.to_minor(self.amount, self.currency) <= 0:
            raise ValueError(f"a refund of {self.amount} {self.currency} pays nothing back")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a gateway.

    succeeded: paid · accepted: will be paid or fail later · failed: definitely not paid and never will be by this
    request · not_found: the gateway holds nothing of this number, sending it is safe · reversed: paid, then taken
    back · unknown: decides nothing, a person must look. `amount` and `currency` as the gateway says them.
    """

    outcome: Outcome
    code: str = ""
    message: str = ""
    gateway_reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)


class GatewayError(Exception):
    """No answer to rely on: the refund may or may not have happened, so ask before sending again."""


class GatewayTimeout(GatewayError):
    """No answer in time."""


class GatewayBroken(GatewayError):
    """A server error or an answer that cannot be read."""


class GatewayBusy(GatewayBroken):
    """Too many requests; try later."""


class Gateway(Protocol):
    """A provider of refunds. Both calls raise GatewayError when the outcome cannot be known."""

    @property
    def name(self) -> str:
        """The name under which payments know it."""

    def send(self, request: RefundRequest) -> Reply:
        """Ask for a refund; a repeated number never pays twice."""

    def query(self, number: str) -> Reply:
        """Ask what became of a refund number."""


class Notice(Protocol):
    """News of a refund that a gateway sends unasked; it may come twice, and again until it is acknowledged."""

    @property
    def id(self) -> int:
        """The number to acknowledge it by."""

    @property
    def number(self) -> str:
        """The number of the refund it is about."""

    @property
    def kind(self) -> str:
        """An outcome: succeeded, failed, reversed."""

    @property
    def amount(self) -> Decimal:
        """The sum that moved."""

    @property
    def currency(self) -> str:
        """The currency of the sum."""

    @property
    def at(self) -> datetime:
        """When it happened."""


@runtime_checkable
class NoticeSource(Protocol):
    """A gateway that also keeps notices for us to fetch."""

    def pull_notices(self, limit: int) -> Sequence[Notice]:
        """Return what was not acknowledged yet, oldest first."""

    def acknowledge_notices(self, ids: Sequence[int]) -> None:
        """Do not return these again."""


def checked(reply: Reply, amount: Decimal, currency: str) -> Reply:
    """Return the reply, or an unknown outcome if it names another sum than ours: such an answer settles nothing."""
    if reply.amount is None or (reply.amount, reply.currency) == (amount, currency):
        return reply
    message = f"answered {reply.amount} {reply.currency} instead of {amount} {currency}"
    return replace(reply, outcome="unknown", code="WRONG_AMOUNT", message=message)
