"""What the guards want to know about one case, looked up when they ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from aftersales.models import ApprovalRequest, Case, Offer, Policy, Receivable, Repair, Round
from aftersales.models.refunds.refund import AT_GATEWAY
from aftersales.queries.disputes import hearings
from aftersales.queries.orders import longer_windows
from aftersales.queries.policies import calendars, item_policies
from aftersales.queries.refunds import authority
from aftersales.queries.replacements import failed_repairs
from aftersales.queries.returns import arrivals, return_addresses
from aftersales.rules.actor import Actor
from aftersales.rules.cases import division, goods_told, return_window
from aftersales.rules.cases.longer_windows import USUAL, Longer
from aftersales.rules.console import zones
from aftersales.rules.phrases import moment_text
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import CloseReason, RefundStatus, Role, Status
from logistics.pickups import pickup_requests
from orders.models import Order

DONE: Final = (RefundStatus.SUCCEEDED, RefundStatus.CANCELLED)
BEFORE_DISPATCH: Final = (Receivable.Kind.DIFFERENCE, Receivable.Kind.REPAIR_FEE)


@dataclass
class CaseFacts:
    """Facts for one question of one person (`rules.facts.Facts`); made anew for each, since facts change."""

    case: Case
    by: Actor
    role: Role
    at: datetime
    order: Order | None = None

    @cached_property
    def window_end(self) -> datetime | None:
        """By the dates known now, the reason and the type of the case; of several items the first that ends."""
        usual = self._first_end(dict.fromkeys(self._item_policies, USUAL))
        if usual is None or self.case.opened_at < usual:
            return usual
        order_id = self.case.order_id
        longer = longer_windows.of_order(order_id)
        return self._first_end({pk: longer.of(order_id, pk) for pk in self._item_policies})

    def _first_end(self, longer: Mapping[int, Longer]) -> datetime | None:
        case, order, kept = self.case, self.order or self.case.order, self._calendar
        ends = [
            return_window.closes_at(order, case.reason, policy, case.type, kept, longer[pk], self._arrivals[pk])
            for pk, policy in self._item_policies.items()
        ]
        return min((end for end in ends if end is not None), default=None)

    @property
    def window_end_text(self) -> str:
        """The day that ends is one of the shop."""
        end = self.window_end
        return zones.by_both(end, self._calendar.tz, moment_text) if end else ""

    @cached_property
    def _arrivals(self) -> dict[int, datetime | None]:
        return item_policies.arrivals(self.case)

    @cached_property
    def _calendar(self) -> Calendar:
        return calendars.of(self.case.merchant_id)

    @cached_property
    def _item_policies(self) -> dict[int, Policy]:
        return item_policies.of(self.case)

    @cached_property
    def goods_unknown(self) -> str:
        """By the order alone: its dates, its status, and when anybody last told."""
        return goods_told.unknown(self.order or self.case.order, self.at)

    @cached_property
    def is_signed_for(self) -> bool:
        """By what carriers and the source of the order tell."""
        return (self.order or self.case.order).delivered is not None

    @cached_property
    def has_proof_of_others(self) -> bool:
        """Photos of merchants and staff; what a buyer shows proves no delivery."""
        return self.case.evidence.filter(round_number=self.case.round_number).exclude(role=Role.BUYER).exists()

    @cached_property
    def decided(self) -> Decided:
        """Summed over the order and over the day of the shop, in one statement."""
        return authority.decided(self.case, self.by, self.role, self.at)

    @cached_property
    def gives(self) -> Decimal:
        """While the buyer is asked, what is offered; a case has at most one open offer, and a quote gives nothing."""
        if self.case.status != Status.PENDING_BUYER:
            return authority.gives(self.case)
        return self.open_offer.amount if self.open_offer and not self.open_offer.is_quote else Decimal(0)

    @cached_property
    def open_offer(self) -> Offer | None:
        """A case has at most one."""
        return self.case.offers.filter(status=Offer.Status.OPEN).first()

    @cached_property
    def pending_approval(self) -> ApprovalRequest | None:
        """Taken from all of the case, which a page has read already."""
        # All of them and not a filter: the page has read them, and a filter would ask the database again.
        asked = self.case.approval_requests.all()
        return next((one for one in asked if one.status == ApprovalRequest.Status.PENDING), None)

    @cached_property
    def has_return_address(self) -> bool:
        """The address of the case, or the merchant's best one."""
        return return_addresses.address_for(self.case) is not None

    @cached_property
    def application_limit(self) -> int | None:
        """Of all cases of the order: creating and modifying count. Each item has the limit of its own policy."""
        asked = list(Round.objects.counted(self.case.order_id))
        limits = {pk: policy.application_count for pk, policy in self._item_policies.items()}
        is_left = any(division.applications(asked, pk) < limit for pk, limit in limits.items())
        return None if is_left else max(limits.values(), default=None)

    @cached_property
    def units(self) -> int:
        """Summed over all lines, whatever came back of them."""
        return sum(line.units for line in self.case.all_lines)

    @cached_property
    def found_against(self) -> str:
        """By the receipts and reports of this round; no free text is read for it."""
        return arrivals.against(self.case)

    @cached_property
    def has_further_round(self) -> bool:
        """By the record; a suspension begins it anew, for what a court or the police has found."""
        return hearings.has_further_round(self.case)

    @cached_property
    def is_courier_expected(self) -> bool:
        """Logistics knows no cases: pickups carry the case number as their reference."""
        return pickup_requests.expected(self.case.number) is not None

    @cached_property
    def is_collected(self) -> bool:
        """As the courier's company has told, for the pickup that was booked last."""
        return pickup_requests.is_collected(self.case.number)

    @cached_property
    def has_unpaid_refund(self) -> bool:
        """A draft and a failed refund count as unpaid; a cancelled one is none."""
        return self.case.refunds.exclude(status__in=DONE).exists()

    @cached_property
    def has_refund_at_gateway(self) -> bool:
        """Sent, and the gateway has given no answer that decides."""
        return self.case.refunds.filter(status__in=AT_GATEWAY).exists()

    @cached_property
    def open_repair(self) -> Repair | None:
        """A case has at most one attempt that is open."""
        return self.case.repairs.filter(outcome=Repair.Outcome.OPEN).first()

    @cached_property
    def repair_attempt_count(self) -> int:
        """The buyer's right is not lessened by what else is repaired with it."""
        return failed_repairs.limit(self.case)

    @cached_property
    def failed_repair_count(self) -> int:
        """A repair that the buyer did not want to pay for goes back unrepaired, which is no failure."""
        return failed_repairs.number(self.case)

    @cached_property
    def unpaid_by_buyer(self) -> Receivable | None:
        """What has to be paid before something is dispatched."""
        owed = self.case.receivables.filter(kind__in=BEFORE_DISPATCH, debtor=Receivable.Party.BUYER)
        return owed.filter(status=Receivable.Status.OPEN).first()

    @cached_property
    def is_replacement_signed(self) -> bool:
        """True once any parcel that was sent in this case is signed for."""
        return self.case.sent_parcels.filter(parcel__signed_at__isnull=False).exists()

    @cached_property
    def goes_on_as(self) -> Case | None:
        """A merged case names where it went; a converted one is named by its newest child."""
        if self.case.close_reason == CloseReason.MERGED:
            return self.case.parent
        return self.case.children.order_by("-pk").first()
