"""What guards ask about a case beyond its own row. Rules read nothing: `queries.cases.case_facts` answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aftersales.models import ApprovalRequest, Case, Offer, Receivable, Repair
    from aftersales.rules.refunds.authority import Decided


class Facts(Protocol):
    """Each is looked up when a guard asks for it, at most once; under the lock of the case where one is held."""

    @property
    def window_end(self) -> datetime | None:
        """When the time to ask ended, by the dates that are known now; nothing before delivery."""

    @property
    def window_end_text(self) -> str:
        """That moment by the reader's clock, and by the shop's where it shows another time; empty before delivery."""

    @property
    def goods_unknown(self) -> str:
        """The sentence where nobody has said for too long where the goods are, or an empty text."""

    @property
    def is_signed_for(self) -> bool:
        """Whether a signature for the goods of the order is known."""

    @property
    def has_proof_of_others(self) -> bool:
        """Whether somebody else than the buyer has shown something in this round."""

    @property
    def decided(self) -> Decided:
        """What was decided on the order without a second person, and today by the person who asks."""

    @property
    def gives(self) -> Decimal:
        """What agreeing gives: what is asked for with the freight that is due, or what is offered to the buyer."""

    @property
    def open_offer(self) -> Offer | None:
        """What the buyer is asked to accept, a quote included."""

    @property
    def pending_approval(self) -> ApprovalRequest | None:
        """The request that waits for a second person."""

    @property
    def has_return_address(self) -> bool:
        """Whether returns of this case have somewhere to go."""

    @property
    def application_limit(self) -> int | None:
        """How often an item can be applied for, once none of the case can be any more; else nothing."""

    @property
    def units(self) -> int:
        """Units that the case is about, summed over its lines."""

    @property
    def found_against(self) -> str:
        """The condition on record against the goods, or an empty text."""

    @property
    def has_further_round(self) -> bool:
        """Whether more evidence was asked for since the platform has had the case."""

    @property
    def is_courier_expected(self) -> bool:
        """Whether a courier is booked and has not come yet."""

    @property
    def is_collected(self) -> bool:
        """Whether the latest courier booked for the case has collected the goods."""

    @property
    def has_unpaid_refund(self) -> bool:
        """Whether some movement of money is neither paid nor cancelled."""

    @property
    def has_refund_at_gateway(self) -> bool:
        """Whether the outcome of some movement of money is not known yet."""

    @property
    def open_repair(self) -> Repair | None:
        """The attempt at a repair that has not ended."""

    @property
    def repair_attempt_count(self) -> int:
        """Failed repairs after which the buyer may choose: the fewest that the policy of an item says."""

    @property
    def failed_repair_count(self) -> int:
        """Repairs in vain of the same things, over all cases; 三包 gives the buyer a choice after a number of them."""

    @property
    def unpaid_by_buyer(self) -> Receivable | None:
        """What the buyer still owes for the replacement or the repair."""

    @property
    def is_replacement_signed(self) -> bool:
        """Whether the carrier has told of a signature for something that was sent."""

    @property
    def goes_on_as(self) -> Case | None:
        """The case that this one was merged or converted into."""
