"""The transitions of a case: each changes the case's own fields; where it leads, chart and chains say."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import models
from django_fsm import RETURN_VALUE, transition

from aftersales.models.reason import RejectReason
from aftersales.rules import chains
from aftersales.rules.chart import AGREED, CHART, INSPECTED, sources
from aftersales.rules.vocabulary import CaseType, CloseReason, Status

if TYPE_CHECKING:
    from aftersales.models.case import Case


class CaseMoves(models.Model):
    """What moves a case from state to state; only the gate calls these."""

    if TYPE_CHECKING:
        type: str
        change: str
        close_reason: str
        closed_at: datetime | None
        reject_note: str
        round_number: int
        reopened_count: int
        reject_reason: RejectReason | None

    class Meta:
        abstract = True

    @property
    def _case(self) -> "Case":
        return cast("Case", self)

    @transition("status", source=sources("approve"), target=RETURN_VALUE(*AGREED))
    def approve(self) -> Status:
        """Agree: goods come back, are stopped on the way, or the money goes at once."""
        return self._agreed()

    @transition("status", source=sources("allow"), target=RETURN_VALUE(*AGREED))
    def allow(self) -> Status:
        """A second person allows what was above the first one's limit."""
        return self._agreed()

    @transition("status", source=sources("accept_offer"), target=RETURN_VALUE(*AGREED, Status.REPAIRING))
    def accept_offer(self) -> Status:
        """The buyer takes the offer, or agrees to what a repair costs."""
        return Status.REPAIRING if self._case.is_being_repaired else self._agreed()

    @transition("status", source=sources("rule_for_buyer"), target=RETURN_VALUE(*AGREED, Status.REPAIRING))
    def rule_for_buyer(self) -> Status:
        """The platform does the merchant's step; goods that are here already need not come back again."""
        return chains.inspected(self._case) if self._case.goods_are_here else self._agreed()

    @transition("status", source=sources("intercepted"), target=RETURN_VALUE(*CHART["intercepted"].targets))
    def intercepted(self) -> Status:
        """The carrier stopped the parcel: the money goes back, or the goods go to another address."""
        return Status.AWAITING_DISPATCH if chains.changes_address(self._case) else Status.REFUNDING

    @transition("status", source=sources("miss_interception"), target=RETURN_VALUE(*CHART["miss_interception"].targets))
    def miss_interception(self) -> Status:
        """The parcel went on: the buyer sends it back; an address can not be changed any more."""
        if chains.changes_address(self._case):
            self.close_reason = CloseReason.GOODS_DELIVERED
            return Status.CLOSED
        self.type, self.change = CaseType.RETURN_REFUND, ""
        return Status.AWAITING_RETURN

    @transition("status", source=sources("offer"), target=Status.PENDING_BUYER)
    def offer(self) -> None:
        """The merchant proposes other terms."""

    @transition("status", source=sources("decline_offer"), target=RETURN_VALUE(*CHART["decline_offer"].targets))
    def decline_offer(self) -> Status:
        """The buyer wants what was asked, or the goods back unrepaired."""
        return Status.AWAITING_DISPATCH if self._case.is_being_repaired else Status.PENDING_MERCHANT

    @transition("status", source=sources("lapse_offer"), target=RETURN_VALUE(*CHART["lapse_offer"].targets))
    def lapse_offer(self) -> Status:
        """Nobody answered the offer; a repair that nobody agreed to pay is not made."""
        return Status.AWAITING_DISPATCH if self._case.is_being_repaired else Status.PENDING_MERCHANT

    @transition("status", source=sources("reject"), target=Status.REJECTED)
    def reject(self) -> None:
        """The merchant refuses."""

    @transition("status", source=sources("reapply"), target=Status.PENDING_MERCHANT)
    def reapply(self) -> None:
        """The buyer asks again, in a new round."""
        self.round_number += 1
        self.reject_reason = None
        self.reject_note = ""

    @transition("status", source=sources("escalate"), target=Status.ARBITRATION)
    def escalate(self) -> None:
        """The platform is asked to decide."""

    @transition("status", source=sources("withdraw"), target=Status.CLOSED)
    def withdraw(self) -> None:
        """The buyer no longer asks."""
        self.close_reason = CloseReason.WITHDRAWN

    @transition("status", source=sources("ship_return"), target=Status.RETURN_IN_TRANSIT)
    def ship_return(self) -> None:
        """The goods are on their way back."""

    @transition("status", source=sources("book_pickup"), target=Status.RETURN_IN_TRANSIT)
    def book_pickup(self) -> None:
        """A courier comes for the goods."""

    @transition("status", source=sources("cancel_pickup"), target=Status.AWAITING_RETURN)
    def cancel_pickup(self) -> None:
        """The courier did not take them."""

    @transition("status", source=sources("receive"), target=Status.INSPECTING)
    def receive(self) -> None:
        """A parcel is here."""

    @transition("status", source=sources("presume_received"), target=RETURN_VALUE(*INSPECTED))
    def presume_received(self) -> Status:
        """Nobody looked in time: taken as received and good."""
        return chains.inspected(self._case)

    @transition("status", source=sources("pass_inspection"), target=RETURN_VALUE(*INSPECTED))
    def pass_inspection(self) -> Status:
        """What was accepted is paid for, exchanged or repaired."""
        return chains.inspected(self._case)

    @transition("status", source=sources("fail_inspection"), target=Status.REJECTED)
    def fail_inspection(self) -> None:
        """What came back is not acceptable."""

    @transition("status", source=sources("quote_repair"), target=Status.PENDING_BUYER)
    def quote_repair(self) -> None:
        """The buyer is asked whether to pay for the repair."""

    @transition("status", source=sources("finish_repair"), target=Status.AWAITING_DISPATCH)
    def finish_repair(self) -> None:
        """It works again and goes back."""

    @transition("status", source=sources("choose_exchange"), target=Status.AWAITING_DISPATCH)
    def choose_exchange(self) -> None:
        """A repair that failed becomes an exchange."""
        self.type = CaseType.EXCHANGE

    @transition("status", source=sources("choose_refund"), target=Status.REFUNDING)
    def choose_refund(self) -> None:
        """A repair that failed becomes a return."""
        self.type = CaseType.RETURN_REFUND

    @transition("status", source=sources("dispatch"), target=Status.AWAITING_RECEIPT)
    def dispatch(self) -> None:
        """The replacement is on its way."""

    @transition(
        "status", source=sources("give_money_instead"), target=RETURN_VALUE(*CHART["give_money_instead"].targets)
    )
    def give_money_instead(self) -> Status:
        """Nothing can be sent: the paid price goes back."""
        return chains.without_replacement(self._case)

    @transition("status", source=sources("send_again"), target=Status.AWAITING_DISPATCH)
    def send_again(self) -> None:
        """The replacement did not arrive."""

    @transition("status", source=sources("confirm_receipt"), target=RETURN_VALUE(*CHART["confirm_receipt"].targets))
    def confirm_receipt(self) -> Status:
        """The buyer has the replacement."""
        return chains.received(self._case)

    @transition("status", source=sources("convert"), target=Status.CLOSED)
    def convert(self) -> None:
        """Another case goes on with what this one held."""
        self.close_reason = CloseReason.CONVERTED

    @transition("status", source=sources("merge"), target=Status.CLOSED)
    def merge(self) -> None:
        """Another case of the order has taken this one over."""
        self.close_reason = CloseReason.MERGED

    @transition("status", source=sources("expire"), target=Status.CLOSED)
    def expire(self) -> None:
        """The buyer let the time pass."""
        self.close_reason = CloseReason.EXPIRED

    @transition("status", source=sources("rule_for_merchant"), target=Status.CLOSED)
    def rule_for_merchant(self) -> None:
        """The platform finds nothing to refund."""
        self.close_reason = CloseReason.RULED_FOR_MERCHANT

    @transition("status", source=sources("suspend"), target=Status.SUSPENDED)
    def suspend(self) -> None:
        """A court, the police or both parties ask to wait."""

    @transition("status", source=sources("resume"), target=Status.ARBITRATION)
    def resume(self) -> None:
        """The platform goes on deciding."""

    @transition("status", source=sources("settle"), target=Status.COMPLETED)
    def settle(self) -> None:
        """All money has gone back."""

    @transition("status", source=sources("fail_refund"), target=Status.REFUND_FAILED)
    def fail_refund(self) -> None:
        """The gateway definitely refused."""

    @transition("status", source=sources("retry_refund"), target=Status.REFUNDING)
    def retry_refund(self) -> None:
        """The money is sent again."""

    @transition("status", source=sources("platform_pays"), target=Status.REFUNDING)
    def platform_pays(self) -> None:
        """The platform advances the money and charges the guarantee account."""

    @transition("status", source=sources("reverse_refund"), target=Status.REFUND_FAILED)
    def reverse_refund(self) -> None:
        """The gateway took a paid refund back."""
        self.closed_at = None

    @transition("status", source=sources("reopen"), target=Status.PENDING_MERCHANT)
    def reopen(self) -> None:
        """A supervisor takes it up again."""
        self.closed_at = None
        self.close_reason = ""
        self.reopened_count += 1
        self.round_number += 1

    def _agreed(self) -> Status:
        return chains.agreed(self._case)
